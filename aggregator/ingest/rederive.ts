import type { DuckDBConnection } from '@duckdb/node-api'
import type { Round } from '../../schemas/generated/records.ts'
import type { Answer, Answers, Row } from '../../schemas/interview/answers.ts'
import { type Table, type TableColumn, tablesOf } from '../../schemas/xlsform/tables.ts'
import { quotedIdentifier } from '../warehouse/quoted-identifier.ts'
import { Blocks, putBack, type SpareBlocks } from '../warehouse/blocks.ts'
import { TableBuffer } from '../warehouse/table-buffer.ts'
import { appendChunks } from '../warehouse/table-writer.ts'
import { asTexts, textsIn } from '../warehouse/text-list.ts'
import type { StaleRules } from './derived-rules.ts'
import { cellOf } from './flatten.ts'
import type { Edition } from './questionnaire-library.ts'

/** Stored records whose derived variables are worked out anew. */
export interface Rederivation {
  /** The version whose rules are to hold; its tables are in the warehouse. */
  readonly edition: Edition
  readonly round: Round
  readonly stale: StaleRules
  /** Ids of the records. */
  readonly records: readonly string[]
}

/** Of each variable that has another value now: in how many rows that count. */
export type Rederived = ReadonlyMap<string, number>

const recordsAtOnce = 1_000
/** No question can have this name. */
const itsRow = '"its row"'

/**
 * Works derived variables out again, from the answers that the warehouse keeps, by the same rules that ingest runs; answers themselves are never
 * written. Runs inside the caller's transaction.
 * @param dryRun only counts.
 */
export async function rederive(
  connection: DuckDBConnection,
  { edition, round, stale, records }: Rederivation,
  dryRun = false,
): Promise<Rederived> {
  const tables = tablesOf(edition.questionnaire).map((table) => stagedTable(table, stale))
  // Settings of the round lie with the answers as they were when the interview was taken in.
  const asTaken: Round = { ...round, settings: {} }
  const staged = tables.filter(({ columns }) => columns.length > 0)
  for (const { create } of staged) await connection.run(create)
  const spare: SpareBlocks = []
  for (let from = 0; from < records.length; from += recordsAtOnce) {
    const blocks = new Blocks(spare)
    const homes = await homesOf(connection, tables, records.slice(from, from + recordsAtOnce))
    const buffers = staged.map(({ columns }) => new TableBuffer(['BIGINT', ...columns.map(({ type }) => type)], homes.length, blocks))
    for (const { day, answers, rows } of homes) {
      const derived = derive(edition, answers, day, asTaken)
      for (const [at, { table, columns }] of staged.entries())
        for (const [place, row] of (rows.get(table.name) ?? []).entries())
          buffers[at]?.add([row, ...columns.map((column) => cellOf(column, derived(table.repeat, place, column.question?.name ?? '')))])
    }
    edition.compiled?.rules.forget()
    for (const [at, { staging }] of staged.entries()) await appendChunks(connection, staging, buffers[at]?.finish() ?? [])
    putBack(blocks.all, spare)
  }
  const changes = new Map<string, number>()
  for (const table of staged) {
    for (const [name, rows] of await setWhatDiffers(connection, table, dryRun)) changes.set(name, rows)
    await connection.run(`drop table ${quotedIdentifier(table.staging)}`)
  }
  return changes
}

interface StagedTable {
  readonly table: Table
  /** Columns of answers that the rules read. */
  readonly given: readonly TableColumn[]
  /** Columns of the variables to work out. */
  readonly columns: readonly TableColumn[]
  /** Where the new values lie until they are set: by the row they belong to. */
  readonly staging: string
  readonly create: string
}

function stagedTable(table: Table, { variables, answers }: StaleRules): StagedTable {
  const of = (names: ReadonlySet<string>) => table.columns.filter(({ question }) => question && names.has(question.name))
  const columns = of(variables)
  // To expressions "don't know" and "prefer not to say" are as empty as no answer: the code in the column beside is not read.
  const given = of(answers).filter(({ holds }) => holds === 'answer')
  const staging = `rederived_${table.name}`
  const fields = columns.map(({ name, type }) => `, ${quotedIdentifier(name)} ${type}`).join('')
  return { table, given, columns, staging, create: `create temp table ${quotedIdentifier(staging)} (${itsRow} bigint${fields})` }
}

