import type { DuckDBConnection } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sqlNames } from '../../../aggregator/indicators/sql-names.ts'
import { dependencies } from '../../../schemas/language/dependencies.ts'
import { evaluate } from '../../../schemas/language/evaluate.ts'
import type { Expression } from '../../../schemas/language/expression.ts'
import { asCondition, asDouble, asText, isSqlList } from '../../../schemas/language/sql-value.ts'
import { type SqlPlace, toSql } from '../../../schemas/language/to-sql.ts'
import { toBoolean, toNumber, toText, type Value } from '../../../schemas/language/value.ts'
import type { Item, Question, Questionnaire } from '../../../schemas/questionnaire.ts'
import { randomHomes, scopeOfHome } from './random-village.ts'
import { addHomes, type Home, householdQuestionnaire, openVillage } from './village.ts'

interface Rule {
  readonly title: string
  readonly expression: Expression
  readonly member: boolean
}

let connection: DuckDBConnection
let close: () => void
let questionnaire: Questionnaire
let homes: readonly Home[]
let rules: readonly Rule[]
beforeAll(async () => {
  ;({ connection, close } = await openVillage())
  questionnaire = await householdQuestionnaire()
  homes = fc.sample(randomHomes(questionnaire), { numRuns: Number(process.env.TALA_HOUSEHOLDS ?? 120), seed: 2026 })
  await addHomes(connection, homes)
  rules = rulesOf(questionnaire.items, false)
}, 600_000)
afterAll(() => close())

/** Every skip, constraint, calculation and check that reads only what lies in the warehouse. */
function rulesOf(items: readonly Item[], member: boolean): readonly Rule[] {
  return items.flatMap((item): readonly Rule[] => {
    const own = item.relevant === undefined ? [] : [{ title: `${item.name} relevant`, expression: item.relevant, member }]
    if (item.kind === 'question') return [...own, ...questionRules(item, member)].filter(({ expression }) => isInWarehouse(expression))
    return [...own.filter(({ expression }) => isInWarehouse(expression)), ...rulesOf(item.items, member || item.kind === 'repeat')]
  })
}

function questionRules({ name, constraint, calculation, required }: Question, member: boolean): readonly Rule[] {
  const parts = { constraint, calculation, required }
  return Object.entries(parts).flatMap(([part, expression]) =>
    expression === undefined ? [] : [{ title: `${name} ${part}`, expression: named(expression, name), member }],
  )
}

/** `.` stands for the question itself. */
function named(expression: Expression, name: string): Expression {
  if (typeof expression === 'number') return expression
  if (expression[0] === 'self') return ['ref', name]
  return expression.map((part) => (Array.isArray(part) ? named(part as Expression, name) : part)) as unknown as Expression
}

/** Direct identifiers have no column, and what is drawn while the form is open is only stored. */
function isInWarehouse(expression: Expression): boolean {
  const names = sqlNames(questionnaire)
  const hidden = new Set(identifiers(questionnaire.items))
  const isKnown = (name: string) => (names.question(name) !== undefined || names.repeatTable(name) !== undefined) && !hidden.has(name)
  return !JSON.stringify(expression).includes('"once"') && [...dependencies(expression).names].every(isKnown)
}

const withoutColumn = ['note', 'geopoint', 'image', 'audio', 'start', 'end', 'datetime', 'deviceid']
const identifiers = (items: readonly Item[]): readonly string[] =>
  items.flatMap((item) => {
    if (item.kind !== 'question') return identifiers(item.items)
    return item.sensitivity === 'direct identifier' || withoutColumn.includes(item.type) ? [item.name] : []
  })

const rounded = (value: number) => (Number.isFinite(value) ? Number(value.toPrecision(9)) + 0 : null)
const readings = (value: Value, textToo: boolean) => [rounded(toNumber(value)), textToo ? toText(value) : null, toBoolean(value)]

describe('every rule of the survey', () => {
  it('is among those compared, but for the few about names and the clock', () => {
    expect(rules.length).toBeGreaterThan(150)
  })

  it('means the same on the phone and in the database', async () => {
    const names = sqlNames(questionnaire)
    for (const { title, expression, member } of rules) {
      const place: SqlPlace = {
        household: 'h',
        today: 'h.finished',
        now: "'2026-03-10T00:00:00'",
        ...(member && { member: { repeat: 'person', alias: 'p' } }),
      }
      const value = toSql(expression, names, place)
      const textToo = isSqlList(value) || value.kind !== 'number'
      const from = member ? 'current_household_person p JOIN current_household h ON h.record_id = p.record_id' : 'current_household h'
      const order = `CAST(substr(h.record_id, 3) AS INTEGER)${member ? ', p.row_position' : ''}`
      const sql = `SELECT ${asDouble(value)}, ${textToo ? asText(value) : 'NULL'}, ${asCondition(value)} FROM ${from} ORDER BY ${order}`
      const rows = (await connection.runAndReadAll(sql)).getRowsJS()
      const scopes = homes.flatMap((home) => (member ? (home.people ?? []).map((_, row) => scopeOfHome(home, row)) : [scopeOfHome(home)]))
      const direct = scopes.map((scope) => readings(evaluate(expression, scope), textToo))
      expect(
        rows.map(([number, text, holds]) => [number === null ? null : rounded(Number(number)), text, holds]),
        title,
      ).toEqual(direct)
    }
  }, 600_000)
})
