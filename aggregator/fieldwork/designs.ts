import type { SampleDesign } from '../../schemas/generated/records.ts'
import type { DocumentStore } from '../inbox/document-store.ts'
import { ProblemError } from '../problem.ts'
import { getRound } from './rounds.ts'

/**
 * Stores how a round was drawn, in place of what was said before: its tables are weighted by it from now on.
 * @throws ProblemError `unknown-round`; `area-unknown` for an area that is not in the register of the round; `invalid-request` for response
 * classes by stratum in a census, which has none.
 */
export async function storeDesign(office: DocumentStore, design: SampleDesign): Promise<SampleDesign> {
  const { areas } = await getRound(office, design.round)
  const known = new Set(areas.map(({ code }) => code))
  const strange = design.areas.find(({ area }) => !known.has(area))
  if (strange)
    throw new ProblemError('area-unknown', `The area ${strange.area} of the design is not in the register of the round ${design.round}.`)
  if (design.kind === 'census' && design.nonresponse === 'stratum')
    throw new ProblemError('invalid-request', 'A census has no strata; take response classes by area.')
  const _id = `design:${design.round}`
  const before = await office.get(_id)
  await office.put({ ...design, _id, ...(before ? { _rev: before._rev } : {}) })
  return design
}

/** How a round was drawn; null for a plain census, in which every home counts once. */
export async function designOf(office: DocumentStore, round: string): Promise<SampleDesign | null> {
  const found = await office.get(`design:${round}`)
  if (!found) return null
  const { _id, _rev, ...design } = found
  const stored = design as unknown as SampleDesign
  return stored.kind === 'census' && stored.nonresponse === 'none' ? null : stored
}
