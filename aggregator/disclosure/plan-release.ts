import type { WorkingTable } from '../indicators/working-table.ts'
import { cubeOf } from './cube.ts'
import { frameOf } from './frame.ts'
import { placesOf, plannedTables } from './planned-cells.ts'
import { breakdownsOf, defaultPolicy, type DisclosurePolicy, type IndicatorRule } from './policy.ts'

/** What a plan would look like, before anything is protected; for the person who decides on it, not for the public. */
export interface PlanPreview {
  readonly indicator: string
  readonly breakdown: string
  readonly cells: number
  /** Share of cells with fewer people than the minimum, 0..1. */
  readonly smallShare: number
  /** Share of cells likely to be withheld: the small ones and what must go with them, 0..1. */
  readonly expectedWithheldShare: number
  /** In words, when the table is not worth its place. */
  readonly advice: string | null
}

/** For each small cell about this many others had to go in releases of made-up municipalities, at most what is there. */
const complementsPerSmallCell = 0.25

/**
 * Size, share of small cells and expected withholding of every planned table, from one pass over the figures.
 * A table of which more than half is small is the wrong table: it takes printed figures away from the others.
 */
export function previewPlan(
  tables: readonly WorkingTable[],
  indicators: ReadonlyMap<string, IndicatorRule>,
  policy: DisclosurePolicy = defaultPolicy,
): readonly PlanPreview[] {
  const frame = frameOf(tables)
  return tables.flatMap((table) => {
    const breakdowns = breakdownsOf(table.indicator, indicators.get(table.indicator), policy)
    const own = table.type === 'distribution' ? (table.dimensions.find(({ id }) => !policy.descriptions.includes(id))?.id ?? null) : null
    const cube = cubeOf(table, ['REF_AREA', ...new Set(breakdowns.flatMap(({ by }) => by)), ...(own ? [own] : [])])
    return plannedTables(cube.dimensions, own, breakdowns, policy, frame).map((planned): PlanPreview => {
      const places = placesOf(planned, cube.strides)
      const small = places.filter(
        (place) => (cube.cases[place] ?? 0) < policy.minimumCount || (cube.respondents[place] ?? 0) < policy.minimumCount,
      ).length
      const smallShare = small / places.length
      return {
        indicator: table.indicator,
        breakdown: planned.breakdown.id,
        cells: places.length,
        smallShare,
        expectedWithheldShare: Math.min(1, smallShare * (1 + complementsPerSmallCell)),
        advice: smallShare > 0.5 ? 'More than half of it is small: leave a dimension out, or publish it for larger areas.' : null,
      }
    })
  })
}
