import type { Measure } from './base-query.ts'
import type { Indicator } from './definition.ts'
import type { PlacedDimension } from './dimensions.ts'
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

/** Gives everything that the plans sum its place in a page. The first dimension is the areas. */
export function layOut(plans: readonly ScanPlan[], round: string): LatticeLayout {
  const [areas, ...dimensions] = plans[0]?.dimensions ?? []
  if (!areas) throw new RangeError('A lattice has areas.')
  const indicators = plans.flatMap((plan) => plan.indicators)
  const aggregates = new Map<string, Aggregate>()
  for (const [place, { definition }] of indicators.entries()) {
    for (const [kind, measure] of counted.entries())
      aggregates.set(aggregateKey(definition.id, measure), { kind: 'counts', index: kind * indicators.length + place })
  }
  for (const plan of plans) {
    for (const [index, { indicator, measure }] of plan.numbers.entries())
      aggregates.set(aggregateKey(plan.indicators[indicator]?.definition.id ?? '', measure), {
        kind: 'sums',
        index: plan.firstNumber + index,
      })
  }
  return {
    areas,
    dimensions,
    shape: pageShape(
      dimensions,
      counted.length * indicators.length,
      plans.reduce((sum, { numbers }) => sum + numbers.length, 0),
    ),
    aggregates,
    indicators: new Map(indicators.map((each) => [each.definition.id, each])),
    round,
  }
}
