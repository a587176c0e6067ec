import { readFile } from 'node:fs/promises'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import type { Round } from '../../../schemas/generated/records.ts'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'

type Answer = string | number | readonly string[] | undefined
export type Answers = Readonly<Record<string, Answer>>

/** A home of the made-up village: its barangay, answers of the home, and its people. */
export interface Home {
  readonly area?: string
  readonly answers?: Answers
  readonly people?: readonly Answers[]
}

const folder = new URL('../../../schemas/generated/household/', import.meta.url)

export async function householdQuestionnaire(): Promise<Questionnaire> {
  return JSON.parse(await readFile(new URL('questionnaire.json', folder), 'utf8')) as Questionnaire
}

/** Province P1 with the municipalities P1A (barangays P1A1, P1A2) and P1B (P1B1). */
export const round: Round = {
  schema: 'round/1',
  id: '2026-1',
  title: 'First round',
  questionnaire: { id: 'household', version: '1', sha256: '' },
  referenceDay: '2026-03-01',
  starts: '2026-03-01',
  ends: '2026-03-31',
  settings: { home_country: 'PHL' },
  areas: [
    { code: 'P1', name: 'Province', level: 'province' },
    { code: 'P1A', name: 'Town A', level: 'municipality', parent: 'P1' },
    { code: 'P1A1', name: 'Upper', level: 'barangay', parent: 'P1A' },
    { code: 'P1A2', name: 'Lower', level: 'barangay', parent: 'P1A' },
    { code: 'P1B', name: 'Town B', level: 'municipality', parent: 'P1' },
    { code: 'P1B1', name: 'Shore', level: 'barangay', parent: 'P1B' },
  ],
}

/** An empty warehouse in memory with the tables of the household questionnaire and their views. */
export async function openVillage(): Promise<{ readonly connection: DuckDBConnection; readonly close: () => void }> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(await readFile(new URL('tables.sql', folder), 'utf8'))
  await connection.run(
    `CREATE TABLE not_counted (record_id VARCHAR); CREATE TABLE derivation (round VARCHAR, questionnaire_id VARCHAR, asked VARCHAR, rules VARCHAR)`,
  )
  await connection.run(
    'CREATE VIEW current_household AS SELECT * FROM household; CREATE VIEW current_household_person AS SELECT * FROM household_person',
  )
  return {
    connection,
    close: () => {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

/** Adds homes as ingest would; each home gets the next number from `first` as record id. */
export async function addHomes(connection: DuckDBConnection, homes: readonly Home[], first = 0): Promise<void> {
  const households: Answers[] = []
  const persons: Answers[] = []
  for (const [index, { area = 'P1A1', answers = {}, people = [] }] of homes.entries()) {
    const meta = { record_id: `r:${first + index}`, round: round.id, area, questionnaire_version: '1', ...dayOf(first + index) }
    households.push({ ...meta, A07: '1', home_country: 'PHL', ...answers })
    for (const [place, person] of people.entries()) persons.push({ ...meta, row_position: place + 1, ...person })
  }
  await insert(connection, 'household', households)
  await insert(connection, 'household_person', persons)
}

async function insert(connection: DuckDBConnection, table: string, rows: readonly Answers[]): Promise<void> {
  if (rows.length === 0) return
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const values = rows.map((row) => `(${columns.map((name) => literal(row[name])).join(', ')})`)
  for (let start = 0; start < values.length; start += 500) {
    await connection.run(
      `INSERT INTO ${table} (${columns.map((name) => `"${name}"`).join(', ')}) VALUES ${values.slice(start, start + 500).join(', ')}`,
    )
  }
}

function literal(value: Answer): string {
  if (value === undefined) return 'NULL'
  if (typeof value === 'number') return String(value)
  if (typeof value === 'object') return `[${value.map(literal).join(', ')}]`
  return `'${value.replaceAll("'", "''")}'`
}

/** Phones bring interviews of other days in any order; a foreign round may not know the day. */
const dayOf = (home: number): { readonly finished?: string } =>
  home % 11 === 7 ? {} : { finished: `2026-03-${String(1 + ((home * 17) % 28)).padStart(2, '0')}` }
