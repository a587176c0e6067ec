import { describe, expect, it } from 'vitest'
import { betaDistribution, betaQuantile, tQuantile } from '../../../aggregator/indicators/beta.ts'
import {
  change,
  estimateRatio,
  kornGraubard,
  meanInterval,
  reliability,
  type Sampled,
  wilson,
} from '../../../aggregator/indicators/estimate.ts'
import { quantile7 } from '../../../aggregator/indicators/quantile.ts'
import { quantileSampling, weightedQuantile } from '../../../aggregator/indicators/estimate-quantile.ts'
import recorded from './survey-figures.json' with { type: 'json' }

// The data and the calls that gave these figures: survey-figures.R.
const { people, figures } = recorded
type Column = 'y' | 'rare' | 'value' | 'births' | 'deaths' | 'woman'

const rows = people.weight.map((weight, row) => ({
  weight,
  stratum: people.stratum[row] ?? '',
  cluster: String(people.cluster[row]),
  person: String(row),
  clusters: people.clusters[row] ?? 0,
  of: (column: Column) => people[column][row] ?? 0,
}))
const populationClusters = Object.fromEntries(rows.map(({ stratum, clusters }) => [stratum, clusters]))

function sample(
  design: keyof typeof figures,
  numerator: (row: (typeof rows)[number]) => number,
  denominator: (row: (typeof rows)[number]) => number = () => 1,
): readonly Sampled[] {
  return rows.map((row) => ({
    numerator: numerator(row),
    denominator: denominator(row),
    weight: row.weight,
    stratum: design === 'simple' ? 'all' : row.stratum,
    cluster: design === 'simple' ? row.person : row.cluster,
  }))
}

/** Equal to 1e-9 of the figure. */
function same(found: readonly number[], expected: readonly number[]): void {
  expect(found.length).toBe(expected.length)
  for (const [index, each] of found.entries())
    expect(Math.abs(each - (expected[index] ?? Number.NaN))).toBeLessThanOrEqual(1e-9 * Math.abs(expected[index] ?? 0))
}

describe.each(['clusters', 'finite', 'simple'] as const)('a sample with the design "%s", as R survey has it', (design) => {
  const known = figures[design]
  const estimate = (numerator: (row: (typeof rows)[number]) => number, denominator?: (row: (typeof rows)[number]) => number) =>
    estimateRatio(sample(design, numerator, denominator), design === 'finite' ? populationClusters : undefined)

  it('mean, its variance and design effect', () => {
    const found = estimate((row) => row.of('value'))
    same([found.estimate, found.variance, found.designEffect], known.mean)
    same([found.degreesOfFreedom], known.df)
    same(meanInterval(found), known.interval)
  })

  it('proportion, its variance and design effect', () => {
    const found = estimate((row) => row.of('y'))
    same([found.estimate, found.variance, found.designEffect], known.share)
  })

  it('ratio of two sums', () => {
    const found = estimate(
      (row) => row.of('deaths'),
      (row) => row.of('births'),
    )
    same([found.estimate, found.variance], known.ratio)
  })

  it('mean of a part of the people, the others still belonging to the design', () => {
    const found = estimate(
      (row) => row.of('value') * row.of('woman'),
      (row) => row.of('woman'),
    )
    same([found.estimate, found.variance], known.women)
    expect(found.respondents).toBe(rows.filter((row) => row.of('woman') === 1).length)
  })

  it('quantiles with their error and interval after Woodruff, of all and of a part of the people', () => {
    const drawn = sample(design, (row) => row.of('value')).map(({ numerator: value, weight, stratum, cluster }) => ({
      value,
      weight,
      stratum,
      cluster,
    }))
    const strata = new Map(drawn.map(({ cluster, stratum }) => [cluster, stratum]))
    const women = drawn.filter((_, row) => rows[row]?.of('woman') === 1)
    for (const [people, expected] of [[drawn, known.quantile] as const, [women, known.womenQuantile] as const])
      for (const [index, p] of [0.25, 0.5, 0.9].entries()) {
        const [quantile, low, high, standardError] = expected.slice(index * 4, index * 4 + 4)
        same([weightedQuantile(people, p) ?? Number.NaN], [quantile ?? Number.NaN])
        const found = quantileSampling(people, p, strata, design === 'finite' ? populationClusters : {})
        // R leaves the upper limit empty where the interval of the share passes 1.
        if (high === null) expect(found).toBeUndefined()
        else same([found?.low ?? 0, found?.high ?? 0, found?.standardError ?? 0], [low ?? 0, high ?? 0, standardError ?? 0])
      }
  })

  it('interval of a proportion, also of a rare one', () => {
    same(kornGraubard(estimate((row) => row.of('y'))), known.shareInterval)
    same(kornGraubard(estimate((row) => row.of('rare'))), known.rareInterval)
  })
})

