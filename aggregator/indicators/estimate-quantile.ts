import { tQuantile } from './beta.ts'
import { type Estimate, estimateRatio, meanInterval, reliability, type Sampled } from './estimate.ts'
import type { Sampling } from './working-table.ts'

/** A value of a sample. */
export interface SampledValue {
  readonly value: number
  /** People represented, > 0. */
  readonly weight: number
  /** Names the cluster within all strata. */
  readonly cluster: string
}

/** Equal values by weight, so that the order of records does not matter. */
const sortedValues = <Each extends { readonly value: number; readonly weight: number }>(sample: readonly Each[]): readonly Each[] =>
  sample.toSorted((a, b) => a.value - b.value || a.weight - b.weight)

/**
 * Weighted quantile: linear between the values, each at the share of the weights before it, of all but the last weight; with equal weights it is type 7.
 * @returns null of no values.
 * @source R survey 4.1.1, svyquantile(qrule = "hf7").
 */
export function weightedQuantile(sample: readonly { readonly value: number; readonly weight: number }[], p: number): number | null {
  const sorted = sortedValues(sample)
  const [first, last] = [sorted[0], sorted.at(-1)]
  if (!first || !last) return null
  const all = sorted.reduce((sum, { weight }) => sum + weight, 0) - last.weight
  let before = 0
  for (const [index, { value, weight }] of sorted.entries()) {
    const next = sorted[index + 1]
    if (!next) break
    const [low, high] = [before / all, (before + weight) / all]
    if (p <= high) return p <= low ? value : value + ((next.value - value) * (p - low)) / (high - low)
    before += weight
  }
  return last.value
}

/**
 * Error and interval of a weighted quantile after Woodruff: the interval of the share below it, read back as values.
 * @param strata stratum of every cluster with an interview, also where nobody of the domain lives.
 * @returns undefined where the interval of the share leaves 0 to 1: so few values tell no error.
 * @source Woodruff (1952); R survey 4.1.1, svyquantile(interval.type = "mean", qrule = "hf7").
 */
export function quantileSampling(
  sample: readonly SampledValue[],
  p: number,
  strata: ReadonlyMap<string, string>,
  populationClusters: Readonly<Record<string, number>>,
): Sampling | undefined {
  const quantile = weightedQuantile(sample, p)
  if (quantile === null) return undefined
  const share = shareBelow(sample, quantile, strata, populationClusters)
  const [from, to] = meanInterval(share)
  if (!(from >= 0 && to <= 1)) return undefined
  const [low, high] = [weightedQuantile(sample, from) ?? quantile, weightedQuantile(sample, to) ?? quantile]
  const standardError = (high - low) / (2 * tQuantile(0.975, share.degreesOfFreedom))
  const status = reliability({ ...share, estimate: quantile, standardError, respondents: sample.length })
  return { standardError, low, high, designEffect: null, status }
}

function shareBelow(
  sample: readonly SampledValue[],
  quantile: number,
  strata: ReadonlyMap<string, string>,
  populationClusters: Readonly<Record<string, number>>,
): Estimate {
  const outside = [...strata].map(([cluster, stratum]): Sampled => ({ numerator: 0, denominator: 0, weight: 1, stratum, cluster }))
  const inside = sample.map(
    ({ value, weight, cluster }): Sampled => ({
      numerator: Number(value <= quantile),
      denominator: 1,
      weight,
      stratum: strata.get(cluster) ?? '',
      cluster,
    }),
  )
  return estimateRatio([...outside, ...inside], populationClusters)
}
