import type { DuckDBConnection } from '@duckdb/node-api'
import type { Single } from '../../../schemas/language/value.ts'
import type { Household } from './household.ts'
import { questions } from './random-households.ts'

const columnTypes = { text: 'VARCHAR', number: 'DOUBLE', date: 'DATE', codes: 'VARCHAR[]', condition: 'BOOLEAN' } as const
const quote = (text: string) => `'${text.replaceAll("'", "''")}'`

function literal(value: Single | undefined): string {
  if (value === undefined || value === '') return 'NULL'
  if (typeof value === 'object') return value.length ? `[${value.map(quote).join(', ')}]` : 'NULL'
  return typeof value === 'string' ? quote(value) : String(value)
}

/** Loads households into the tables home and home_person, with an empty answer as NULL, as the warehouse does. */
export async function loadHouseholds(connection: DuckDBConnection, homes: readonly Household[]): Promise<void> {
  const all = Object.values(questions)
  const own = all.filter(({ repeat }) => !repeat)
  const perMember = all.filter(({ repeat }) => repeat)
  const columns = (of: typeof all) => of.map(({ column, kind }) => `${column} ${columnTypes[kind]}`).join(', ')
  await connection.run(`CREATE TABLE home (record_id VARCHAR, ${columns(own)})`)
  await connection.run(`CREATE TABLE home_person (record_id VARCHAR, row_position INTEGER, ${columns(perMember)})`)
  const rows = homes.map(({ fields = {} }, index) => `('${index}', ${own.map(({ column }) => literal(fields[column])).join(', ')})`)
  const memberRows = homes.flatMap(({ members = [] }, index) =>
    members.map((member, place) => `('${index}', ${place + 1}, ${perMember.map(({ column }) => literal(member[column])).join(', ')})`),
  )
  await connection.run(`INSERT INTO home VALUES ${rows.join(', ')}`)
  if (memberRows.length) await connection.run(`INSERT INTO home_person VALUES ${memberRows.join(', ')}`)
}
