import { readFile } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'
import { type AreaCoverage, coverage } from '../../ingest/coverage.ts'

export interface FlagCount {
  readonly code: string
  readonly severity: string
  readonly records: number
}

/** What a statistician must know of a round before looking at its figures: counts of records only. */
export interface FieldReport {
  readonly coverage: readonly AreaCoverage[]
  readonly flags: readonly FlagCount[]
}

/** @param listed homes by area. @param areas that may be seen; null: all. */
export async function readFieldReport(
  connection: DuckDBConnection,
  questionnaire: Questionnaire,
  round: string,
  listed: ReadonlyMap<string, number>,
  areas: readonly string[] | null,
): Promise<FieldReport> {
  const seen = (area: unknown) => areas === null || areas.includes(String(area))
  const flags = await connection.runAndReadAll(await readFile(new URL('./sql/flags-by-area.sql', import.meta.url), 'utf8'), { round })
  const counted = new Map<string, FlagCount>()
  for (const [area, code, severity, records] of flags.getRows()) {
    if (!seen(area)) continue
    const known = counted.get(String(code))?.records ?? 0
    counted.set(String(code), { code: String(code), severity: String(severity), records: known + Number(records) })
  }
  return {
    coverage: (await coverage(connection, questionnaire, round, listed)).filter(({ area }) => seen(area)),
    flags: [...counted.values()].toSorted((a, b) => b.records - a.records),
  }
}
