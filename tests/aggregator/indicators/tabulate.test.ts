import type { DuckDBConnection } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadDefinitions } from '../../../aggregator/indicators/load-definitions.ts'
import { tabulate } from '../../../aggregator/indicators/tabulate.ts'
import type { WorkingCell, WorkingTable } from '../../../aggregator/indicators/working-table.ts'
import { addHomes, type Home, householdQuestionnaire, openVillage, round } from './village.ts'

let connection: DuckDBConnection
let close: () => void
beforeEach(async () => ({ connection, close } = await openVillage()))
afterEach(() => close())

const figures = async (ids: readonly string[], homes: readonly Home[], by?: readonly string[]) => {
  await addHomes(connection, homes)
  const indicators = (await loadDefinitions()).filter(({ definition }) => ids.includes(definition.id))
  return tabulate(connection, { indicators, questionnaire: await householdQuestionnaire(), round, ...(by && { by }) })
}

/** The cell with these codes; dimensions not named are at their total. */
function cell(table: WorkingTable | undefined, codes: Readonly<Record<string, string>> = {}): WorkingCell | undefined {
  const nodes = table?.dimensions.map(({ id, nodes }) => nodes.findIndex(({ code }) => code === (codes[id] ?? '_T')))
  return table?.cells.find((each) => each.nodes.every((node, axis) => node === nodes?.[axis]))
}

const here = { B06: '1' }

describe('a count', () => {
  it('counts people by sex, age, status and area, with every total', async () => {
    const [table] = await figures(
      ['POP01'],
      [
        {
          area: 'P1A1',
          people: [
            { ...here, B03: 'F', age: 34, migration_status: 'NON' },
            { ...here, B03: 'M', age: 36, migration_status: 'RETURN' },
          ],
        },
        {
          area: 'P1B1',
          people: [
            { ...here, B03: 'F', age: 4, migration_status: 'NON' },
            { B06: '3', B03: 'M', age: 40, migration_status: 'ABROAD' },
          ],
        },
      ],
    )
    expect(cell(table)?.value).toBe(3)
    expect(cell(table, { SEX: 'F' })?.value).toBe(2)
    expect(cell(table, { AGE: 'Y25T64' })?.value).toBe(2)
    expect(cell(table, { AGE: 'Y30T34', SEX: 'F' })?.value).toBe(1)
    expect(cell(table, { REF_AREA: 'P1A' })?.value).toBe(2)
    expect(cell(table, { REF_AREA: 'P1B1', AGE: 'Y0T14' })?.value).toBe(1)
    expect(cell(table, { REF_AREA: 'P1A2' })).toBeUndefined()
    expect(cell(table, { MIG_STATUS: 'ABROAD' })).toBeUndefined()
  })

  it('keeps people of unknown sex, age or area in the total', async () => {
    const [table] = await figures(['POP01'], [{ area: 'ELSEWHERE', people: [here, { ...here, B03: '99', age: 8 }] }])
    expect(cell(table)?.value).toBe(2)
    expect(cell(table, { SEX: '_U' })?.value).toBe(2)
    expect(cell(table, { AGE: '_U' })?.value).toBe(1)
    expect(cell(table, { REF_AREA: '_U' })?.value).toBe(2)
  })
})

describe('a proportion', () => {
  it('is the share of those who answered, and tells how many did not', async () => {
    // Of five who live here two were born abroad and one said nothing: 2 of 4.
    const born = (C01: string | undefined) => ({ ...here, B03: 'F', C01 })
    const [table] = await figures(
      ['MIG01'],
      [{ people: [born('PHL'), born('PHL'), born('SAU'), born('XXA'), born('99'), { B06: '3', C01: 'SAU' }] }],
    )
    expect(cell(table)).toEqual({
      nodes: expect.anything(),
      respondents: 4,
      cases: 2,
      numerator: 2,
      denominator: 4,
      value: 50,
      withoutAnswer: 1,
    })
  })
})

