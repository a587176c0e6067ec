import type { DuckDBConnection } from '@duckdb/node-api'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'
import { type TableColumn, tablesOf } from '../../../schemas/xlsform/tables.ts'
import { gate } from '../../http/gate.ts'
import { ProblemError } from '../../problem.ts'
import { quotedIdentifier } from '../../warehouse/quoted-identifier.ts'
import type { Warehouse } from '../../warehouse/warehouse.ts'
import { guardQuery, type SqlNode } from './guard-query.ts'

export const mostRows = 1_000
export const longestSeconds = 10

export interface ConsoleAnswer {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** More rows were there than are shown. */
  readonly cut: boolean
  readonly milliseconds: number
}

export interface ConsoleScope {
  readonly questionnaire: Questionnaire
  readonly round: string
  /** Area codes that may be read; null: all. */
  readonly areas: readonly string[] | null
}

/** Runs read-only queries over the pseudonymized rows of one round, one at a time, with a limit of time and rows. */
export function openConsole(warehouse: Pick<Warehouse, 'read'>, seconds: number = longestSeconds) {
  const oneAtATime = gate(1, 4)
  return {
    /** @throws ProblemError `query-refused` when the query is not allowed, fails, or takes too long. */
    run: (text: string, scope: ConsoleScope): Promise<ConsoleAnswer> =>
      oneAtATime(() => warehouse.read((connection) => answer(connection, text, scope, seconds))),
  }
}

/** What the console can read, for the page: view by view, its columns. */
export function deskColumns(questionnaire: Questionnaire): Readonly<Record<'homes' | 'people', readonly TableColumn[]>> {
  const [household, person] = tablesOf(questionnaire)
  const readable = ({ question, type, holds }: TableColumn) =>
    holds !== 'meta' &&
    type !== 'DATE' &&
    question?.sensitivity !== 'sensitive' &&
    question?.sensitivity !== 'direct identifier' &&
    !isFreeText(type, question)
  return { homes: household?.columns.filter(readable) ?? [], people: person?.columns.filter(readable) ?? [] }
}

/** Text that is typed can hold a name; codes cannot. */
const isFreeText = (type: TableColumn['type'], question: TableColumn['question']) => type === 'VARCHAR' && question?.type === 'text'

async function answer(connection: DuckDBConnection, text: string, scope: ConsoleScope, seconds: number): Promise<ConsoleAnswer> {
  const started = performance.now()
  const views = await viewTrees(connection, scope)
  const tree = guardQuery(await serialize(connection, text), views)
  const timer = setTimeout(() => connection.interrupt(), seconds * 1000)
  try {
    const sql = await oneText(connection, 'select json_deserialize_sql($1::varchar::json)', JSON.stringify(tree))
    const result = await connection.stream(sql)
    const rows: string[][] = []
    for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0 && rows.length <= mostRows; chunk = await result.fetchChunk())
      rows.push(...chunk.getRows().map((row) => row.map((value) => (value === null ? '' : String(value)))))
    return {
      columns: result.columnNames(),
      rows: rows.slice(0, mostRows),
      cut: rows.length > mostRows,
      milliseconds: Math.round(performance.now() - started),
    }
  } catch (error) {
    throw explained(error, seconds)
  } finally {
    clearTimeout(timer)
  }
}

/** DuckDB's message names columns and positions of the query; it could quote a value that does not convert, which is cut. */
function explained(error: unknown, seconds: number): ProblemError {
  if (error instanceof ProblemError) return error
  const message = error instanceof Error ? error.message : ''
  if (/interrupt/i.test(message))
    return new ProblemError('query-refused', `It took more than ${seconds} seconds and was stopped; ask for less.`)
  if (/^(Conversion|Out of Range|Invalid Input)/i.test(message))
    return new ProblemError('query-refused', 'A value cannot be converted as the query asks; use a condition or try_cast.')
  return new ProblemError('query-refused', (message.split('\n')[0] ?? '').slice(0, 300))
}

async function serialize(connection: DuckDBConnection, text: string): Promise<SqlNode> {
  // Places in the text are 64-bit numbers, which JSON.parse would round to what DuckDB does not take back.
  const json = await oneText(connection, 'select json_serialize_sql($1::varchar)', text)
  return JSON.parse(json.replace(/"query_location":\d+/g, '"query_location":0')) as SqlNode
}

async function oneText(connection: DuckDBConnection, sql: string, value: string): Promise<string> {
  return String((await connection.runAndReadAll(sql, [value])).getRows()[0]?.[0])
}

/** The two views as entries of a WITH: no keys, no days, no free text; `home` is a number that means nothing outside the query. */
async function viewTrees(connection: DuckDBConnection, { questionnaire, round, areas }: ConsoleScope): Promise<readonly SqlNode[]> {
  const { homes, people } = deskColumns(questionnaire)
  const [household, person] = tablesOf(questionnaire).map(({ name }) => quotedIdentifier(`current_${name}`))
  const where = `where round = ${quoted(round)}${areas === null ? '' : ` and area in (${areas.map(quoted).join(', ') || "''"})`}`
  const select = (columns: readonly TableColumn[], from: string | undefined) =>
    `select hash(household_key) as home, area, ${columns.map(({ name }) => quotedIdentifier(name)).join(', ')} from ${from} ${where}`
  const tree = await serialize(connection, `with homes as (${select(homes, household)}), people as (${select(people, person)}) select 1`)
  const [statement] = tree['statements'] as readonly { readonly node: { readonly cte_map: { readonly map: readonly SqlNode[] } } }[]
  return statement?.node.cte_map.map ?? []
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
