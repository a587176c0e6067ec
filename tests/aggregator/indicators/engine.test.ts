import type { DuckDBConnection } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Indicator } from '../../../aggregator/indicators/definition.ts'
import { loadDefinitions } from '../../../aggregator/indicators/load-definitions.ts'
import { tabulate } from '../../../aggregator/indicators/tabulate.ts'
import type { WorkingTable } from '../../../aggregator/indicators/working-table.ts'
import { evaluate, holds } from '../../../schemas/language/evaluate.ts'
import type { Scope } from '../../../schemas/language/scope.ts'
import { toNumber, toText } from '../../../schemas/language/value.ts'
import { handWritten } from './hand-written.ts'
import { randomHomes, scopeOfHome } from './random-village.ts'
import { addHomes, type Home, householdQuestionnaire, openVillage, round } from './village.ts'

let connection: DuckDBConnection
let close: () => void
let homes: readonly Home[]
let indicators: readonly Indicator[]
let tables: ReadonlyMap<string, WorkingTable>
beforeAll(async () => {
  ;({ connection, close } = await openVillage())
  const questionnaire = await householdQuestionnaire()
  homes = fc.sample(randomHomes(questionnaire), { numRuns: 500, seed: 77 })
  await addHomes(connection, homes)
  indicators = (await loadDefinitions()).filter(({ universe }) => universe !== undefined)
  const found = await tabulate(connection, { indicators, questionnaire, round, by: ['REF_AREA', 'SEX', 'SEX_OF_HEAD'] })
  tables = new Map(found.map((table) => [table.indicator, table]))
}, 60_000)
afterAll(() => close())

interface Unit {
  readonly scope: Scope
  readonly area: string
  readonly sex: string
}
const code = (value: string): string => ({ F: 'F', M: 'M', X: '_O' })[value] ?? '_U'

function unitsOf(level: 'person' | 'household'): readonly Unit[] {
  return homes.flatMap((home): readonly Unit[] => {
    const area = home.area ?? ''
    if (level === 'household') return [{ scope: scopeOfHome(home), area, sex: code(toText(scopeOfHome(home).value('sex_of_head'))) }]
    return (home.people ?? []).map((_, row) => ({
      scope: scopeOfHome(home, row),
      area,
      sex: code(toText(scopeOfHome(home, row).value('B03'))),
    }))
  })
}

/** The figure straight from the definition, one unit after the other. */
function direct({ definition, ...parts }: Indicator, units: readonly Unit[]) {
  const number = (part: typeof parts.value, { scope }: Unit) => (part === undefined ? Number.NaN : toNumber(evaluate(part, scope)))
  const inUniverse = units.filter(
    (unit) =>
      parts.universe !== undefined &&
      holds(parts.universe, unit.scope) &&
      (parts.value === undefined || !Number.isNaN(number(parts.value, unit))),
  )
  const asked = units.filter((unit) => (parts.asked === undefined ? inUniverse.includes(unit) : holds(parts.asked, unit.scope)))
  const sum = (part: typeof parts.value) =>
    inUniverse.reduce((total, unit) => total + (Number.isNaN(number(part, unit)) ? 0 : number(part, unit)), 0)
  const shared = { respondents: inUniverse.length, withoutAnswer: asked.filter((unit) => !inUniverse.includes(unit)).length }
  switch (definition.type) {
    case 'proportion':
      return { ...shared, cases: inUniverse.filter((unit) => parts.numerator !== undefined && holds(parts.numerator, unit.scope)).length }
    case 'mean':
      return { ...shared, numerator: sum(parts.value) }
    case 'ratio':
      return { ...shared, numerator: sum(parts.numerator), denominator: sum(parts.denominator) }
    default:
      return shared
  }
}

/** Sums of decimals are rounded to billionths in the database. */
const closeTo = (figures: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Number.isInteger(value) ? value : expect.closeTo(value, 6)]))

function cellOf(table: WorkingTable | undefined, codes: Readonly<Record<string, string>>) {
  const nodes = table?.dimensions.map(({ id, nodes: tree }) => tree.findIndex((node) => node.code === (codes[id] ?? '_T')))
  return table?.cells.find((each) => each.nodes.every((node, axis) => node === nodes?.[axis]))
}

describe('the engine', () => {
  it('equals direct evaluation for every indicator: in total, by sex and by area', () => {
    expect(indicators.length).toBeGreaterThan(80)
    for (const indicator of indicators) {
      const { id, level, breakdowns } = indicator.definition
      const sexDimension = level === 'person' ? 'SEX' : 'SEX_OF_HEAD'
      const units = unitsOf(level)
      const groups = [
        { codes: {}, of: units },
        { codes: { REF_AREA: 'P1A' }, of: units.filter(({ area }) => area.startsWith('P1A')) },
        { codes: { REF_AREA: 'P1B1' }, of: units.filter(({ area }) => area === 'P1B1') },
        ...['F', 'M', '_O', '_U'].map((sex) => ({ codes: { [sexDimension]: sex }, of: units.filter((unit) => unit.sex === sex) })),
      ]
      for (const { codes, of } of groups.filter((group) => Object.keys(group.codes).every((dimension) => breakdowns.includes(dimension)))) {
        const expected = direct(indicator, of)
        const found = cellOf(tables.get(id), codes)
        if (expected.respondents === 0) expect(found, `${id} ${JSON.stringify(codes)}`).toBeUndefined()
        else expect(found, `${id} ${JSON.stringify(codes)}`).toMatchObject(closeTo(expected))
      }
    }
  })

  it('meets enough answers to tell: nearly every indicator has respondents and cases in this village', () => {
    const silent = [...tables.values()].filter((table) => (cellOf(table, {})?.respondents ?? 0) < 2).map(({ indicator }) => indicator)
    expect(silent).toEqual([])
  })

  it.each(Object.entries(handWritten))('equals SQL written by hand: %s', async (id, sql) => {
    const [row] = (await connection.runAndReadAll(sql)).getRowsJS()
    const { respondents, cases } = cellOf(tables.get(id), {}) ?? {}
    expect([respondents, cases]).toEqual(row?.map(Number))
  })
})
