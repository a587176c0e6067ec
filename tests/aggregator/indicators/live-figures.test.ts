import { setTimeout } from 'node:timers/promises'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ColumnTable } from '../../../aggregator/indicators/column-table.ts'
import type { Indicator } from '../../../aggregator/indicators/definition.ts'
import { createLiveFigures, type LiveFigures } from '../../../aggregator/indicators/live-figures.ts'
import { loadDefinitions } from '../../../aggregator/indicators/load-definitions.ts'
import { tabulate } from '../../../aggregator/indicators/tabulate.ts'
import type { WorkingTable } from '../../../aggregator/indicators/working-table.ts'
import { openWarehouse } from '../../../aggregator/warehouse/open-warehouse.ts'
import type { Warehouse } from '../../../aggregator/warehouse/warehouse.ts'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'
import { cellsIn, linesOf } from './cells.ts'
import { randomHomes } from './random-village.ts'
import { addHomes, type Home, householdQuestionnaire, round } from './village.ts'

let questionnaire: Questionnaire
let indicators: readonly Indicator[]
let homes: readonly Home[]
beforeAll(async () => {
  questionnaire = await householdQuestionnaire()
  const ids = ['POP01', 'MIG01', 'EDU01', 'LAB01', 'REM01', 'MIG08']
  indicators = (await loadDefinitions()).filter(({ definition }) => ids.includes(definition.id))
  homes = fc.sample(randomHomes(questionnaire), { numRuns: 60, seed: 9 })
})

let warehouse: Warehouse
let figures: LiveFigures
const failures: unknown[] = []
beforeEach(async () => {
  failures.length = 0
  warehouse = await openWarehouse(':memory:')
  await warehouse.prepare(questionnaire)
  figures = createLiveFigures({ warehouse, indicators, onFailure: (error) => failures.push(error) })
})
afterEach(async () => {
  await warehouse.close()
  expect(failures).toEqual([])
})

const by = ['REF_AREA', 'SEX', 'AGE', 'AGE_CHILD', 'MIG_STATUS', 'DISABILITY', 'SEX_OF_HEAD']
const add = (first: number, count: number) =>
  warehouse.write((connection) => addHomes(connection, homes.slice(first, first + count), first))
const follow = () => figures.follow({ rounds: [round.id] })
const lines = (table: WorkingTable | ColumnTable | undefined) => linesOf(table) ?? ''
const live = async (dimensions: readonly string[] = by) =>
  (
    await Promise.all(indicators.map(async (indicator) => lines(await figures.table({ indicator, round, questionnaire, by: dimensions }))))
  ).join('\n')
const tabulated = async () => {
  const tables = await warehouse.read((connection) => tabulate(connection, { indicators, questionnaire, round, by }))
  return indicators.map(({ definition }) => lines(tables.find(({ indicator }) => indicator === definition.id))).join('\n')
}
function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give = () => {}
  const given = new Promise<void>((resolve) => (give = resolve))
  return { given, give: () => give() }
}

