import { parse } from 'csv-parse/sync'
import type { DocumentStore } from '../inbox/document-store.ts'
import { ProblemError } from '../problem.ts'
import { getRound } from './rounds.ts'

/** Homes on the listing of a round, by code of the smallest area. Counts only: the home numbers stay with the enumerators. */
export interface Listing {
  readonly round: string
  readonly homes: Readonly<Record<string, number>>
}

/**
 * Reads a listing: CSV with the columns area and homes.
 * @throws ProblemError `invalid-request` naming the line, or the area that stands twice.
 */
export function readListing(csv: string): Listing['homes'] {
  const rows: Record<string, string>[] = parse(csv, { columns: true, trim: true, skip_empty_lines: true, bom: true })
  const homes = new Map<string, number>()
  for (const [index, { area = '', homes: count = '' }] of rows.entries()) {
    if (area === '' || !/^\d{1,9}$/.test(count))
      throw new ProblemError('invalid-request', `Line ${index + 2} of the listing needs area and homes, a whole number.`)
    if (homes.has(area)) throw new ProblemError('invalid-request', `The area ${area} stands twice in the listing.`)
    homes.set(area, Number(count))
  }
  return Object.fromEntries(homes)
}

/**
 * Stores how many homes were listed, in place of what was said before: coverage is held against it from now on.
 * @throws ProblemError `unknown-round`; `area-unknown` for an area that is not in the register of the round.
 */
export async function storeListing(office: DocumentStore, { round, homes }: Listing): Promise<Listing> {
  const { areas } = await getRound(office, round)
  const known = new Set(areas.map(({ code }) => code))
  const strange = Object.keys(homes).find((area) => !known.has(area))
  if (strange !== undefined)
    throw new ProblemError('area-unknown', `The area ${strange} of the listing is not in the register of the round ${round}.`)
  const _id = `listing:${round}`
  const before = await office.get(_id)
  await office.put({ schema: 'listing/1', round, homes, _id, ...(before ? { _rev: before._rev } : {}) })
  return { round, homes }
}

/** Homes listed by area; empty when no listing was given. */
export async function listingOf(office: DocumentStore, round: string): Promise<ReadonlyMap<string, number>> {
  const found = await office.get(`listing:${round}`)
  return new Map(Object.entries((found as unknown as Listing | undefined)?.homes ?? {}))
}
