import type { DuckDBConnection } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Indicator } from '../../../aggregator/indicators/definition.ts'
import { estimateRatio, kornGraubard, meanInterval, type Sampled } from '../../../aggregator/indicators/estimate.ts'
import { estimateTable } from '../../../aggregator/indicators/estimate-table.ts'
import { loadDefinitions } from '../../../aggregator/indicators/load-definitions.ts'
import { readSampleDesign } from '../../../aggregator/indicators/sample-design.ts'
import { evaluate, holds } from '../../../schemas/language/evaluate.ts'
import { toNumber, toText } from '../../../schemas/language/value.ts'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'
import { randomHomes, scopeOfHome } from './random-village.ts'
import { addHomes, type Home, householdQuestionnaire, openVillage, round } from './village.ts'

const design = readSampleDesign(`area,stratum,cluster,weight
P1A1,coast,c1,12.5
P1A2,coast,c2,7.25
P1B1,coast,c3,31
`)

let connection: DuckDBConnection
let close: () => void
let homes: readonly Home[]
let indicators: readonly Indicator[]
let questionnaire: Questionnaire
beforeAll(async () => {
  ;({ connection, close } = await openVillage())
  questionnaire = await householdQuestionnaire()
  const areas = design.map(({ area }) => area)
  homes = fc
    .sample(randomHomes(questionnaire), { numRuns: 400, seed: 21 })
    .map((home, index) => ({ ...home, area: areas[index % 3] ?? '' }))
  await addHomes(connection, homes)
  indicators = await loadDefinitions()
}, 60_000)
afterAll(() => close())

const indicatorOf = (id: string): Indicator => {
  const found = indicators.find(({ definition }) => definition.id === id)
  if (!found) throw new Error(`${id} is defined.`)
  return found
}
const table = (id: string, by: readonly string[] = []) =>
  estimateTable(connection, { indicator: indicatorOf(id), questionnaire, round, by, design })

/** Each person or home on its own, as R survey wants them; those outside the domain have the denominator 0. */
function oneByOne({ definition, ...parts }: Indicator, isInDomain: (sex: string) => boolean = () => true): readonly Sampled[] {
  const scopes = homes.flatMap((home) =>
    (definition.level === 'person' ? (home.people ?? []).map((_, row) => row) : [undefined]).map((row) => ({
      home,
      scope: scopeOfHome(home, row),
    })),
  )
  return scopes.map(({ home, scope }) => {
    const number = (part: typeof parts.value, absent: number) => (part === undefined ? absent : toNumber(evaluate(part, scope)) || 0)
    const drawn = design.find(({ area }) => area === home.area)
    const value = parts.value === undefined ? 1 : toNumber(evaluate(parts.value, scope))
    const counts =
      parts.universe !== undefined && holds(parts.universe, scope) && !Number.isNaN(value) && isInDomain(toText(scope.value('B03')))
    const isRatio = definition.type === 'ratio'
    const y = isRatio
      ? number(parts.numerator, 0)
      : definition.type === 'proportion'
        ? Number(parts.numerator !== undefined && holds(parts.numerator, scope))
        : value
    return {
      numerator: counts ? y : 0,
      denominator: counts ? (isRatio ? number(parts.denominator, 0) : 1) : 0,
      weight: (drawn?.weight ?? 0) * number(parts.weight, 1),
      stratum: drawn?.stratum ?? '',
      cluster: drawn?.cluster ?? '',
    }
  })
}

const close9 = (found: number | null | undefined, expected: number) =>
  expect(Math.abs((found ?? Number.NaN) - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)))

describe('a table of a sample', () => {
  it.each(['EDU01', 'LAB01', 'HLT03', 'INF01', 'CBM03'])(
    'has the share, error and interval of %s that people one by one give',
    async (id) => {
      const indicator = indicatorOf(id)
      const expected = estimateRatio(oneByOne(indicator))
      const cell = (await table(id)).cells[0]
      close9(cell?.value, 100 * expected.estimate)
      close9(cell?.sampling?.standardError, 100 * expected.standardError)
      const [low, high] = kornGraubard(expected)
      close9(cell?.sampling?.low, 100 * low)
      close9(cell?.sampling?.high, 100 * high)
      close9(cell?.sampling?.designEffect, expected.designEffect)
      expect(cell?.respondents).toBe(expected.respondents)
    },
  )

  it.each(['CBM11', 'CBM08'])('has the mean or ratio %s, with an interval by Student', async (id) => {
    const indicator = indicatorOf(id)
    const expected = estimateRatio(oneByOne(indicator))
    const per = indicator.definition.per ?? 1
    const cell = (await table(id)).cells[0]
    close9(cell?.value, per * expected.estimate)
    close9(cell?.sampling?.standardError, per * expected.standardError)
    close9(cell?.sampling?.high, per * meanInterval(expected)[1])
  })

  it('takes every cluster into the error of a part of the people', async () => {
    const indicator = indicatorOf('LAB01')
    const found = await table('LAB01', ['SEX'])
    const women = found.cells.find(({ nodes }) => found.dimensions[0]?.nodes[nodes[0] ?? 0]?.code === 'F')
    const expected = estimateRatio(oneByOne(indicator, (sex) => sex === 'F'))
    close9(women?.value, 100 * expected.estimate)
    close9(women?.sampling?.standardError, 100 * expected.standardError)
  })

  it('lets a selected adult stand for the adults of the home', async () => {
    expect(indicatorOf('INF01').definition.weight).toBe("count(${person}[B06 = '1' and age >= 18])")
    const unweighted = estimateRatio(oneByOne({ ...indicatorOf('INF01'), weight: 1 }))
    expect((await table('INF01')).cells[0]?.value).not.toBeCloseTo(100 * unweighted.estimate, 3)
  })

  it('weighs counts up to the population', async () => {
    const weights = oneByOne(indicatorOf('POP01')).reduce((sum, { weight, denominator }) => sum + weight * denominator, 0)
    const [cell] = (await table('POP01')).cells
    close9(cell?.value, weights)
    expect(cell?.sampling?.standardError).toBeGreaterThan(0)
  })

  it('gives the categories of a distribution a share of all who answered', async () => {
    const { cells } = await table('MIG08')
    const shares = cells.filter(({ nodes }) => nodes.at(-1) !== 0).map(({ value }) => value ?? 0)
    close9(
      shares.reduce((sum, each) => sum + each, 0),
      100,
    )
  })

  it('marks what is of low reliability', async () => {
    const { cells } = await table('LAB01', ['REF_AREA', 'SEX', 'AGE'])
    expect(cells.filter(({ respondents }) => respondents < 50).every(({ sampling }) => sampling?.status === 'U')).toBe(true)
  })

  it('refuses a stratum with one cluster, an area outside the design, and quantiles', async () => {
    expect(() => readSampleDesign('area,stratum,cluster,weight\nA,s,c1,2\n')).toThrow(/single cluster/)
    expect(() => readSampleDesign('area,stratum,cluster,weight\nA,s,c1,0\n')).toThrow(/Line 2/)
    const partly = { indicator: indicatorOf('POP01'), questionnaire, round, by: [], design: design.slice(1) }
    await expect(estimateTable(connection, partly)).rejects.toThrow(/not in its sample design/)
    await expect(table('REC02')).rejects.toThrow(/quantile/)
  })
})
