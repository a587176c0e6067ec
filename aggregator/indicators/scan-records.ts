import type { DuckDBConnection, DuckDBMaterializedResult, DuckDBPreparedStatement } from '@duckdb/node-api'
import { addRows } from './add-rows.ts'
import type { LatticeLayout } from './lattice-layout.ts'
import { inSlices } from './layers.ts'
import type { Page } from './pages.ts'
import { type ScanPlan, scanSql } from './scan-plan.ts'
import { createRowReader } from './scan-rows.ts'
import { pageOf, type Tally } from './tallies.ts'

/** Where new records begin: the first of their rows in each table, and the first of their days. */
export interface FirstRows {
  readonly homes: number
  readonly people: number
  /** YYYY-MM-DD. The database knows of each row group which days it holds, but not which row numbers: it passes over those of earlier days. */
  readonly day: string
}

export const firstDay = '0001-01-01'

/** Which records are read: all that count in a round, those of some areas, or some that count and lie in the rows from some row on. */
export type ScanOf =
  | { readonly kind: 'round' }
  | { readonly kind: 'areas'; readonly areas: readonly string[] }
  | { readonly kind: 'records'; readonly records: readonly string[]; readonly from: FirstRows }

export interface ScanWatch {
  readonly onProgress?: ((rows: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** Reads records into pages of their areas, without totals over areas. */
export type Scan = (connection: DuckDBConnection, of: ScanOf, watch?: ScanWatch) => Promise<(Page | undefined)[]>

/** Rows that are read at once: in whole row groups of DuckDB, enough for all its threads, and few enough to lie in memory as numbers. */
const rowsPerGroup = 122_880
const rowsPerRange = 8 * rowsPerGroup
/** Each time homes are looked at they are all hashed anew. */
const rowsPerRangeWithHome = 32 * rowsPerGroup

/** Rows of a plan, from `first` to before `end`. */
interface Range {
  readonly plan: ScanPlan
  readonly first: number
  readonly end: number
}

export function createScan(plans: readonly ScanPlan[], layout: LatticeLayout): Scan {
  const { areas, shape } = layout
  const read = createRangeReader(layout.round)
  const readers = new Map(plans.map((plan) => [plan, createRowReader(plan, shape)]))
  return async (connection, of, { onProgress, signal } = {}) => {
    const tallies: (Tally | undefined)[] = areas.dimension.nodes.map(() => undefined)
    const rest = inSlices()
    let done = 0
    const ranges = await rangesOf(connection, plans, of)
    // The database works out the next range, on all cores, while one is added here: a stream would let it work on one only.
    let next = read(connection, of, ranges[0])
    for (const [place, { plan }] of ranges.entries()) {
      const [result, reader] = [await next, readers.get(plan)]
      next = read(connection, of, ranges[place + 1])
      next.catch(() => undefined)
      if (!result || !reader) continue
      for (let chunk = 0; chunk < result.chunkCount; chunk++) {
        signal?.throwIfAborted()
        const rows = reader(result.getChunk(chunk))
        addRows(rows, tallies, plan, shape)
        done += rows.count
        onProgress?.(done)
        await rest()
      }
    }
    const pages: (Page | undefined)[] = []
    for (const [area, tally] of tallies.entries()) {
      pages.push(tally && pageOf(tally, shape))
      // What became a page need not wait for all others.
      tallies[area] = undefined
      await rest()
    }
    return pages
  }
}

async function rangesOf(connection: DuckDBConnection, plans: readonly ScanPlan[], of: ScanOf): Promise<readonly Range[]> {
  // New records are few, and the last of the table.
  if (of.kind === 'records')
    return plans.map((plan) => ({ plan, first: plan.alias === 'p' ? of.from.people : of.from.homes, end: Number.MAX_SAFE_INTEGER }))
  const table = plans[0]?.table ?? ''
  const last = await connection.runAndReadAll(`SELECT coalesce(max(rowid) + 1, 0)::double FROM "${table}"`)
  const rows = Number(last.getRows()[0]?.[0])
  return plans.flatMap((plan) => {
    // What the gate shuts out takes no room; planning a statement costs as much as reading 100,000 rows.
    const size = Math.round((plan.needsHome ? rowsPerRangeWithHome : rowsPerRange) / rowsPerGroup / (plan.gate?.share || 1)) * rowsPerGroup
    return Array.from({ length: Math.ceil(rows / size) }, (_, place) => ({ plan, first: place * size, end: (place + 1) * size }))
  })
}

type RangeReader = (connection: DuckDBConnection, of: ScanOf, range: Range | undefined) => Promise<DuckDBMaterializedResult | undefined>

function createRangeReader(round: string): RangeReader {
  // Each connection keeps its statements.
  const statements = new WeakMap<DuckDBConnection, Map<string, Promise<DuckDBPreparedStatement>>>()
  const prepared = (connection: DuckDBConnection, sql: string) => {
    const own = statements.get(connection) ?? new Map<string, Promise<DuckDBPreparedStatement>>()
    statements.set(connection, own)
    const statement = own.get(sql) ?? connection.prepare(sql)
    own.set(sql, statement)
    return statement
  }
  return async (connection, of, range) => {
    if (!range) return undefined
    const { plan, first, end } = range
    const sql = scanSql(plan, of.kind)
    const statement = await prepared(connection, sql)
    statement.bind({
      round,
      first,
      end,
      ...(of.kind === 'areas' && { areas: of.areas.join('\n') }),
      ...(of.kind === 'records' && { records: of.records.join('\n'), day: of.from.day }),
      ...(of.kind === 'records' && plan.needsHome && { homes: of.from.homes }),
    })
    return statement.run()
  }
}
