import { readFile } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'

export interface AreaCoverage {
  readonly area: string
  /** Homes by the best result of their visits. */
  readonly visited: number
  readonly interviewed: number
  readonly held: number
  readonly withoutInterview: number
}

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

/** @param areas that may be seen; null: all. */
export async function readFieldReport(connection: DuckDBConnection, round: string, areas: readonly string[] | null): Promise<FieldReport> {
  const seen = (area: unknown) => areas === null || areas.includes(String(area))
  const coverage = await rowsOf(connection, new URL('../../ingest/sql/coverage.sql', import.meta.url), round)
  const flags = await rowsOf(connection, new URL('./sql/flags-by-area.sql', import.meta.url), round)
  const counted = new Map<string, FlagCount>()
  for (const [area, code, severity, records] of flags) {
    if (!seen(area)) continue
    const known = counted.get(String(code))?.records ?? 0
    counted.set(String(code), { code: String(code), severity: String(severity), records: known + Number(records) })
  }
  return {
    coverage: coverage
      .filter(([area]) => seen(area))
      .map(([area, visited, interviewed, held, without]) => ({
        area: String(area),
        visited: Number(visited),
        interviewed: Number(interviewed),
        held: Number(held),
        withoutInterview: Number(without),
      })),
    flags: [...counted.values()].toSorted((a, b) => b.records - a.records),
  }
}

async function rowsOf(connection: DuckDBConnection, file: URL, round: string) {
  return (await connection.runAndReadAll(await readFile(file, 'utf8'), { round })).getRows()
}
