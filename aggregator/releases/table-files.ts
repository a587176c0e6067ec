import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { createHash } from 'node:crypto'
import type { ProtectedTable } from '../disclosure/protected.ts'
import { inClosedDuckdb, quoted } from './closed-duckdb.ts'
import type { ReleasedFile } from './release.ts'

/**
 * Writes each table as JSON (the table itself), CSV and Parquet, from the protected cells and nothing else.
 * Parquet and CSV come from a DuckDB that lives in memory, sees no other folder and cannot load anything.
 */
export async function writeTableFiles(folder: string, tables: readonly ProtectedTable[]): Promise<readonly ReleasedFile[]> {
  const files: ReleasedFile[] = []
  await inClosedDuckdb(folder, async (connection) => {
    for (const table of tables) {
      const name = fileName(table.id)
      await writeFile(join(folder, 'tables', `${name}.json`), JSON.stringify(table))
      await fill(connection, table)
      const target = (extension: string) => quoted(join(folder, 'tables', `${name}.${extension}`))
      await connection.run(`copy (select * from cells) to ${target('csv')} (format csv, header)`)
      await connection.run(
        `copy (select * from cells) to ${target('parquet')} (format parquet, compression zstd, kv_metadata {'table': ${quoted(table.id)}, 'release': ${quoted(table.release)}, 'minimum': '${table.rule.minimum}'})`,
      )
      await connection.run('drop table cells')
      for (const extension of ['json', 'csv', 'parquet']) files.push(await describe(folder, `tables/${name}.${extension}`, table.id))
    }
  })
  return files
}

async function describe(folder: string, path: string, table: string): Promise<ReleasedFile> {
  const bytes = await readFile(join(folder, path))
  return { path, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length, table }
}

/** The columns follow SDMX; a withheld figure is empty with OBS_STATUS Q, CONF_STATUS C says no more than confidential. */
async function fill(connection: DuckDBConnection, table: ProtectedTable): Promise<void> {
  const dimensions = table.dimensions.map(({ id }) => `${quotedIdentifier(id)} varchar`)
  const columns = [
    '"INDICATOR" varchar',
    ...dimensions,
    '"TIME_PERIOD" varchar',
    '"OBS_VALUE" double',
    '"NUMERATOR" double',
    '"DENOMINATOR" double',
    '"UNIT_MEASURE" varchar',
    '"OBS_STATUS" varchar',
    '"CONF_STATUS" varchar',
  ]
  await connection.run(`create table cells (${columns.join(', ')})`)
  const appender = await connection.createAppender('cells')
  for (const cell of table.cells) {
    appender.appendVarchar(table.indicator)
    cell.nodes.forEach((node, axis) => appender.appendVarchar(table.dimensions[axis]?.nodes[node]?.code ?? ''))
    appender.appendVarchar(table.round)
    for (const figure of [cell.value, cell.numerator, cell.denominator]) {
      if (figure === null) appender.appendNull()
      else appender.appendDouble(figure)
    }
    appender.appendVarchar(table.unit)
    appender.appendVarchar(cell.status)
    appender.appendVarchar(cell.status === 'Q' ? 'C' : 'F')
    appender.endRow()
  }
  appender.closeSync()
}

function fileName(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9._-]/g, '_')
}

function quotedIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
