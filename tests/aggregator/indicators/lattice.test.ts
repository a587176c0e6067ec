import type { DuckDBConnection } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Indicator } from '../../../aggregator/indicators/definition.ts'
import { openLattice } from '../../../aggregator/indicators/lattice.ts'
import { loadDefinitions } from '../../../aggregator/indicators/load-definitions.ts'
import type { LatticeSnapshot } from '../../../aggregator/indicators/snapshot.ts'
import { tabulate } from '../../../aggregator/indicators/tabulate.ts'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'
import { cellsIn, linesOf } from './cells.ts'
import { randomHomes } from './random-village.ts'
import { addHomes, type Home, householdQuestionnaire, openVillage, round } from './village.ts'

const by = ['SEX', 'AGE', 'MIG_STATUS']
let questionnaire: Questionnaire
let indicators: readonly Indicator[]
let homes: readonly Home[]
beforeAll(async () => {
  questionnaire = await householdQuestionnaire()
  const all = await loadDefinitions()
  // Of every additive type, and with every kind of universe; all of them are compared in engine.test.ts.
  indicators = all.filter(({ definition }) => ['POP01', 'MIG01', 'EDU01', 'HLT03', 'MIG10', 'LAB01', 'RET01'].includes(definition.id))
  homes = fc.sample(randomHomes(questionnaire), { numRuns: 60, seed: 5 })
})

let connection: DuckDBConnection
let close: () => void
beforeEach(async () => ({ connection, close } = await openVillage()))
afterEach(() => close())

const open = () => openLattice(connection, { indicators, questionnaire, round, by })
const removeHome = async (number: number) => {
  for (const table of ['household', 'household_person']) await connection.run(`DELETE FROM ${table} WHERE record_id = 'r:${number}'`)
}
const recordsOf = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `r:${first + index}`, area: homes[first + index]?.area ?? 'P1A1' }))

const stateOf = (snapshot: LatticeSnapshot) =>
  indicators.map(({ definition }) => linesOf(snapshot.table(definition.id, ['REF_AREA', ...by]))).join('\n')

