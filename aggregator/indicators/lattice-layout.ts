import type { Measure } from './base-query.ts'
import type { Indicator } from './definition.ts'
import type { PlacedDimension } from './dimensions.ts'
import { type PageShape, pageShape } from './pages.ts'

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

/** Gives every column of the base query its place in a page. The first dimension is the areas. */
export function layOut(
  placed: readonly PlacedDimension[],
  columns: readonly { indicator: string; measure: Measure; scale: number }[],
  indicators: readonly Indicator[],
  round: string,
): LatticeLayout {
  const [areas, ...dimensions] = placed
  if (!areas) throw new RangeError('A lattice has areas.')
  const counted = { counts: 0, sums: 0 }
  const aggregates = new Map<string, Aggregate>()
  for (const { indicator, measure, scale } of columns) {
    const kind = scale === 1 ? 'counts' : 'sums'
    aggregates.set(aggregateKey(indicator, measure), { kind, index: counted[kind]++ })
  }
  const shape = pageShape(dimensions, counted.counts, counted.sums)
  return { areas, dimensions, shape, aggregates, indicators: new Map(indicators.map((each) => [each.definition.id, each])), round }
}
