import { betaQuantile, tQuantile } from './beta.ts'

/** One respondent of a sample. */
export interface Sampled {
  /** 0 or 1 for a proportion, the value for a mean, any number for a ratio. */
  readonly numerator: number
  /** 1 for a proportion or mean; 0 for a respondent outside the domain, who still belongs to the design. */
  readonly denominator: number
  /** People represented, > 0. */
  readonly weight: number
  readonly stratum: string
  readonly cluster: string
}

export interface Estimate {
  /** The ratio of the weighted sums: a fraction, not percent. */
  readonly estimate: number
  readonly variance: number
  readonly standardError: number
  /** Clusters minus strata. */
  readonly degreesOfFreedom: number
  /** Variance over that of a simple random sample with replacement of the same size. */
  readonly designEffect: number
  /** Respondents of the domain. */
  readonly respondents: number
}

/**
 * A weighted ratio, mean or proportion of a stratified cluster sample, its variance by Taylor linearisation (with-replacement clusters).
 * @param populationClusters clusters of each stratum in the population, for the finite population correction.
 * @throws RangeError for an empty sample, a sum of denominators of 0, or a stratum with a single cluster.
 * @source Wolter (2007), ch. 6; figures checked against R survey in tests/aggregator/indicators/estimate.test.ts.
 */
export function estimateRatio(sample: readonly Sampled[], populationClusters?: Readonly<Record<string, number>>): Estimate {
  const sum = (value: (each: Sampled) => number) => sample.reduce((total, each) => total + value(each), 0)
  const denominator = sum(({ weight, denominator: x }) => weight * x)
  if (denominator === 0) throw new RangeError('Nobody is in the denominator.')
  const estimate = sum(({ weight, numerator: y }) => weight * y) / denominator
  const score = ({ weight, numerator: y, denominator: x }: Sampled) => (weight * (y - estimate * x)) / denominator
  const strata = clusterTotals(sample, score)
  const variance = [...strata].reduce(
    (total, [stratum, clusters]) => total + stratumVariance(stratum, [...clusters.values()], populationClusters?.[stratum]),
    0,
  )
  const clusters = [...strata.values()].reduce((total, each) => total + each.size, 0)
  const domain = sample.filter(({ denominator: x }) => x !== 0)
  return {
    estimate,
    variance,
    standardError: Math.sqrt(variance),
    degreesOfFreedom: clusters - strata.size,
    designEffect: variance / simpleVariance(domain, estimate),
    respondents: domain.length,
  }
}

function clusterTotals(sample: readonly Sampled[], score: (each: Sampled) => number): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const strata = new Map<string, Map<string, number>>()
  for (const each of sample) {
    const clusters = strata.get(each.stratum) ?? new Map<string, number>()
    clusters.set(each.cluster, (clusters.get(each.cluster) ?? 0) + score(each))
    strata.set(each.stratum, clusters)
  }
  return strata
}

/**
 * What a stratum adds to the variance of a total, from the totals of its clusters.
 * @param population clusters of the stratum in the population.
 * @throws RangeError for a single cluster.
 */
export function stratumVariance(stratum: string, totals: readonly number[], population = Number.POSITIVE_INFINITY): number {
  const count = totals.length
  if (count < 2) throw new RangeError(`The stratum ${stratum} has a single cluster; join it with a neighbouring stratum.`)
  const mean = totals.reduce((sum, each) => sum + each, 0) / count
  const squares = totals.reduce((sum, each) => sum + (each - mean) ** 2, 0)
  return (1 - count / population) * (count / (count - 1)) * squares
}

/** Variance of the mean of a simple random sample, of the values as they are weighted. */
function simpleVariance(domain: readonly Sampled[], estimate: number): number {
  const weights = domain.reduce((sum, { weight }) => sum + weight, 0)
  const squares = domain.reduce((sum, { weight, numerator, denominator }) => sum + weight * (numerator / denominator - estimate) ** 2, 0)
  return squares / weights / (domain.length - 1)
}

export type Interval = readonly [number, number]

/** Interval of a mean or ratio: the estimate and its standard error, by Student's t. */
export function meanInterval({ estimate, standardError, degreesOfFreedom }: Estimate, level = 0.95): Interval {
  const reach = tQuantile(1 - (1 - level) / 2, degreesOfFreedom) * standardError
  return [estimate - reach, estimate + reach]
}

/**
 * Interval of a proportion that holds near 0 and 1: Clopper-Pearson with the effective sample size.
 * @source Korn and Graubard (1998); R survey, svyciprop(method = "beta").
 */
export function kornGraubard({ estimate: p, variance, degreesOfFreedom, respondents }: Estimate, level = 0.95): Interval {
  const tail = (1 - level) / 2
  if (variance === 0) return p === 0 ? [0, 1 - tail ** (1 / respondents)] : [tail ** (1 / respondents), 1]
  const adjusted = (tQuantile(tail, respondents - 1) / tQuantile(tail, degreesOfFreedom)) ** 2
  const n = ((p * (1 - p)) / variance) * adjusted
  return [p === 0 ? 0 : betaQuantile(tail, n * p, n * (1 - p) + 1), p === 1 ? 1 : betaQuantile(1 - tail, n * p + 1, n * (1 - p))]
}

/**
 * Wilson's interval of a proportion of `n` (a sample, or its effective size).
 * @source Wilson (1927).
 */
export function wilson(p: number, n: number, level = 0.95): Interval {
  const z = tQuantile(1 - (1 - level) / 2, Number.POSITIVE_INFINITY)
  const centre = (p + z ** 2 / (2 * n)) / (1 + z ** 2 / n)
  const reach = (z * Math.sqrt((p * (1 - p)) / n + z ** 2 / (4 * n ** 2))) / (1 + z ** 2 / n)
  return [Math.max(0, centre - reach), Math.min(1, centre + reach)]
}

/** Change between two rounds that were drawn apart. */
export function change(earlier: Estimate, later: Estimate): { readonly difference: number; readonly standardError: number } {
  return { difference: later.estimate - earlier.estimate, standardError: Math.sqrt(earlier.variance + later.variance) }
}

/** SDMX CL_OBS_STATUS of an estimate: U is of low reliability. */
export function reliability({ estimate, standardError, respondents }: Estimate, { least = 50, mostRelative = 0.3 } = {}): 'A' | 'U' {
  return respondents >= least && standardError <= mostRelative * Math.abs(estimate) ? 'A' : 'U'
}
