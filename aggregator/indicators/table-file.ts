import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { stringify } from 'csv-stringify/sync'
import { cellsOf, type ColumnTable } from './column-table.ts'

/** One line of a working table: codes by dimension id, then the figures. */
export type TableRecord = Readonly<Record<string, string | number | null>>

/** The table as lines, or those from one to before another. Each carries its marking, so that a line copied elsewhere still says what it is. */
export function tableRecords(table: ColumnTable, first = 0, end = table.rows): readonly TableRecord[] {
  const { indicator, indicatorVersion, round, dimensions, marking } = table
  return cellsOf(table, first, end).map(({ nodes, sampling, ...figures }) => ({
    INDICATOR: indicator,
    VERSION: indicatorVersion,
    ROUND: round,
    ...Object.fromEntries(dimensions.map(({ id, nodes: tree }, axis) => [id, tree[nodes[axis] ?? 0]?.code ?? ''])),
    ...figures,
    ...sampling,
    MARKING: marking,
  }))
}

/** The same in every line of a table. */
const heading: readonly string[] = ['INDICATOR', 'VERSION', 'ROUND_BEFORE', 'ROUND', 'MARKING']

/** Lines of a table as its JSON has them: an array per column, and the heading once. */
export function byColumn(records: readonly TableRecord[]): Readonly<Record<string, unknown>> {
  const [first = {}] = records
  return Object.fromEntries(
    Object.entries(first).map(([name, value]) => [name, heading.includes(name) ? value : records.map((record) => record[name] ?? null)]),
  )
}

export const toCsvText = (records: readonly TableRecord[]): string => stringify([...records], { header: true, escape_formulas: true })

/** Writes a Parquet file through a database of its own, in memory: the warehouse writes nowhere but its export folder. */
export async function writeParquet(records: readonly TableRecord[], path: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tala-table-'))
  const instance = await DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' })
  const connection = await instance.connect()
  try {
    const written = join(folder, 'table.parquet')
    const [first = {}] = records
    const columns = Object.entries(first).map(([name, value]) => `"${name}" ${typeof value === 'string' ? 'VARCHAR' : 'DOUBLE'}`)
    await connection.run(`CREATE TABLE figures (${columns.join(', ') || 'nothing INTEGER'})`)
    const appender = await connection.createAppender('figures')
    for (const record of records) {
      for (const value of Object.values(record)) {
        if (value === null) appender.appendNull()
        else if (typeof value === 'string') appender.appendVarchar(value)
        else appender.appendDouble(value)
      }
      appender.endRow()
    }
    appender.closeSync()
    await connection.run(`COPY figures TO '${written.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`)
    await copyFile(written, path)
  } finally {
    connection.closeSync()
    instance.closeSync()
    await rm(folder, { recursive: true, force: true })
  }
}