describe('the lattice', () => {
  it('holds the figures that tabulation gives', async () => {
    await addHomes(connection, homes)
    const snapshot = (await open()).snapshot()
    for (const table of await tabulate(connection, { indicators, questionnaire, round, by: ['REF_AREA', ...by] })) {
      expect(linesOf(snapshot.table(table.indicator, ['REF_AREA', ...by]))).toBe(linesOf(table))
    }
  })

  it('counts everybody once in a round of more people than are read at a time, and nobody who does not count', async () => {
    const people = 1_000_003
    await connection.run(`INSERT INTO household_person (record_id, round, area, "B06", "B03")
      SELECT 'r:' || i, '${round.id}', 'P1A1', '1', CASE WHEN i % 2 = 0 THEN 'F' ELSE 'M' END FROM range(${people}) t(i)`)
    await connection.run(`INSERT INTO not_counted VALUES ('r:4'), ('r:${people - 1}')`)
    const lattice = await openLattice(connection, {
      indicators: indicators.filter(({ definition: { id } }) => id === 'POP01'),
      questionnaire,
      round,
      by: ['SEX'],
    })
    const counts = cellsIn(lattice.snapshot().table('POP01', ['SEX']))?.map(({ respondents }) => respondents)
    expect(counts).toEqual([people - 2, 500_000, 500_001])
  })

  it('gives any part of them: some dimensions, one area', async () => {
    await addHomes(connection, homes)
    const snapshot = (await open()).snapshot()
    const [bySex] = await tabulate(connection, { indicators: indicators.slice(0, 1), questionnaire, round, by: ['SEX'] })
    const id = indicators[0]?.definition.id ?? ''
    expect(linesOf(snapshot.table(id, ['SEX']))).toBe(linesOf(bySex))
    const all = snapshot.table(id, ['REF_AREA', 'SEX'])
    const node = all?.dimensions[0]?.nodes.findIndex(({ code }) => code === 'P1A')
    expect(cellsIn(snapshot.table(id, ['SEX'], 'P1A'))?.map(({ value }) => value)).toEqual(
      cellsIn(all)
        ?.filter(({ nodes }) => nodes[0] === node)
        .map(({ value }) => value),
    )
    expect(snapshot.table(id, ['SEX'], 'NOWHERE')).toBeUndefined()
    expect(snapshot.table('REC02', ['SEX'])).toBeUndefined()
  })

  it('remembers small tables of all areas only until a change, for each indicator and dimension its own', async () => {
    await addHomes(connection, homes.slice(0, 30))
    const lattice = await open()
    const small = async () =>
      (
        await Promise.all(
          ['SEX', 'MIG_STATUS'].map(async (id) => {
            const tables = await tabulate(connection, { indicators, questionnaire, round, by: ['REF_AREA', id] })
            return tables.map((table) => [linesOf(lattice.snapshot().table(table.indicator, ['REF_AREA', id])), linesOf(table)])
          }),
        )
      ).flat()
    const areSame = (pairs: readonly (readonly (string | undefined)[])[]) => pairs.every(([found, expected]) => found === expected)
    expect(areSame(await small())).toBe(true)
    expect(areSame(await small())).toBe(true)
    await addHomes(connection, homes.slice(30), 30)
    await lattice.change(connection, { added: recordsOf(30, 30), areas: [] })
    expect(areSame(await small())).toBe(true)
    await removeHome(4)
    await lattice.change(connection, { added: [], areas: [homes[4]?.area ?? 'P1A1'] })
    expect(areSame(await small())).toBe(true)
  })

  it('is the same whatever order records arrive in, and however they are batched', async () => {
    const grown = await open()
    await addHomes(connection, homes)
    const shuffled = recordsOf(0, homes.length).toReversed()
    await grown.change(connection, { added: shuffled.slice(0, 7), areas: [] })
    await grown.change(connection, { added: shuffled.slice(7), areas: [] })
    expect(stateOf(grown.snapshot())).toBe(stateOf((await open()).snapshot()))
  })

  it('changes by exactly what a record adds, and back when it is withdrawn', async () => {
    await addHomes(connection, homes.slice(0, 40))
    const lattice = await open()
    const before = stateOf(lattice.snapshot())
    await addHomes(connection, homes.slice(40, 41), 40)
    await lattice.change(connection, { added: recordsOf(40, 1), areas: [] })
    expect(stateOf(lattice.snapshot())).not.toBe(before)
    expect(stateOf(lattice.snapshot())).toBe(stateOf((await open()).snapshot()))
    await removeHome(40)
    await lattice.change(connection, { added: [], areas: [homes[40]?.area ?? 'P1A1'] })
    expect(stateOf(lattice.snapshot())).toBe(before)
  })

  it('never changes a snapshot that somebody holds', async () => {
    await addHomes(connection, homes.slice(0, 20))
    const lattice = await open()
    const held = lattice.snapshot()
    const before = stateOf(held)
    await addHomes(connection, homes.slice(20), 20)
    const running = lattice.change(connection, { added: recordsOf(20, 40), areas: ['P1A2'] })
    expect(lattice.snapshot().version).toBe(0)
    await running
    expect(lattice.snapshot().version).toBe(1)
    expect(stateOf(held)).toBe(before)
  })

  it('goes on after a change that failed', async () => {
    const lattice = await open()
    const { connection: other, close: closeOther } = await openVillage()
    await other.run('DROP VIEW current_household_person; DROP TABLE household_person')
    await expect(lattice.change(other, { added: recordsOf(0, 1), areas: [] })).rejects.toThrow()
    await addHomes(connection, homes.slice(0, 1))
    await lattice.change(connection, { added: recordsOf(0, 1), areas: [] })
    expect(stateOf(lattice.snapshot())).toBe(stateOf((await open()).snapshot()))
    closeOther()
  })
})
