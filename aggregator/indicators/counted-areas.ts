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
}

export async function countedPerArea(connection: DuckDBConnection, questionnaire: Questionnaire, round: string): Promise<CountedAreas> {
  const result = await connection.runAndReadAll(
    `SELECT coalesce(area, ''), count(*)::integer, bit_xor(hash(record_id))
     FROM "current_${tableOf(questionnaire)}" WHERE round = $round GROUP BY area`,
    { round },
  )
  return new Map(result.getRows().map(([area, records, mark]) => [String(area), { records: Number(records), mark: BigInt(String(mark)) }]))
}

/** Those of some records that count. */
export async function countedAmong(
  connection: DuckDBConnection,
  questionnaire: Questionnaire,
  round: string,
  records: readonly string[],
): Promise<readonly CountedRecord[]> {
  const result = await connection.runAndReadAll(
    `SELECT record_id, coalesce(area, ''), hash(record_id)
     FROM "current_${tableOf(questionnaire)}"
     WHERE round = $round AND record_id IN (SELECT unnest(string_split($records, chr(10)))) ORDER BY record_id`,
    { round, records: records.join('\n') },
  )
  return result.getRows().map(([id, area, mark]) => ({ id: String(id), area: String(area), mark: BigInt(String(mark)) }))
}

/** What to add and which areas to sum again, so that figures of `before` become those of `now`. */
export function changesBetween(before: CountedAreas, now: CountedAreas, hinted: readonly CountedRecord[]): LatticeChange {
  const added: CountedRecord[] = []
  const areas: string[] = []
  for (const area of new Set([...before.keys(), ...now.keys()])) {
    const nobody: AreaMark = { records: 0, mark: 0n }
    const [old, fresh] = [before.get(area) ?? nobody, now.get(area) ?? nobody]
    if (old.records === fresh.records && old.mark === fresh.mark) continue
    const here = hinted.filter((each) => each.area === area)
    const mark = here.reduce((sum, each) => sum ^ each.mark, old.mark)
    if (here.length > 0 && old.records + here.length === fresh.records && mark === fresh.mark) added.push(...here)
    else areas.push(area)
  }
  return { added: added.map(({ id, area }) => ({ id, area })), areas }
}
