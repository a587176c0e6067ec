import type { ProtectedTable } from '../disclosure/protected.ts'
import type { PublishedRelease } from './published.ts'
import { findTable, sliceOf, tablesOf } from './slices.ts'
import type { Word } from './words.ts'

/** What the address asks for: everything about a table is in it, so that a link shows the same table tomorrow. */
export interface TableChoice {
  readonly indicator: string
  /** Up to three dimensions besides the areas that `areas` cuts to. */
  readonly by: readonly string[]
  /** Codes to show when broken down by area; all when empty. */
  readonly areas: readonly string[]
}

export interface Option {
  readonly id: string
  readonly chosen: boolean
  /** Why it cannot be chosen, known before any query; null when it can. */
  readonly reason: Word | null
}

export const mostBreakdowns = 3

/** Every breakdown of the release, with the reason where it does not go together with what is chosen already. */
export function breakdownOptions(release: PublishedRelease, { indicator, by }: TableChoice): readonly Option[] {
  const own = tablesOf(release, indicator)
  // Answers to one question are a breakdown of the indicator that asks it, and of no other.
  const all = new Set(
    release.tables.flatMap((table) => (table.type === 'distribution' && !own.includes(table) ? [] : table.dimensions.map(({ id }) => id))),
  )
  return [...all].map((id) => ({
    id,
    chosen: by.includes(id),
    reason: by.includes(id) ? null : breakdownReason(release, indicator, by, id),
  }))
}

function breakdownReason(release: PublishedRelease, indicator: string, by: readonly string[], id: string): Word | null {
  if (!tablesOf(release, indicator).some(({ dimensions }) => dimensions.some((each) => each.id === id))) return 'reason-undefined'
  if (by.length >= mostBreakdowns) return 'reason-three'
  const table = findTable(release, indicator, [...by, id])
  if (!table) return 'reason-crossing'
  return isAllWithheld(table, [...by, id]) ? 'reason-withheld' : null
}

/** Nothing but totals of the new crossing is published: whoever asked would see only signs. */
function isAllWithheld(table: ProtectedTable, by: readonly string[]): boolean {
  return !sliceOf(table, by).some(({ codes, cell }) => cell.value !== null && Object.values(codes).every((code) => code !== '_T'))
}

/** The areas of the chosen table; those without one published figure say so. */
export function areaOptions(release: PublishedRelease, { indicator, by, areas }: TableChoice): readonly Option[] {
  const table = findTable(release, indicator, by.includes('REF_AREA') ? by : ['REF_AREA'])
  if (!table) return []
  const kept = by.includes('REF_AREA') ? by : ['REF_AREA']
  const cells = sliceOf(table, kept)
  const codes = table.dimensions.find(({ id }) => id === 'REF_AREA')?.nodes.map(({ code }) => code) ?? []
  return codes.map((id) => ({
    id,
    chosen: areas.includes(id),
    reason: cells.some((each) => each.codes['REF_AREA'] === id && each.cell.value !== null) ? null : 'reason-withheld',
  }))
}