describe('live figures', () => {
  it('show a round that was computed again in place once they are told to forget it', async () => {
    const [indicator] = indicators.filter(({ definition }) => definition.id === 'MIG01')
    const byStatus = async () => lines(indicator && (await figures.table({ indicator, round, questionnaire, by: ['MIG_STATUS'] })))
    await add(0, 60)
    const before = await byStatus()
    await warehouse.write((connection) => connection.run("UPDATE household_person SET migration_status = 'NON'").then(() => undefined))
    await follow()
    expect(await byStatus()).toBe(before)
    figures.forget(round.id)
    expect(await byStatus()).not.toBe(before)
    expect(await live()).toBe(await tabulated())
  })

  it('are those of tabulation, for sums and for what is not a sum', async () => {
    await add(0, 60)
    expect(await live()).toBe(await tabulated())
  })

  it('follow each commit of ingest, many small ones too', async () => {
    await add(0, 20)
    await live()
    for (let first = 20; first < 60; first += 2) {
      await add(first, 2)
      await follow()
    }
    expect(await live()).toBe(await tabulated())
  })

  it('rest between commits when they are told to, and then see all that came meanwhile', async () => {
    for (const [first, restMs, expected] of [
      [0, 60_000, 'rests'],
      [30, 10, 'followed'],
    ] as const) {
      figures = createLiveFigures({ warehouse, indicators, restMs, onFailure: (error) => failures.push(error) })
      await add(first, 10)
      await live()
      await add(first + 10, 10)
      await follow()
      expect(await live()).toBe(await tabulated())
      await add(first + 20, 10)
      const following = follow().then(() => 'followed')
      const longEnough = setTimeout(restMs === 10 ? 60_000 : 50, 'rests', { ref: false })
      expect(await Promise.race([following, longEnough])).toBe(expected)
    }
    expect(await live()).toBe(await tabulated())
  })

  it('count a record once, however often its commit is told', async () => {
    await add(0, 10)
    await live()
    await add(10, 10)
    await add(20, 10)
    await follow()
    await follow()
    await follow()
    expect(await live()).toBe(await tabulated())
  })

  it('see with the next table what a correction, a withdrawal or a decision changed, though nobody told them', async () => {
    await add(0, 40)
    await live()
    await warehouse.write(async (connection) => {
      await connection.run("INSERT INTO not_counted VALUES ('r:3'), ('r:17')")
      await connection.run("DELETE FROM household WHERE record_id = 'r:8'")
      await connection.run("DELETE FROM household_person WHERE record_id = 'r:8'")
    })
    await live(['SEX'])
    await follow()
    expect(await live()).toBe(await tabulated())
  })

  it('follow a correction that came with new homes, a home that was held, and a decision to let it count', async () => {
    await add(0, 30)
    await live()
    await warehouse.write(async (connection) => {
      await addHomes(connection, homes.slice(30, 40), 30)
      await connection.run("INSERT INTO not_counted VALUES ('r:5'), ('r:33')")
    })
    await follow()
    expect(await live()).toBe(await tabulated())
    await warehouse.write((connection) => connection.run("DELETE FROM not_counted WHERE record_id = 'r:5'").then(() => undefined))
    await follow()
    expect(await live()).toBe(await tabulated())
    await warehouse.write((connection) => connection.run('DELETE FROM not_counted').then(() => undefined))
    await follow()
    expect(await live()).toBe(await tabulated())
  })

  it('go on when the file was written anew without its gaps', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tala-figures-'))
    await warehouse.close()
    warehouse = await openWarehouse(join(folder, 'warehouse.duckdb'))
    await warehouse.prepare(questionnaire)
    figures = createLiveFigures({ warehouse, indicators, onFailure: (error) => failures.push(error) })
    await add(0, 30)
    await live()
    await warehouse.write(async (connection) => {
      for (const table of ['household', 'household_person']) await connection.run(`DELETE FROM ${table} WHERE record_id IN ('r:2', 'r:9')`)
    })
    await follow()
    await warehouse.rewrite()
    await add(30, 1)
    await follow()
    expect(await live()).toBe(await tabulated())
    await add(31, 29)
    await follow()
    expect(await live()).toBe(await tabulated())
    await rm(folder, { recursive: true })
  })

  it('put a record of an area outside the register under _U, and take it away again', async () => {
    await add(0, 10)
    await live()
    await warehouse.write((connection) => addHomes(connection, [{ area: 'ELSEWHERE', people: [{ B03: 'F', age: 30, B06: '1' }] }], 100))
    await follow()
    expect(await live()).toBe(await tabulated())
    await warehouse.write((connection) => connection.run("INSERT INTO not_counted VALUES ('r:100')").then(() => undefined))
    await follow()
    expect(await live()).toBe(await tabulated())
  })

  it('never wait for a writer', async () => {
    await add(0, 20)
    const before = await live()
    const [begun, end] = [signal(), signal()]
    const writing = warehouse.write(async (connection) => {
      await addHomes(connection, homes.slice(20), 20)
      begun.give()
      await end.given
    })
    await begun.given
    expect(await live()).toBe(before)
    end.give()
    await writing
  })

  it('give one area without the areas as a dimension', async () => {
    await add(0, 60)
    const [indicator] = indicators.filter(({ definition }) => definition.id === 'POP01')
    const [distribution] = indicators.filter(({ definition }) => definition.id === 'MIG08')
    if (!indicator || !distribution) throw new Error('Both are defined.')
    for (const each of [indicator, distribution]) {
      const whole = await figures.table({ indicator: each, round, questionnaire, by: ['REF_AREA', 'SEX'] })
      const part = await figures.table({ indicator: each, round, questionnaire, by: ['SEX'], area: 'P1A' })
      const node = whole?.dimensions[0]?.nodes.findIndex(({ code }) => code === 'P1A')
      expect(part?.dimensions.map(({ id }) => id)).not.toContain('REF_AREA')
      expect(cellsIn(part)?.map(({ respondents }) => respondents)).toEqual(
        cellsIn(whole)
          ?.filter(({ nodes }) => nodes[0] === node)
          .map(({ respondents }) => respondents),
      )
    }
  })
})