describe('a quantile', () => {
  it('is that of R, type 7', () => {
    same(
      [0.1, 0.25, 0.5, 0.9].map((p) => quantile7(people.value, p) ?? Number.NaN),
      recorded.quantiles,
    )
  })

  it('of weighted values is of type 7 when the weights are equal, in whatever order they come', () => {
    const equal = people.value.map((value) => ({ value, weight: 2.5 }))
    for (const p of [0, 0.1, 0.25, 0.5, 0.9, 1]) {
      same([weightedQuantile(equal, p) ?? Number.NaN], [quantile7(people.value, p) ?? Number.NaN])
      expect(weightedQuantile(equal.toReversed(), p)).toBe(weightedQuantile(equal, p))
    }
    expect(weightedQuantile([], 0.5)).toBeNull()
    expect(weightedQuantile([{ value: 5, weight: 3 }], 0.3)).toBe(5)
  })

  it('of one value is that value, and of none is none', () => {
    expect(quantile7([5], 0.3)).toBe(5)
    expect(quantile7([], 0.5)).toBeNull()
  })
})

describe('an interval', () => {
  it('of nobody in a hundred reaches to 3.6 percent (Clopper-Pearson)', () => {
    const [low, high] = kornGraubard(estimateRatio(sample('simple', () => 0)))
    expect(low).toBe(0)
    // 1 - 0.025^(1/60)
    expect(high).toBeCloseTo(0.0596294, 6)
  })

  it('of Wilson: 10 of 100 is 5.52 to 17.44 percent', () => {
    const [low, high] = wilson(0.1, 100)
    expect(low).toBeCloseTo(0.0552291, 6)
    expect(high).toBeCloseTo(0.1743657, 6)
  })
})

describe('the distributions behind the intervals', () => {
  it.each([
    [0.975, 5, 2.570581835636314],
    [0.975, 1, 12.706204736174694],
    [0.95, 30, 1.6972608865939574],
    [0.025, Number.POSITIVE_INFINITY, -1.959963984540054],
  ])('t quantile of %s with %s degrees of freedom is %s (R qt)', (p, df, expected) => {
    expect(tQuantile(p, df)).toBeCloseTo(expected, df === Number.POSITIVE_INFINITY ? 6 : 9)
  })

  it('beta quantile undoes the beta distribution', () => {
    for (const [a, b] of [
      [0.5, 3],
      [7, 2],
      [120, 900],
    ] as const)
      for (const p of [0.001, 0.2, 0.5, 0.975]) expect(betaDistribution(betaQuantile(p, a, b), a, b)).toBeCloseTo(p, 12)
  })
})

describe('an estimate', () => {
  it('of a stratum with one cluster is refused, with what to do', () => {
    const lonely = sample('clusters', (row) => row.of('y')).filter(({ stratum, cluster }) => stratum !== 'a' || cluster === '1')
    expect(() => estimateRatio(lonely)).toThrow('The stratum a has a single cluster; join it with a neighbouring stratum.')
  })

  it('of nobody is refused', () => {
    expect(() =>
      estimateRatio(
        sample(
          'simple',
          () => 0,
          () => 0,
        ),
      ),
    ).toThrow('Nobody is in the denominator.')
  })

  it('changes between rounds with the uncertainty of both', () => {
    const earlier = { ...estimateRatio(sample('simple', (row) => row.of('y'))), estimate: 0.3, variance: 0.0009 }
    expect(change(earlier, { ...earlier, estimate: 0.5, variance: 0.0016 })).toEqual({
      difference: expect.closeTo(0.2, 12),
      standardError: expect.closeTo(0.05, 12),
    })
  })

  it('is of low reliability with few respondents or a large relative error', () => {
    const sound = { ...estimateRatio(sample('simple', (row) => row.of('y'))), estimate: 0.5, standardError: 0.1, respondents: 60 }
    expect(reliability(sound)).toBe('A')
    expect(reliability({ ...sound, respondents: 49 })).toBe('U')
    expect(reliability({ ...sound, standardError: 0.16 })).toBe('U')
  })
})
