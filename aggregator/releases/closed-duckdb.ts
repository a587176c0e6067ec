import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'

/** Lends a DuckDB that lives in memory, sees no folder but this one, cannot load anything, and writes rows in one order. */
export async function inClosedDuckdb<Result>(folder: string, work: (connection: DuckDBConnection) => Promise<Result>): Promise<Result> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    threads: '1',
  })
  const connection = await instance.connect()
  try {
    await connection.run(`set allowed_directories = [${quoted(folder)}]`)
    await connection.run('set enable_external_access = false')
    await connection.run('set lock_configuration = true')
    return await work(connection)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** A text as SQL writes it. */
export const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
