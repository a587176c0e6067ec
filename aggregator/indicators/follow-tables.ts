import type { DuckDBConnection } from '@duckdb/node-api'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { changesBetween, type CountedAreas, countedFrom, countedPerArea, withAdded } from './counted-areas.ts'
import type { LatticeChange } from './lattice.ts'
import { firstDay } from './scan-records.ts'
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
  const [day = firstDay] = fresh.flatMap((each) => (each.day === '' ? [] : [each.day])).sort()
  return { now: { ends, counted }, change: { added, areas, from: { homes: homes.next, people: people.next, day } } }
}

type Ends = SeenTables['ends']

async function endsOf(
  connection: DuckDBConnection,
  questionnaire: Questionnaire,
  { homes, people, notCounted }: Ends,
): Promise<{ readonly ends: Ends; readonly onlyAppended: boolean }> {
  // One small scan per table: as subqueries of one row they cost ten times as much.
  const of = (place: number, table: string, next: string) =>
    `SELECT ${place} AS place, (SELECT count(*) FROM "${table}")::double, count(*)::double, coalesce(max(rowid) + 1, $${next})::double
     FROM "${table}" WHERE rowid >= $${next}`
  const tables = [tableOf(questionnaire), tableOf(questionnaire, personRepeat(questionnaire)), 'not_counted']
  const names = ['homes', 'people', 'notCounted']
  const result = await connection.runAndReadAll(
    `${tables.map((table, place) => of(place, table, names[place] ?? '')).join(' UNION ALL ')} ORDER BY place`,
    { homes: homes.next, people: people.next, notCounted: notCounted.next },
  )
  const [home, person, hidden] = result.getRows().map((row) => {
    const [, rows = 0, appended = 0, next = 0] = row.map(Number)
    return { rows, appended, next }
  })
  if (!home || !person || !hidden) throw new RangeError('There are three tables.')
  // A deleted row, or a file that was written anew without the gaps of old ones, leaves the numbers unequal.
  const [grown, before] = [
    [home, person, hidden],
    [homes, people, notCounted],
  ]
  const onlyAppended = grown.every(({ rows, appended }, place) => rows - (before[place]?.rows ?? 0) === appended)
  return { ends: { homes: home, people: person, notCounted: hidden }, onlyAppended }
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
