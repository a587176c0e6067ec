import { readFile } from 'node:fs/promises'
import { DOUBLE, type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import type { CountedHomes } from '../disclosure/vintages/memory.ts'

interface AreaRow {
  readonly area: string
  readonly homes: number
  readonly arrived: number
  readonly last: number
}

export interface HomesNow {
  readonly counted: CountedHomes
  /** Homes that joined, left or were corrected per area since its standing figures; null when the release before did not keep count. */
  readonly changed: ReadonlyMap<string, number> | null
}

/**
 * How many homes the figures are made of, and how many of those behind the standing figures are others now. Whoever left is known by the
 * number that is missing: nothing of a withdrawn home is kept to find that out.
 */
export async function countHomes(connection: DuckDBConnection, round: string, before: CountedHomes | undefined): Promise<HomesNow> {
  const sql = await readFile(new URL('./sql/counted-homes.sql', import.meta.url), 'utf8')
  const standing = Object.entries(before ?? {})
  const values = {
    round,
    areas: listValue(standing.map(([area]) => area)),
    since: listValue(standing.map(([, each]) => each?.arrived ?? -1)),
  }
  const result = await connection.runAndReadAll(sql, values, { round: VARCHAR, areas: LIST(VARCHAR), since: LIST(DOUBLE) })
  const rows = result.getRowObjectsJS() as unknown as readonly AreaRow[]
  const counted = Object.fromEntries(rows.map(({ area, homes, last }) => [area, { homes, arrived: last }]))
  if (!before) return { counted, changed: null }
  const now = new Map(rows.map((row) => [row.area, row]))
  const changed = [...new Set([...now.keys(), ...Object.keys(before)])].map((area): [string, number] => {
    const { homes = 0, arrived = 0 } = now.get(area) ?? {}
    const left = (before[area]?.homes ?? 0) - (homes - arrived)
    // A corrected home has left in its old version and arrived in its new one.
    return [area, Math.max(arrived, left)]
  })
  return { counted, changed: new Map(changed) }
}

/** What the next release compares with: an area whose old figures stand keeps the count they were made of. */
export function standingHomes(counted: CountedHomes, before: CountedHomes | undefined, carried: readonly string[]): CountedHomes {
  return { ...counted, ...Object.fromEntries(carried.flatMap((area) => (before?.[area] ? [[area, before[area]]] : []))) }
}
