import type { DuckDBConnection } from '@duckdb/node-api'
import type { Round } from '../../schemas/generated/records.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { ProblemError } from '../problem.ts'
import { tableType } from './cells-of.ts'
import type { Indicator } from './definition.ts'
import { dimensionIds, dimensionOf, type PlacedDimension } from './dimensions.ts'
import { estimateRatio, kornGraubard, meanInterval, reliability, type Sampled } from './estimate.ts'
import { ancestorPlaces, type Layout, layoutOf, nodesAt } from './roll-up.ts'
import type { SampleDesign } from './sample-design.ts'
import { sampleQuery } from './sample-query.ts'
import type { Sampling, WorkingCell, WorkingTable } from './working-table.ts'

export interface EstimateOptions {
  readonly indicator: Indicator
  readonly questionnaire: Questionnaire
  readonly round: Round
  readonly by: readonly string[]
  readonly design: SampleDesign
}

/** Weighted sums of one cluster in one cell. y is the numerator and x the denominator of a person or home, q = y / x. */
interface Sums {
  respondents: number
  cases: number
  withoutAnswer: number
  wy: number
  wx: number
  w: number
  wq: number
  wqq: number
}

/**
 * The table of an indicator in a round that is a sample: weighted figures, their standard errors by Taylor linearisation over the clusters,
 * intervals and reliability. Every cluster of the design with an interview counts in the variance, also where nobody of a cell lives.
 * @throws ProblemError `invalid-request` for records from areas outside the design, and for quantiles, whose variance is no matter of sums.
 */
export async function estimateTable(connection: DuckDBConnection, options: EstimateOptions): Promise<WorkingTable> {
  const { indicator, questionnaire, round, by, design } = options
  const { definition } = indicator
  if (definition.type === 'quantile')
    throw new ProblemError('invalid-request', `${definition.id} is a quantile; its sampling error is not estimated here.`)
  const listed = dimensionIds.filter((id) => by.includes(id) && definition.breakdowns.includes(id))
  const ids = definition.type === 'distribution' && definition.by ? [...listed, definition.by] : listed
  const dimensions = ids.map((id) => dimensionOf(id, questionnaire, round.areas))
  const layout = layoutOf(dimensions.map(({ dimension }) => dimension))
  const clusters = new Map(design.map((each) => [each.area, each]))
  const result = await connection.runAndReadAll(sampleQuery(indicator, dimensions, questionnaire), { round: round.id })
  const perPlace = new Map<number, Map<string, Sums>>()
  const present = new Map<string, string>()
  for (const row of result.getRows()) {
    const [area, ...rest] = row
    const drawn = clusters.get(String(area))
    if (!drawn)
      throw new ProblemError('invalid-request', `Homes of the area ${String(area)} are in the round, but not in its sample design.`)
    const key = JSON.stringify([drawn.stratum, drawn.cluster])
    present.set(key, drawn.stratum)
    const leaves = dimensions.map((dimension, axis) => nodeOf(dimension, rest[axis]))
    const sums = weighted(rest.slice(dimensions.length).map(Number), drawn.weight)
    for (const place of ancestorPlaces(layout, leaves)) {
      const own = perPlace.get(place) ?? new Map<string, Sums>()
      perPlace.set(place, own)
      own.set(key, added(own.get(key), sums))
    }
  }
  const cells = [...perPlace]
    .sort(([a], [b]) => a - b)
    .flatMap(([place, sums]) => cellOf(indicator, layout, place, sums, perPlace, present))
  return {
    marking: 'not for release',
    indicator: definition.id,
    indicatorVersion: definition.version,
    round: round.id,
    level: definition.level,
    type: tableType(definition),
    dimensions: layout.dimensions,
    cells,
  }
}

const nodeOf = ({ bands, nodeOf: lookUp, unknownNode }: PlacedDimension, key: unknown): number =>
  bands ? Number(key) : (lookUp.get(typeof key === 'string' ? key : '') ?? unknownNode)

/** The sums of a group of the query, with the weight of its area. */
function weighted([respondents = 0, cases = 0, withoutAnswer = 0, ...sums]: readonly number[], weight: number): Sums {
  const [wy = 0, wx = 0, w = 0, wq = 0, wqq = 0] = sums.map((each) => each * weight)
  return { respondents, cases, withoutAnswer, wy, wx, w, wq, wqq }
}