interface Home {
  /** YYYY-MM-DD: the day it was interviewed. */
  readonly day: string
  readonly answers: Answers
  /** By name of the table: where its rows lie, members in their order. */
  readonly rows: ReadonlyMap<string, readonly bigint[]>
}

async function homesOf(connection: DuckDBConnection, tables: readonly StagedTable[], ids: readonly string[]): Promise<readonly Home[]> {
  const homes = new Map<string, { day: string; answers: Record<string, Answers[string]>; rows: Map<string, readonly bigint[]> }>()
  // The table of homes is the first.
  for (const staged of tables) {
    const { name, repeat } = staged.table
    for (const [record, rows] of await rowsOf(connection, staged, ids)) {
      const [first] = rows
      if (repeat === undefined && first) homes.set(record, { day: first.day, answers: first.answers, rows: new Map() })
      const home = homes.get(record)
      home?.rows.set(
        name,
        rows.map(({ at }) => at),
      )
      if (home && repeat !== undefined) home.answers[repeat] = rows.map(({ answers }, place): Row => ({ ...answers, _id: `m${place}` }))
    }
  }
  return [...homes.values()]
}

interface StoredRow {
  readonly day: string
  readonly at: bigint
  readonly answers: Record<string, Answer>
}

/** The rows of these records, members in their order. */
async function rowsOf(
  connection: DuckDBConnection,
  { table, given }: StagedTable,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly StoredRow[]>> {
  const columns = given.map(({ name }) => `, ${quotedIdentifier(name)}`).join('')
  const order = table.repeat === undefined ? 'record_id' : 'record_id, row_position'
  const result = await connection.runAndReadAll(
    `select record_id, finished, rowid${columns} from ${quotedIdentifier(table.name)} where record_id in (${textsIn('$ids')}) order by ${order}`,
    { ids: asTexts(ids) },
  )
  const rows = new Map<string, StoredRow[]>()
  for (const row of result.getRowsJson() as unknown as readonly (readonly [string, string, string, ...(Answer | null)[]])[]) {
    const [record, day, at, ...cells] = row
    const answers: Record<string, Answer> = {}
    for (const [place, column] of given.entries()) {
      const answer = cells[place] ?? null
      if (answer !== null) answers[column.name] = answer
    }
    const stored = { day, at: BigInt(at), answers }
    const known = rows.get(record)
    if (known) known.push(stored)
    else rows.set(record, [stored])
  }
  return rows
}

type Derived = (repeat: string | undefined, place: number, name: string) => Answer | undefined

/** By the compiled rules; by the interpreter where they leave a record to it. */
function derive(edition: Edition, answers: Answers, day: string, round: Round): Derived {
  const rules = edition.compiled?.rules
  if (rules && rules.settle(answers, null, edition.context(day, day, round)) !== null)
    return (repeat, place, name) => rules.levels.find((level) => level.repeat === repeat)?.byName.get(name)?.raw[place]
  const whole = edition.form(day, day, round).calculate(answers)
  return (repeat, place, name) => (repeat === undefined ? whole : (whole[repeat] as readonly Row[])[place])?.[name] as Answer | undefined
}

/** Sets what was worked out, in the rows where it is another value. @returns rows that count, by variable. */
async function setWhatDiffers(connection: DuckDBConnection, { table, columns, staging }: StagedTable, dryRun: boolean): Promise<Rederived> {
  const target = quotedIdentifier(table.name)
  const names = columns.map(({ name }) => quotedIdentifier(name))
  const differs = (name: string) => `t.${name} is distinct from s.${name}`
  const counts = await connection.runAndReadAll(
    `select ${names.map((name) => `count_if(${differs(name)})::integer`).join(', ')}
     from ${target} t join ${quotedIdentifier(staging)} s on s.${itsRow} = t.rowid anti join not_counted n on n.record_id = t.record_id`,
  )
  if (!dryRun)
    await connection.run(
      `update ${target} t set ${names.map((name) => `${name} = s.${name}`).join(', ')}
       from ${quotedIdentifier(staging)} s where s.${itsRow} = t.rowid and (${names.map(differs).join(' or ')})`,
    )
  const rows = (counts.getRows()[0] ?? []).map(Number)
  return new Map(columns.flatMap(({ name }, at) => ((rows[at] ?? 0) > 0 ? [[name, rows[at] ?? 0]] : [])))
}
