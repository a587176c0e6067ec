import type { DuckDBConnection } from '@duckdb/node-api'
import { quotedIdentifier } from './quoted-identifier.ts'

/** Rows and a hash of the content of each table, independent of the order of rows: two databases with equal fingerprints hold the same. */
export type Fingerprint = Readonly<Record<string, { readonly rows: number; readonly hash: string }>>

/** @param catalog name of an attached database; the connection's own when left out. */
export async function fingerprint(connection: DuckDBConnection, catalog?: string): Promise<Fingerprint> {
  const result = await connection.runAndReadAll(
    'select table_name from duckdb_tables() where database_name = coalesce($catalog, current_database()) and not internal order by 1',
    { catalog: catalog ?? null },
  )
  const tables: [string, { rows: number; hash: string }][] = []
  for (const [name] of result.getRows()) {
    const table = `${catalog === undefined ? '' : `${quotedIdentifier(catalog)}.`}${quotedIdentifier(String(name))}`
    // A sum over 64-bit hashes sees double rows, which a bare xor would cancel.
    const content = await connection.runAndReadAll(`select count(*)::integer, coalesce(sum(hash(t)::hugeint), 0)::varchar from ${table} t`)
    const [rows, hash] = content.getRows()[0] ?? []
    tables.push([String(name), { rows: Number(rows), hash: String(hash) }])
  }
  return Object.fromEntries(tables)
}
