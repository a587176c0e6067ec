import type { DuckDBConnection } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadDefinitions } from '../../../aggregator/indicators/load-definitions.ts'
import { panelTable } from '../../../aggregator/indicators/panel.ts'
import { addHomes, householdQuestionnaire, openVillage } from './village.ts'

let connection: DuckDBConnection
let close: () => void
beforeEach(async () => ({ connection, close } = await openVillage()))
afterEach(() => close())

const key = (number: number) => `00000000-0000-0000-0000-${String(number).padStart(12, '0')}`
const hex = (number: number) => key(number).replaceAll('-', '')
/** Children of 10 in two rounds: person n of the first is person 100 + n of the second. */
async function children(first: readonly string[], second: readonly string[]): Promise<void> {
  const people = (answers: readonly string[], from: number) =>
    answers.map((E02, index) => ({ B06: '1', B03: 'F', age: 10, E02, person_key: key(from + index) }))
  await addHomes(connection, [{ people: people(first, 0) }])
  await connection.run("UPDATE household SET round = '2023-1'; UPDATE household_person SET round = '2023-1'")
  await addHomes(connection, [{ people: people(second, 100) }], 1)
}
const panel = async (id: string, count: number) => {
  const indicator = (await loadDefinitions()).find(({ definition }) => definition.id === id)
  if (!indicator) throw new Error(`${id} is defined.`)
  const links = Array.from({ length: count }, (_, index) => ({ earlier: hex(index), later: hex(100 + index) }))
  return panelTable(connection, indicator, await householdQuestionnaire(), ['2023-1', '2026-1'], links)
}

describe('a panel of people who were linked', () => {
  it('tells who changed, among those who answered twice', async () => {
    // Out of school (0): at first four of six, then two of six; the seventh did not answer once, the eighth is not linked.
    await children(['0', '0', '0', '0', '1', '1', '0', '0'], ['0', '1', '1', '1', '1', '0', '99', '0'])
    expect(await panel('EDU01', 7)).toMatchObject({ marking: 'not for release', linked: 7, yesYes: 1, yesNo: 3, noYes: 1, noNo: 1 })
  })

  it('gives the change with the error of people who answer twice', async () => {
    await children(['0', '0', '0', '0', '1', '1'], ['0', '1', '1', '1', '1', '0'])
    const { change, standardError } = await panel('EDU01', 6)
    // (1 - 3) / 6 in percent; variance (4 - 4/6) / 36.
    expect(change).toBeCloseTo(-100 / 3, 9)
    expect(standardError).toBeCloseTo(100 * Math.sqrt((4 - 4 / 6) / 36), 9)
  })

  it('says nothing when nobody answered twice, and follows only proportions of people', async () => {
    expect(await panel('EDU01', 0)).toMatchObject({ linked: 0, change: null, standardError: null })
    await expect(panel('REM01', 0)).rejects.toThrow(/not a proportion of people/)
  })
})
