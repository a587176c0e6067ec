// DuckDB alone: read_json of the opened interviews, columns found by itself, members by unnest. No opening, no rules, no pseudonyms.
import { DuckDBInstance } from '@duckdb/node-api'

/** @returns households per second. */
export async function duckdbReadJson(path: string, ndjson: string, households: number): Promise<number> {
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  const started = performance.now()
  await connection.run(
    `create table opened as select * from read_json('${ndjson}', format = 'newline_delimited', maximum_object_size = 4000000)`,
  )
  await connection.run(
    'create table household as select id as record_id, round, area, finished, answers.* exclude (person) from (select id, round, area, finished, answers from opened)',
  )
  await connection.run(
    'create table household_person as select record_id, person.* from (select id as record_id, unnest(answers.person) as person from opened)',
  )
  const seconds = (performance.now() - started) / 1000
  connection.closeSync()
  instance.closeSync()
  return households / seconds
}
