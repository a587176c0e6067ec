import type { DuckDBConnection } from '@duckdb/node-api'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import type { LatticeChange } from './lattice.ts'
import { tableOf } from './sql-names.ts'

/**
 * Which records count, told per area by their number and the exclusive or of their hashes. Whatever changed in an area (a new home, a
 * correction, a withdrawal, a decision) changes its mark; adding the mark of new records to the old one must give the new one.
 */
export type CountedAreas = ReadonlyMap<string, AreaMark>

interface AreaMark {
  readonly records: number
  readonly mark: bigint
}

export interface CountedRecord {
  readonly id: string
  readonly area: string
  readonly mark: bigint
  /** Of the interview, YYYY-MM-DD; empty when it has none. */
  readonly day: string
}

const asMark = (hash: unknown): bigint => BigInt(String(hash))

/** @param areas only these; else all. */
export async function countedPerArea(
  connection: DuckDBConnection,
  questionnaire: Questionnaire,
  round: string,
  areas?: readonly string[],
): Promise<CountedAreas> {
  const some = areas === undefined ? '' : `AND coalesce(area, '') IN (SELECT unnest(string_split($areas, chr(10))))`
  const result = await connection.runAndReadAll(
    `SELECT coalesce(area, ''), count(*)::integer, bit_xor(hash(record_id))
     FROM "current_${tableOf(questionnaire)}" WHERE round = $round ${some} GROUP BY area`,
    { round, ...(areas && { areas: areas.join('\n') }) },
  )
  return new Map(result.getRows().map(([area, records, mark]) => [String(area), { records: Number(records), mark: asMark(mark) }]))
}

/** Those in the rows from some row on that count. */
export async function countedFrom(
  connection: DuckDBConnection,
  questionnaire: Questionnaire,
  round: string,
  firstHome: number,
): Promise<readonly CountedRecord[]> {
  const result = await connection.runAndReadAll(
    `SELECT t.record_id, coalesce(t.area, ''), hash(t.record_id), coalesce(t.finished::varchar, '')
     FROM "${tableOf(questionnaire)}" t ANTI JOIN not_counted n ON n.record_id = t.record_id
     WHERE t.round = $round AND t.rowid >= $firstHome ORDER BY t.record_id`,
    { round, firstHome },
  )
  return result.getRows().map(([id, area, mark, day]) => ({ id: String(id), area: String(area), mark: asMark(mark), day: String(day) }))
}

/** What to add and which areas to sum again, so that figures of `before` become those of `now`. */
export function changesBetween(before: CountedAreas, now: CountedAreas, fresh: readonly CountedRecord[]): LatticeChange {
  const added: CountedRecord[] = []
  const areas: string[] = []
  for (const area of new Set([...before.keys(), ...now.keys()])) {
    const nobody: AreaMark = { records: 0, mark: 0n }
    const [old, after] = [before.get(area) ?? nobody, now.get(area) ?? nobody]
    if (old.records === after.records && old.mark === after.mark) continue
    const here = fresh.filter((each) => each.area === area)
    const mark = here.reduce((sum, each) => sum ^ each.mark, old.mark)
    if (here.length > 0 && old.records + here.length === after.records && mark === after.mark) added.push(...here)
    else areas.push(area)
  }
  return { added: added.map(({ id, area }) => ({ id, area })), areas }
}

/** The marks of `before` with some records more. */
export function withAdded(before: CountedAreas, added: readonly CountedRecord[]): Map<string, AreaMark> {
  const now = new Map(before)
  for (const { area, mark } of added) {
    const old = now.get(area) ?? { records: 0, mark: 0n }
    now.set(area, { records: old.records + 1, mark: old.mark ^ mark })
  }
  return now
}
