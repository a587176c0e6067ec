import type { DuckDBConnection } from '@duckdb/node-api'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { ProblemError } from '../problem.ts'
import { quotedIdentifier } from './quoted-identifier.ts'
import { type Table, type TableColumn, tablesOf } from '../../schemas/xlsform/tables.ts'
import type { TableLayout } from './warehouse.ts'

/** Makes the tables of a questionnaire version, adds what an earlier version lacked, and renews the views. */
export async function prepareTables(connection: DuckDBConnection, questionnaire: Questionnaire): Promise<readonly TableLayout[]> {
  const layouts: TableLayout[] = []
  for (const shape of tablesOf(questionnaire)) layouts.push(await prepareTable(connection, shape))
  return layouts
}

async function prepareTable(connection: DuckDBConnection, shape: Table): Promise<TableLayout> {
  const table = quotedIdentifier(shape.name)
  const existing = await existingColumns(connection, shape.name)
  const missing = shape.columns.filter(({ name }) => !existing.has(name))
  refuseOtherTypes(shape, existing)
  if (existing.size === 0) await connection.run(`create table ${table} (${shape.columns.map(definition).join(', ')})`)
  else for (const column of missing) await connection.run(`alter table ${table} add column ${definition(column)}`)
  if (missing.length > 0) await renewViews(connection, shape)
  const byName = new Map(shape.columns.map((column) => [column.name, column]))
  const order = [...(await existingColumns(connection, shape.name))]
  const columns = order.map(([name, type]) => byName.get(name) ?? { name, type: type as TableColumn['type'], holds: 'answer' as const })
  return { ...shape, columns }
}

const definition = ({ name, type }: TableColumn) => `${quotedIdentifier(name)} ${type}`

async function renewViews(connection: DuckDBConnection, { name }: Table): Promise<void> {
  const table = quotedIdentifier(name)
  // The right side of an anti join is the small one: the records that do not count.
  await connection.run(
    `create or replace view ${quotedIdentifier(`current_${name}`)} as
     select t.* from ${table} t anti join not_counted n on n.record_id = t.record_id`,
  )
  await connection.run(
    `create or replace view ${quotedIdentifier(`shareable_${name}`)} as
     select t.* from ${quotedIdentifier(`current_${name}`)} t semi join ledger l on l.record_id = t.record_id and l.consent_sharing`,
  )
}

/** Column names and types in physical order; empty when there is no such table. */
async function existingColumns(connection: DuckDBConnection, table: string): Promise<ReadonlyMap<string, string>> {
  const result = await connection.runAndReadAll(
    `select column_name, data_type from duckdb_columns() where table_name = $table and schema_name = 'main' and database_name = current_database() order by column_index`,
    { table },
  )
  return new Map(result.getRows().map(([name, type]) => [String(name), String(type)]))
}

function refuseOtherTypes(shape: Table, existing: ReadonlyMap<string, string>): void {
  const other = shape.columns.filter(({ name, type }) => existing.has(name) && existing.get(name) !== type)
  if (other.length > 0)
    throw new ProblemError(
      'warehouse-mismatch',
      `${shape.name}: ${other.map(({ name }) => name).join(', ')} changed type since an earlier version; give the changed question a new name.`,
    )
}