describe('a mean', () => {
  it('is taken over those who have a value', async () => {
    // rci 1, 2 and 6 months of pay: mean 3.
    const worker = (rci: number | undefined) => ({ worked_abroad_36m: 1, rci, B03: 'M', H01: 'SAU' })
    const [table] = await figures(['REC01'], [{ people: [worker(1), worker(2), worker(6), worker(undefined)] }])
    expect(cell(table)).toMatchObject({ respondents: 3, numerator: 9, denominator: 3, value: 3, withoutAnswer: 1 })
    expect(cell(table, { CORRIDOR: 'SAU', SEX: 'M' })?.value).toBe(3)
  })
})

describe('a median', () => {
  it('is by R-7: between the two in the middle of an even number', async () => {
    // 1, 2, 6, 8 months: 2 + (6 - 2) / 2 = 4 together; women 1 and 8: 4.5.
    const worker = (B03: string, rci: number) => ({ worked_abroad_36m: 1, rci, B03, H01: 'SAU' })
    const [table] = await figures(['REC02'], [{ people: [worker('F', 8), worker('M', 2)] }, { people: [worker('M', 6), worker('F', 1)] }])
    expect(cell(table)?.value).toBe(4)
    expect(cell(table, { SEX: 'F' })?.value).toBe(4.5)
  })
})

describe('a ratio', () => {
  it('divides one sum by another', async () => {
    // 1 + 0 deaths of 3 + 1 + 2 children: 1 of 6 living or dead is 16.67 percent... 5 living and 1 dead.
    const [table] = await figures(
      ['CBM08'],
      [{ answers: { child_deaths: 1, children_under_5: 3 } }, { answers: { child_deaths: 0, children_under_5: 2 } }],
    )
    expect(cell(table)).toMatchObject({ respondents: 2, cases: 1, numerator: 1, denominator: 6 })
    expect(cell(table)?.value).toBeCloseTo(100 / 6, 9)
  })
})

describe('a distribution', () => {
  it('shares the respondents out over the categories of a question', async () => {
    const moved = (C12: string, B03 = 'F') => ({ ...here, B03, C04: '2', C12 })
    const [table] = await figures(['MIG08'], [{ people: [moved('01'), moved('01'), moved('04'), moved('06', 'M'), moved('98')] }])
    expect(table?.dimensions.map(({ id }) => id)).toEqual(['REF_AREA', 'SEX', 'AGE', 'MIG_STATUS', 'DISABILITY', 'C12'])
    expect(cell(table, { C12: '01' })).toMatchObject({ respondents: 2, numerator: 2, denominator: 4, value: 50 })
    expect(cell(table, { C12: '01', SEX: 'F' })?.value).toBeCloseTo(200 / 3, 9)
    expect(cell(table, { C12: '98' })).toBeUndefined()
  })
})

describe('a figure of homes', () => {
  it('is broken down by what the home is', async () => {
    const home = (sex_of_head: string, household_with_member_abroad: number, M01: string) => ({
      answers: { sex_of_head, household_with_member_abroad, M01 },
    })
    const [table] = await figures(['REM01'], [home('F', 1, '1'), home('F', 0, '0'), home('M', 0, '99')])
    expect(cell(table)).toMatchObject({ respondents: 2, cases: 1, value: 50, withoutAnswer: 1 })
    expect(cell(table, { SEX_OF_HEAD: 'F', MEMBER_ABROAD: '1' })?.value).toBe(100)
  })
})

describe('tabulation', () => {
  it('gives a table for every indicator that answers feed', async () => {
    const all = await loadDefinitions()
    const tables = await figures(
      all.map(({ definition }) => definition.id),
      [{ people: [{ ...here, B03: 'F', age: 20 }] }],
      ['REF_AREA', 'SEX'],
    )
    const fed = all.filter(({ definition }) => definition.type !== 'pipeline').map(({ definition }) => definition.id)
    expect(tables.map(({ indicator }) => indicator)).toEqual(fed)
    expect(fed.length).toBeGreaterThan(80)
    expect(tables.flatMap(({ cells }) => cells).length).toBeGreaterThan(0)
  })
})
