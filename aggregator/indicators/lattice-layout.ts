import type { Measure } from './base-query.ts'
import type { Indicator } from './definition.ts'
import type { PlacedDimension } from './dimensions.ts'
import { countsOf } from './add-rows.ts'
import { type PageShape, pageShape } from './pages.ts'
import type { ScanPlan } from './scan-plan.ts'

/** Which array and place an indicator's measure has. */
export interface Aggregate {
  readonly kind: 'counts' | 'sums'
  readonly index: number
}

export interface LatticeLayout {
  readonly areas: PlacedDimension
  readonly dimensions: readonly PlacedDimension[]
  readonly shape: PageShape
  readonly aggregates: ReadonlyMap<string, Aggregate>
  readonly indicators: ReadonlyMap<string, Indicator>
  readonly round: string
}

export const aggregateKey = (indicator: string, measure: Measure): string => `${indicator} ${measure}`

const counted = ['respondents', 'withoutAnswer', 'cases'] as const

/** Gives everything that a plan sums its place in a page. The first dimension is the areas. */
export function layOut(plan: ScanPlan, round: string): LatticeLayout {
  const [areas, ...dimensions] = plan.dimensions
  if (!areas) throw new RangeError('A lattice has areas.')
  const aggregates = new Map<string, Aggregate>()
  for (const [place, { definition }] of plan.indicators.entries()) {
    for (const [kind, measure] of counted.entries())
      aggregates.set(aggregateKey(definition.id, measure), { kind: 'counts', index: kind * plan.indicators.length + place })
  }
  for (const [index, { indicator, measure }] of plan.numbers.entries())
    aggregates.set(aggregateKey(plan.indicators[indicator]?.definition.id ?? '', measure), { kind: 'sums', index })
  return {
    areas,
    dimensions,
    shape: pageShape(dimensions, countsOf(plan), plan.numbers.length),
    aggregates,
    indicators: new Map(plan.indicators.map((each) => [each.definition.id, each])),
    round,
  }
}
