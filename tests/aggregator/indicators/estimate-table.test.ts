import type { DuckDBConnection } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Indicator } from '../../../aggregator/indicators/definition.ts'
import { estimateRatio, kornGraubard, meanInterval, type Sampled } from '../../../aggregator/indicators/estimate.ts'
import { weightedQuantile } from '../../../aggregator/indicators/estimate-quantile.ts'
import { estimateTable } from '../../../aggregator/indicators/estimate-table.ts'
import { loadDefinitions } from '../../../aggregator/indicators/load-definitions.ts'
import { readSampleDesign } from '../../../aggregator/fieldwork/sample-design.ts'
import { evaluate, holds } from '../../../schemas/language/evaluate.ts'
import { toNumber, toText } from '../../../schemas/language/value.ts'
import type { SampleDesign } from '../../../schemas/generated/records.ts'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'
import { randomHomes, scopeOfHome } from './random-village.ts'
import { addHomes, type Home, householdQuestionnaire, openVillage, round } from './village.ts'

const drawn = readSampleDesign(`area,stratum,cluster,weight
P1A1,coast,c1,12.5
P1A2,coast,c2,7.25
P1B1,coast,c3,31
`)
const design: SampleDesign = { schema: 'sample-design/1', round: round.id, kind: 'sample', nonresponse: 'none', ...drawn }

let connection: DuckDBConnection
let close: () => void
let homes: readonly Home[]
let indicators: readonly Indicator[]
let questionnaire: Questionnaire
beforeAll(async () => {
  ;({ connection, close } = await openVillage())
  questionnaire = await householdQuestionnaire()
  const areas = drawn.areas.map(({ area }) => area)
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
const table = (id: string, by: readonly string[] = [], other: SampleDesign = design) =>
  estimateTable(connection, { indicator: indicatorOf(id), questionnaire, round, by, design: other })

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
    const place = drawn.areas.find(({ area }) => area === home.area)
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
      weight: (place?.weight ?? 0) * number(parts.weight, 1),
      stratum: place?.stratum ?? '',
      cluster: place?.cluster ?? '',
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

  it('corrects the error for a finite number of clusters, of shares and of totals', async () => {
    const finite = { ...design, strata: [{ stratum: 'coast', clusters: 12 }] }
    const expected = estimateRatio(oneByOne(indicatorOf('LAB01')), { coast: 12 })
    close9((await table('LAB01', [], finite)).cells[0]?.sampling?.standardError, 100 * expected.standardError)
    const [all, corrected] = [(await table('POP01')).cells[0], (await table('POP01', [], finite)).cells[0]]
    close9(corrected?.sampling?.standardError, (all?.sampling?.standardError ?? 0) * Math.sqrt(1 - 3 / 12))
  })

  it('gives a median the weights, and an error where the values tell one', async () => {
    const indicator = indicatorOf('REC02')
    const values = oneByOne(indicator).filter(({ denominator }) => denominator !== 0)
    const cell = (await table('REC02')).cells[0]
    close9(
      cell?.value,
      weightedQuantile(
        values.map(({ numerator: value, weight }) => ({ value, weight })),
        0.5,
      ) ?? Number.NaN,
    )
    expect(cell).toMatchObject({ respondents: values.length, cases: values.length })
    close9(
      cell?.denominator,
      values.reduce((sum, { weight }) => sum + weight, 0),
    )
  })

  it('refuses an area outside the design', async () => {
    await expect(table('POP01', [], { ...design, areas: design.areas.slice(1) })).rejects.toThrow(/not in its sample design/)
  })
})

describe('response classes', () => {
  beforeAll(async () => {
    await connection.run(`CREATE TABLE IF NOT EXISTS not_counted (record_id varchar);
      CREATE TABLE ledger (record_id varchar, root varchar, area varchar, round varchar, status varchar, kind varchar, received bigint)`)
    // Of those in P1A2 a quarter refused, was away or not asked; empty homes (6) and those that moved (9) should not have answered.
    await connection.run(`UPDATE household SET visit_result = CASE WHEN area <> 'P1A2' THEN '1'
      ELSE ['1', '1', '1', '1', '1', '1', '5', '3', '6', '9'][CAST(substr(record_id, 3) AS INTEGER) // 3 % 10 + 1] END`)
    await connection.run(
      `INSERT INTO ledger SELECT record_id, record_id, area, round, 'accepted', 'interview', row_number() OVER () FROM household`,
    )
  })
  const homesOf = async (area: string) => {
    const { cells, dimensions } = await table('POP01', ['REF_AREA'], { ...design, kind: 'census', areas: [], nonresponse: 'area' })
    const node = dimensions[0]?.nodes.findIndex(({ code }) => code === area)
    return cells.find(({ nodes }) => nodes[0] === node)
  }

  it('let the homes interviewed stand for those of their class that could not be, in a census without an error', async () => {
    const [full, partly] = [await homesOf('P1A1'), await homesOf('P1A2')]
    expect(full?.value).toBe(full?.respondents)
    const [row] = (
      await connection.runAndReadAll(
        `SELECT count_if(visit_result IN ('1', '5', '3'))::double / count_if(visit_result = '1') FROM household WHERE area = 'P1A2'`,
      )
    ).getRows()
    expect(Number(row?.[0])).toBeGreaterThan(1.2)
    close9(partly?.value, (partly?.respondents ?? 0) * Number(row?.[0]))
    expect(partly).not.toHaveProperty('sampling')
  })

  it('are areas or strata of a sample', async () => {
    const total = async (nonresponse: SampleDesign['nonresponse']) =>
      (await table('POP01', [], { ...design, nonresponse })).cells[0]?.value ?? 0
    const [none, byArea, byStratum] = [await total('none'), await total('area'), await total('stratum')]
    expect(byArea).toBeGreaterThan(none)
    expect(byStratum).toBeGreaterThan(none)
    expect(byStratum).not.toBeCloseTo(byArea, 3)
  })

  it('need somebody who answered', async () => {
    await connection.run(`UPDATE household SET visit_result = '5' WHERE area = 'P1B1'`)
    await expect(table('POP01', [], { ...design, nonresponse: 'area' })).rejects.toThrow(/response class P1B1/)
  })
})