function added(a: Sums | undefined, b: Sums): Sums {
  if (!a) return b
  return {
    respondents: a.respondents + b.respondents,
    cases: a.cases + b.cases,
    withoutAnswer: a.withoutAnswer + b.withoutAnswer,
    wy: a.wy + b.wy,
    wx: a.wx + b.wx,
    w: a.w + b.w,
    wq: a.wq + b.wq,
    wqq: a.wqq + b.wqq,
  }
}

function cellOf(
  { definition }: Indicator,
  layout: Layout,
  place: number,
  own: ReadonlyMap<string, Sums>,
  perPlace: ReadonlyMap<number, ReadonlyMap<string, Sums>>,
  present: ReadonlyMap<string, string>,
): readonly WorkingCell[] {
  const all = [...own.values()].reduce<Sums | undefined>((sum, each) => added(sum, each), undefined)
  if (!all || all.respondents === 0) return []
  const { respondents, cases, withoutAnswer } = all
  const nodes = nodesAt(layout, place)
  // The share of a category is among all who answered: the denominator is the place with the same other nodes.
  const categories = definition.type === 'distribution' ? (layout.dimensions.at(-1)?.nodes.length ?? 1) : 1
  const below = perPlace.get(place - (place % categories)) ?? own
  const sample = [...present].map(([key, stratum]): Sampled => {
    const [numerator, denominator] =
      definition.type === 'count' ? [own.get(key)?.wx ?? 0, 0] : [own.get(key)?.wy ?? 0, below.get(key)?.wx ?? 0]
    return { numerator, denominator, weight: 1, stratum, cluster: key }
  })
  const numerator = sample.reduce((sum, each) => sum + each.numerator, 0)
  const figures = { nodes, respondents, cases, withoutAnswer, numerator }
  if (definition.type === 'count')
    return [{ ...figures, denominator: numerator, value: numerator, sampling: totalSampling(sample, respondents) }]
  const denominator = sample.reduce((sum, each) => sum + each.denominator, 0)
  if (denominator === 0) return [{ ...figures, denominator, value: null }]
  const { per = 1 } = definition
  return [
    {
      ...figures,
      denominator,
      value: (per * numerator) / denominator,
      sampling: ratioSampling(sample, definition.type, per, domainOf(below)),
    },
  ]
}

const domainOf = (sums: ReadonlyMap<string, Sums>) =>
  [...sums.values()].reduce<Sums | undefined>((sum, each) => added(sum, each), undefined)

function ratioSampling(sample: readonly Sampled[], type: string, per: number, domain: Sums | undefined): Sampling {
  const respondents = domain?.respondents ?? 0
  const estimate = { ...estimateRatio(sample), respondents }
  const isShare = type === 'proportion' || type === 'distribution'
  const [low, high] = isShare ? kornGraubard(estimate) : meanInterval(estimate)
  const simple = domain ? simpleVariance(domain, estimate.estimate, isShare) : 0
  return {
    standardError: per * estimate.standardError,
    low: per * low,
    high: per * high,
    designEffect: simple > 0 ? estimate.variance / simple : null,
    status: reliability(estimate),
  }
}

/** Variance of a simple random sample of the same size. Of a share it follows from the share itself. */
function simpleVariance({ respondents, w, wq, wqq }: Sums, estimate: number, isShare: boolean): number {
  if (respondents < 2 || w === 0) return 0
  const squares = isShare ? estimate * (1 - estimate) : (wqq - 2 * estimate * wq + estimate ** 2 * w) / w
  return squares / (respondents - 1)
}

/** A total is the ratio of the sums to one: its variance is that of the sums of the clusters. */
function totalSampling(sample: readonly Sampled[], respondents: number): Sampling {
  const strata = byStratum(sample)
  const total = sample.reduce((sum, each) => sum + each.numerator, 0)
  let variance = 0
  for (const clusters of strata.values()) {
    const mean = clusters.reduce((sum, each) => sum + each, 0) / clusters.length
    variance += (clusters.length / (clusters.length - 1)) * clusters.reduce((sum, each) => sum + (each - mean) ** 2, 0)
  }
  const estimate = {
    estimate: total,
    variance,
    standardError: Math.sqrt(variance),
    degreesOfFreedom: sample.length - strata.size,
    designEffect: Number.NaN,
    respondents,
  }
  const [low, high] = meanInterval(estimate)
  return { standardError: estimate.standardError, low: Math.max(0, low), high, designEffect: null, status: reliability(estimate) }
}

function byStratum(sample: readonly Sampled[]): ReadonlyMap<string, readonly number[]> {
  const strata = new Map<string, number[]>()
  for (const { stratum, numerator } of sample) strata.set(stratum, [...(strata.get(stratum) ?? []), numerator])
  return strata
}
