import type { DuckDBConnection } from '@duckdb/node-api'

const batches = 20
const fewestAreas = 10

/** Lays ready copies of homes for some commits, each of ten areas or more: a commit then only appends, as ingest does. */
export async function makePool(connection: DuckDBConnection, homes: number): Promise<void> {
  const counted = await connection.runAndReadAll('SELECT count(DISTINCT area)::integer, count(*)::integer FROM household')
  const [areas = 0, all = 0] = (counted.getRows()[0] ?? []).map(Number)
  const areasPerBatch = Math.max(fewestAreas, Math.ceil((homes * areas) / all))
  await connection.run(`CREATE OR REPLACE TEMP TABLE chosen AS
    SELECT record_id, (area_number // ${Math.max(1, Math.floor(areas / (batches * areasPerBatch)))}) % ${batches} AS batch FROM (
      SELECT record_id, dense_rank() OVER (ORDER BY area) - 1 AS area_number, row_number() OVER (PARTITION BY area) AS place FROM household
    ) WHERE place <= ${Math.ceil(homes / areasPerBatch)} AND area_number % ${Math.max(1, Math.floor(areas / (batches * areasPerBatch)))} = 0`)
  for (const table of ['household', 'household_person'])
    await connection.run(`CREATE OR REPLACE TEMP TABLE pool_${table} AS SELECT t.*, batch FROM ${table} t JOIN chosen USING (record_id)`)
}

/** Commits the homes of a batch under new ids, in one transaction. Returns the ids. */
export async function commitHomes(connection: DuckDBConnection, number: number): Promise<readonly string[]> {
  const name = `'n${number}:' || record_id`
  const from = (table: string) => `FROM pool_${table} WHERE batch = ${number % batches}`
  await connection.run('BEGIN')
  for (const table of ['household', 'household_person'])
    await connection.run(`INSERT INTO ${table} SELECT * EXCLUDE (batch) REPLACE (${name} AS record_id) ${from(table)}`)
  await connection.run('COMMIT')
  const read = await connection.runAndReadAll(`SELECT ${name} ${from('household')}`)
  return read.getRows().map(([id]) => String(id))
}
