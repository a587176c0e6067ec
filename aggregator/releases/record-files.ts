import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProtectedExtract } from '../disclosure/protected.ts'
import { inClosedDuckdb, quoted } from './closed-duckdb.ts'

/** The records as CSV and Parquet, from the protected rows and nothing else; written in one order, so file statistics tell no more than the rows. */
export async function writeRecordFiles(
  folder: string,
  extract: ProtectedExtract,
): Promise<readonly { readonly path: string; readonly sha256: string; readonly bytes: number }[]> {
  await inClosedDuckdb(folder, async (connection) => {
    await connection.run(
      `create table records (${extract.columns.map(({ name, type }) => `"${name}" ${type === 'integer' ? 'integer' : 'varchar'}`).join(', ')})`,
    )
    const appender = await connection.createAppender('records')
    for (const row of extract.rows) {
      for (const value of row) {
        if (value === null) appender.appendNull()
        else if (typeof value === 'number') appender.appendInteger(value)
        else appender.appendVarchar(value)
      }
      appender.endRow()
    }
    appender.closeSync()
    await connection.run(`copy records to ${quoted(join(folder, 'records.csv'))} (format csv, header)`)
    await connection.run(`copy records to ${quoted(join(folder, 'records.parquet'))} (format parquet, compression zstd)`)
  })
  return Promise.all(
    ['records.csv', 'records.parquet'].map(async (path) => {
      const bytes = await readFile(join(folder, path))
      return { path: `records/${path}`, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length }
    }),
  )
}
