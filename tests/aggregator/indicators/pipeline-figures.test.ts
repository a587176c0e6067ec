import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  daysToTable,
  fullyBrokenDown,
  itemNonResponse,
  refusalFigures,
  visitFigures,
} from '../../../aggregator/indicators/pipeline-figures.ts'
import { openWarehouse } from '../../../aggregator/warehouse/open-warehouse.ts'
import type { Warehouse } from '../../../aggregator/warehouse/warehouse.ts'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'
import { addHomes, householdQuestionnaire, round } from './village.ts'

let questionnaire: Questionnaire
let warehouse: Warehouse
beforeEach(async () => {
  questionnaire = await householdQuestionnaire()
  warehouse = await openWarehouse(':memory:')
  await warehouse.prepare(questionnaire)
})
afterEach(() => warehouse.close())

const ledger = (id: string, kind: string, area: string, received: number, { root = id, status = 'accepted' } = {}) =>
  `INSERT INTO ledger (record_id, rev, sha256, kind, root, device, round, area, status, received) VALUES ('${id}', '1', 'x', '${kind}', '${root}', 'd', '${round.id}', '${area}', '${status}', ${received})`

describe('figures about the survey itself', () => {
  it('QUA01 and QUA02: visits completed of the homes listed, refusals of those met, the last version of each interview', async () => {
    const figures = await warehouse.write(async (connection) => {
      const results = ['1', '1', '5', '4', '5']
      await addHomes(
        connection,
        results.map((visit_result, index) => ({ area: index < 3 ? 'P1A1' : 'P1B1', answers: { visit_result } })),
      )
      for (const [index] of results.entries()) await connection.run(ledger(`r:${index}`, 'interview', index < 3 ? 'P1A1' : 'P1B1', index))
      // The refusal r:2 was put right later: the home was interviewed after all.
      await addHomes(connection, [{ area: 'P1A1', answers: { visit_result: '1' } }], 9)
      await connection.run(ledger('r:9', 'correction', 'P1A1', 9, { root: 'r:2' }))
      for (const index of [20, 21, 22, 23]) await connection.run(ledger(`r:${index}`, 'listing', 'P1A1', index))
      return visitFigures(connection, questionnaire, round.id)
    })
    expect(figures).toEqual([
      { indicator: 'QUA01', of: '_T', numerator: 3, denominator: 4, value: 75 },
      { indicator: 'QUA02', of: '_T', numerator: 1, denominator: 4, value: 25 },
      { indicator: 'QUA01', of: 'P1A1', numerator: 3, denominator: 4, value: 75 },
      { indicator: 'QUA02', of: 'P1A1', numerator: 0, denominator: 3, value: 0 },
      { indicator: 'QUA01', of: 'P1B1', numerator: 0, denominator: 0, value: null },
      { indicator: 'QUA02', of: 'P1B1', numerator: 1, denominator: 1, value: 100 },
    ])
  })

  it('QUA04: how often each question was answered with "prefer not to say", in codes, lists and numbers', async () => {
    await warehouse.write((connection) =>
      addHomes(connection, [
        {
          people: [{ E02: '99', K01: ['05', '06'], B05: 30 }, { E02: '0', K01: ['99'], B05_missing: 99 }, { E02: '98' }, {}],
        },
      ]),
    )
    const questions = await warehouse.read((connection) => itemNonResponse(connection, questionnaire, round.id))
    const of = (name: string) => questions.find(({ question }) => question === name)
    expect(of('E02')).toEqual({ question: 'E02', answers: 3, dontKnow: 1, preferNotToSay: 1 })
    expect(of('K01')).toEqual({ question: 'K01', answers: 2, dontKnow: 0, preferNotToSay: 1 })
    const figures = refusalFigures(questions)
    expect(figures[0]).toMatchObject({
      indicator: 'QUA04',
      of: '_T',
      numerator: questions.reduce((sum, each) => sum + each.preferNotToSay, 0),
    })
    expect(figures.find((each) => each.of === 'E02')?.value).toBeCloseTo(100 / 3, 9)
  })

  it('QUA06: the median of days from interview to the first table; nothing before it', async () => {
    await warehouse.write(async (connection) => {
      await addHomes(connection, [{}, {}, {}])
      await connection.run("UPDATE household SET finished = if(record_id = 'r:2', DATE '2026-03-20', DATE '2026-03-10')")
    })
    const days = (published: string | null) => warehouse.read((connection) => daysToTable(connection, questionnaire, round.id, published))
    expect(await days('2026-04-09')).toEqual({ indicator: 'QUA06', of: '_T', numerator: null, denominator: 3, value: 30 })
    expect((await days(null)).value).toBeNull()
  })

  it('QUA07: tables with sex, age, migration status and disability together', () => {
    const tables = [{ dimensions: ['REF_AREA', 'SEX'] }, { dimensions: ['SEX', 'AGE', 'MIG_STATUS', 'DISABILITY'] }]
    expect(fullyBrokenDown(tables)).toEqual({ indicator: 'QUA07', of: '_T', numerator: 1, denominator: 2, value: 50 })
    expect(fullyBrokenDown([]).value).toBeNull()
  })
})
