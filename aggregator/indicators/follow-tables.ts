import type { DuckDBConnection } from '@duckdb/node-api'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { changesBetween, type CountedAreas, countedFrom, countedPerArea, withAdded } from './counted-areas.ts'
import type { LatticeChange } from './lattice.ts'
import { personRepeat, tableOf } from './sql-names.ts'

/** How many rows a table has, and the number that its next row gets. */
interface TableEnd {
  readonly rows: number
  readonly next: number
}

/** What the figures have seen of the warehouse: where its tables ended, and which records counted. */
export interface SeenTables {
  readonly ends: { readonly homes: TableEnd; readonly people: TableEnd; readonly notCounted: TableEnd }
  readonly counted: CountedAreas
}

export async function seeTables(connection: DuckDBConnection, questionnaire: Questionnaire, round: string): Promise<SeenTables> {
  const start = { rows: 0, next: 0 }
  const { ends } = await endsOf(connection, questionnaire, { homes: start, people: start, notCounted: start })
  return { ends, counted: await countedPerArea(connection, questionnaire, round) }
}

/**
 * What changed since. Nearly always rows were only appended: then the new ones tell everything, and what was there before is not read again.
 * When rows are missing or records came back, the marks of all areas are compared.
 */
export async function changeSince(
  connection: DuckDBConnection,
  questionnaire: Questionnaire,
  round: string,
  before: SeenTables,
): Promise<{ readonly now: SeenTables; readonly change: LatticeChange }> {
  const { ends, onlyAppended } = await endsOf(connection, questionnaire, before.ends)
  const { homes, people, notCounted } = before.ends
  const fresh = ends.homes.next === homes.next ? [] : await countedFrom(connection, questionnaire, round, homes.next)
  if (!onlyAppended) {
    const now = await seeTables(connection, questionnaire, round)
    return { now, change: changesBetween(before.counted, now.counted, fresh) }
  }
  const counted = withAdded(before.counted, fresh)
  const areas = ends.notCounted.next === notCounted.next ? [] : await areasOfHidden(connection, questionnaire, round, before.ends)
  if (areas.length > 0) {
    for (const area of areas) counted.delete(area)
    for (const [area, mark] of await countedPerArea(connection, questionnaire, round, areas)) counted.set(area, mark)
  }
  const added = fresh.filter(({ area }) => !areas.includes(area)).map(({ id, area }) => ({ id, area }))
  return { now: { ends, counted }, change: { added, areas, from: { homes: homes.next, people: people.next } } }
}

type Ends = SeenTables['ends']

async function endsOf(
  connection: DuckDBConnection,
  questionnaire: Questionnaire,
  { homes, people, notCounted }: Ends,
): Promise<{ readonly ends: Ends; readonly onlyAppended: boolean }> {
  const of = (table: string, next: string) =>
    `(SELECT count(*) FROM "${table}")::double, (SELECT count(*) FROM "${table}" WHERE rowid >= $${next})::double,
     (SELECT coalesce(max(rowid) + 1, $${next}) FROM "${table}" WHERE rowid >= $${next})::double`
  const tables = [of(tableOf(questionnaire), 'homes'), of(tableOf(questionnaire, personRepeat(questionnaire)), 'people')]
  const result = await connection.runAndReadAll(`SELECT ${[...tables, of('not_counted', 'notCounted')].join(', ')}`, {
    homes: homes.next,
    people: people.next,
    notCounted: notCounted.next,
  })
  const row = (result.getRows()[0] ?? []).map(Number)
  const [home, person, hidden] = [0, 3, 6].map((at) => ({ rows: row[at] ?? 0, appended: row[at + 1] ?? 0, next: row[at + 2] ?? 0 }))
  if (!home || !person || !hidden) throw new RangeError('There are three tables.')
  // A deleted row, or a file that was written anew without the gaps of old ones, leaves the numbers unequal.
  const onlyAppended = [home.rows - homes.rows === home.appended, person.rows - people.rows === person.appended].every(Boolean)
  return {
    ends: { homes: home, people: person, notCounted: hidden },
    onlyAppended: onlyAppended && hidden.rows - notCounted.rows === hidden.appended,
  }
}

/** Areas of records that counted, or could have, and were hidden by the new rows of not_counted. New records that never counted are not among them. */
async function areasOfHidden(
  connection: DuckDBConnection,
  questionnaire: Questionnaire,
  round: string,
  { homes, notCounted }: Ends,
): Promise<readonly string[]> {
  const table = `"${tableOf(questionnaire)}"`
  const hidden = 'SELECT record_id FROM not_counted WHERE rowid >= $notCounted'
  const old = await connection.runAndReadAll(
    `SELECT 1 FROM (${hidden}) n ANTI JOIN (SELECT record_id FROM ${table} WHERE rowid >= $homes) f ON f.record_id = n.record_id LIMIT 1`,
    { homes: homes.next, notCounted: notCounted.next },
  )
  if (old.currentRowCount === 0) return []
  const result = await connection.runAndReadAll(
    `SELECT DISTINCT coalesce(area, '') FROM ${table} WHERE round = $round AND rowid < $homes AND record_id IN (${hidden}) ORDER BY 1`,
    { round, homes: homes.next, notCounted: notCounted.next },
  )
  return result.getRows().map(([area]) => String(area))
}
