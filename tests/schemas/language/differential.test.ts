import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evaluate } from '../../../schemas/language/evaluate.ts'
import type { Expression } from '../../../schemas/language/expression.ts'
import { functions } from '../../../schemas/language/functions.ts'
import { translatedFunctions } from '../../../schemas/language/sql-library.ts'
import { asCondition, asDouble, asText, isSqlList, SqlError } from '../../../schemas/language/sql-value.ts'
import { type SqlPlace, toSql } from '../../../schemas/language/to-sql.ts'
import { toBoolean, toNumber, toText, type Value } from '../../../schemas/language/value.ts'
import { scopeOf } from './household.ts'
import { expressions } from './random-expressions.ts'
import { loadHouseholds } from './load-households.ts'
import { households, names } from './random-households.ts'

// Planning grows faster than the number of subqueries in one statement.
const batchSize = 5
const howMany = { expressions: Number(process.env.TALA_EXPRESSIONS ?? 400), households: Number(process.env.TALA_HOUSEHOLDS ?? 60) }
const seed = Number(process.env.TALA_SEED ?? 20260315)
const homes = fc.sample(households, { numRuns: howMany.households, seed })
const nodes = (expression: Expression | null): number =>
  Array.isArray(expression) ? expression.slice(1).reduce<number>((sum, part) => sum + nodes(part as Expression), 1) : 0
const sample = fc.sample(
  expressions.filter((each) => nodes(each) <= 16),
  { numRuns: howMany.expressions, seed: seed + 1 },
)
const today = "DATE '2026-03-15'"
const atHome: SqlPlace = { household: 'h', today, now: "'2026-03-15T10:30:00+08:00'" }
const atMember: SqlPlace = { ...atHome, member: { repeat: 'person', alias: 'p' } }

let instance: DuckDBInstance
let connection: DuckDBConnection
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
  await connection.run("set timezone = 'UTC'")
  await loadHouseholds(connection, homes)
})
afterAll(() => {
  connection.closeSync()
  instance.closeSync()
})

/** Number, text and condition of one value: the three readings must all agree. */
interface Readings {
  readonly number: number | null
  readonly text: string | null
  readonly holds: boolean
}

// Sums of decimals may differ in the last bit between the two back ends, and so may their text.
const rounded = (value: number) => Number(value.toPrecision(12))
const readingsOf = (value: Value, textToo: boolean): Readings => ({
  number: Number.isFinite(toNumber(value)) ? rounded(toNumber(value)) + 0 : null,
  text: textToo ? toText(value) : null,
  holds: toBoolean(value),
})

/** The three readings in SQL; undefined when the expression has none, which only a mixture of kinds may cause. */
function readingsInSql(expression: Expression, place: SqlPlace): { readonly columns: string; readonly textToo: boolean } | undefined {
  try {
    const value = toSql(expression, names, place)
    const textToo = isSqlList(value) || value.kind !== 'number'
    return { columns: `${asDouble(value)}, ${textToo ? asText(value) : 'NULL'}, ${asCondition(value)}`, textToo }
  } catch (error) {
    if (error instanceof SqlError && /branch/.test(error.message)) return undefined
    throw error
  }
}

async function compare(batch: readonly Expression[], place: SqlPlace) {
  const translated = batch.flatMap((expression) => {
    const readings = readingsInSql(expression, place)
    return readings ? [{ expression, ...readings }] : []
  })
  if (!translated.length) return 0
  const [from, order] = place.member
    ? ['home h JOIN home_person p ON p.record_id = h.record_id', 'CAST(h.record_id AS INTEGER), p.row_position']
    : ['home h', 'CAST(h.record_id AS INTEGER)']
  const rows = (
    await connection.runAndReadAll(`SELECT ${translated.map(({ columns }) => columns).join(',\n')} FROM ${from} ORDER BY ${order}`)
  ).getRowsJS()
  const scopes = homes.flatMap((home) => (place.member ? (home.members ?? []).map((_, row) => scopeOf(home, row)) : [scopeOf(home)]))
  expect(rows.length).toBe(scopes.length)
  for (const [index, { expression, textToo }] of translated.entries()) {
    const bySql = rows.map(
      (row): Readings => ({
        number: row[index * 3] === null ? null : rounded(Number(row[index * 3])) + 0,
        text: row[index * 3 + 1] as string | null,
        holds: row[index * 3 + 2] as boolean,
      }),
    )
    const direct = scopes.map((scope) => readingsOf(evaluate(expression, scope), textToo))
    expect(bySql, JSON.stringify(expression)).toEqual(direct)
  }
  return translated.length
}

describe('the database and the phone', () => {
  it.each([
    ['household', atHome],
    ['member', atMember],
  ] as const)(
    'give the same number, text and condition for the same %s',
    async (_, place) => {
      let compared = 0
      const batches = Math.ceil(sample.length / batchSize)
      for (let batch = 0; batch < batches; batch++)
        compared += await compare(sample.slice(batch * batchSize, (batch + 1) * batchSize), place)
      expect(compared).toBeGreaterThan(sample.length * 0.9)
    },
    600_000,
  )

  it('know the same functions', () => {
    expect([...translatedFunctions].sort()).toEqual(functions.map(({ name }) => name).sort())
  })

  it('are compared over all functions that have a value in the database', () => {
    const used = JSON.stringify(sample)
    const unused = functions.map(({ name }) => name).filter((name) => !used.includes(`["call","${name}"`))
    expect(unused.sort()).toEqual(['once', 'random', 'uuid'])
  })
})
