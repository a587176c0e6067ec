import type { DuckDBConnection } from '@duckdb/node-api'
import type { Round, SampleDesign } from '../../schemas/generated/records.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { tableType } from './cells-of.ts'
import type { Indicator } from './definition.ts'
import { dimensionIds, dimensionOf, type PlacedDimension } from './dimensions.ts'
import { weighAreas } from './design-weights.ts'
import { estimateRatio, kornGraubard, meanInterval, reliability, type Sampled, stratumVariance } from './estimate.ts'
import { quantileSampling, type SampledValue, weightedQuantile } from './estimate-quantile.ts'
import { ancestorPlaces, type Layout, layoutOf, nodesAt } from './roll-up.ts'
import { sampleQueries } from './sample-query.ts'
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

/** What the cells of a table have in common. */
interface Survey {
  readonly indicator: Indicator
  readonly layout: Layout
  readonly isCensus: boolean
  /** Stratum of every cluster with an interview. */
  readonly strata: ReadonlyMap<string, string>
  /** Of strata where it is known. */
  readonly populationClusters: Readonly<Record<string, number>>
}

/**
 * The table of an indicator in a round with a design: weighted figures; of a sample their standard errors by Taylor linearisation over the
 * clusters (of quantiles after Woodruff), intervals and reliability. Every cluster of the design with an interview counts in the variance, also
 * where nobody of a cell lives. A census has weights for response classes only, and no sampling error.
 * @throws ProblemError `invalid-request` for records from areas outside the design, or a response class without any interview.
 */
export async function estimateTable(connection: DuckDBConnection, options: EstimateOptions): Promise<WorkingTable> {
  const { indicator, questionnaire, round, by, design } = options
  const { definition } = indicator
  const listed = dimensionIds.filter((id) => by.includes(id) && definition.breakdowns.includes(id))
  const ids = definition.type === 'distribution' && definition.by ? [...listed, definition.by] : listed
  const dimensions = ids.map((id) => dimensionOf(id, questionnaire, round.areas))
  const layout = layoutOf(dimensions.map(({ dimension }) => dimension))
  const queries = sampleQueries(indicator, dimensions, questionnaire)
  const drawnAt = await weighAreas(connection, questionnaire, round.id, design)
  const strata = new Map<string, string>()
  const perPlace = new Map<number, Map<string, Sums>>()
  const placesOf = (keys: readonly unknown[]) =>
    ancestorPlaces(
      layout,
      dimensions.map((dimension, axis) => nodeOf(dimension, keys[axis])),
    )
  const sums = await connection.runAndReadAll(queries.sums, { round: round.id })
  for (const [area, ...rest] of sums.getRows()) {
    const { cluster, stratum, weight } = drawnAt(String(area))
    strata.set(cluster, stratum)
    const own = weighted(rest.slice(dimensions.length).map(Number), weight)
    for (const place of placesOf(rest)) {
      const clusters = perPlace.get(place) ?? new Map<string, Sums>()
      perPlace.set(place, clusters)
      clusters.set(cluster, added(clusters.get(cluster), own))
    }
  }
  const values = new Map<number, SampledValue[]>()
  if (definition.type === 'quantile') {
    const rows = await connection.runAndReadAll(queries.values, { round: round.id })
    for (const [area, ...rest] of rows.getRows()) {
      const { cluster, weight } = drawnAt(String(area))
      const [value = 0, w = 0] = rest.slice(dimensions.length).map(Number)
      for (const place of placesOf(rest)) {
        const there = values.get(place) ?? []
        values.set(place, there)
        there.push({ value, weight: weight * w, cluster })
      }
    }
  }
  const survey: Survey = {
    indicator,
    layout,
    isCensus: design.kind === 'census',
    strata,
    populationClusters: Object.fromEntries(design.strata.map(({ stratum, clusters }) => [stratum, clusters])),
  }
  const cells = [...perPlace]
    .sort(([a], [b]) => a - b)
    .flatMap(([place, own]) => cellOf(survey, place, own, perPlace, values.get(place) ?? []))
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
  survey: Survey,
  place: number,
  own: ReadonlyMap<string, Sums>,
  perPlace: ReadonlyMap<number, ReadonlyMap<string, Sums>>,
  values: readonly SampledValue[],
): readonly WorkingCell[] {
  const { layout, strata, isCensus } = survey
  const { definition } = survey.indicator
  const all = domainOf(own)
  if (!all || all.respondents === 0) return []
  const { respondents, cases, withoutAnswer, w } = all
  const figures = { nodes: nodesAt(layout, place), respondents, cases, withoutAnswer }
  const withError = (sampling: Sampling | undefined) => (isCensus || sampling === undefined ? {} : { sampling })
  if (definition.type === 'quantile') {
    const { quantile = 0.5 } = definition
    const sampling = quantileSampling(values, quantile, strata, survey.populationClusters)
    return [
      { ...figures, cases: respondents, numerator: w, denominator: w, value: weightedQuantile(values, quantile), ...withError(sampling) },
    ]
  }
  // The share of a category is among all who answered: the denominator is the place with the same other nodes.
  const categories = definition.type === 'distribution' ? (layout.dimensions.at(-1)?.nodes.length ?? 1) : 1
  const below = perPlace.get(place - (place % categories)) ?? own
  const sample = [...strata].map(([cluster, stratum]): Sampled => {
    const [numerator, denominator] =
      definition.type === 'count' ? [own.get(cluster)?.wx ?? 0, 0] : [own.get(cluster)?.wy ?? 0, below.get(cluster)?.wx ?? 0]
    return { numerator, denominator, weight: 1, stratum, cluster }
  })
  const numerator = sample.reduce((sum, each) => sum + each.numerator, 0)
  if (definition.type === 'count')
    return [
      {
        ...figures,
        numerator,
        denominator: numerator,
        value: numerator,
        ...(isCensus ? {} : { sampling: totalSampling(sample, respondents, survey) }),
      },
    ]
  const denominator = sample.reduce((sum, each) => sum + each.denominator, 0)
  if (denominator === 0) return [{ ...figures, numerator, denominator, value: null }]
  const { per = 1 } = definition
  return [
    {
      ...figures,
      numerator,
      denominator,
      value: (per * numerator) / denominator,
      ...(isCensus ? {} : { sampling: ratioSampling(sample, survey, domainOf(below)) }),
    },
  ]
}

const domainOf = (sums: ReadonlyMap<string, Sums>) =>
  [...sums.values()].reduce<Sums | undefined>((sum, each) => added(sum, each), undefined)

function ratioSampling(sample: readonly Sampled[], { indicator, populationClusters }: Survey, domain: Sums | undefined): Sampling {
  const { type, per = 1 } = indicator.definition
  const respondents = domain?.respondents ?? 0
  const estimate = { ...estimateRatio(sample, populationClusters), respondents }
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
function totalSampling(sample: readonly Sampled[], respondents: number, { populationClusters }: Survey): Sampling {
  const strata = byStratum(sample)
  const total = sample.reduce((sum, each) => sum + each.numerator, 0)
  let variance = 0
  for (const [stratum, clusters] of strata) variance += stratumVariance(stratum, clusters, populationClusters[stratum])
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
