import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api'
import type { Round } from '../../schemas/generated/records.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { addRows } from './add-rows.ts'
import type { Indicator } from './definition.ts'
import { dimensionOf } from './dimensions.ts'
import { createGather } from './gather.ts'
import { type LatticeLayout, layOut } from './lattice-layout.ts'
import { layersOf, layOver, replaceAreas, type Rest } from './layers.ts'
import type { Page } from './pages.ts'
import { planScans } from './plan-scans.ts'
import { planScan, type ScanPlan, type ScanSource, scanSql, universeIsAmongAsked } from './scan-plan.ts'
import { createRowReader } from './scan-rows.ts'
import { type LatticeSnapshot, snapshotOf } from './snapshot.ts'
import { pageOf, type Tally } from './tallies.ts'

export interface LatticeOptions {
  readonly indicators: readonly Indicator[]
  readonly questionnaire: Questionnaire
  readonly round: Round
  /** Dimensions besides the areas, in the order of tables. */
  readonly by: readonly string[]
  readonly onProgress?: (rows: number) => void
  readonly signal?: AbortSignal
}

/** What changed in the records that count. */
export interface LatticeChange {
  /** Records that began to count, with the area they lie in. */
  readonly added: readonly { readonly id: string; readonly area: string }[]
  /** Rows before these hold none of them; without it all are looked through. */
  readonly from?: FirstRows
  /** Areas of records that were corrected, withdrawn or decided on: they are summed again. */
  readonly areas: readonly string[]
}

/** Row numbers of the tables. */
export interface FirstRows {
  readonly homes: number
  readonly people: number
}

/** Every total of every additive indicator of one level, kept up to date: any table of them costs microseconds. */
export interface Lattice {
  /** What holds now. It does not change any more; a later change makes another snapshot. */
  snapshot(): LatticeSnapshot
  /** Follows a change, in slices, so that readers never wait. Changes run one after the other. */
  change(connection: DuckDBConnection, change: LatticeChange): Promise<void>
}

const additive: readonly string[] = ['proportion', 'mean', 'ratio', 'rate', 'count']

/** Whether the figures of an indicator are made of sums; the others are tabulated from the records. */
export const isAdditive = (indicator: Indicator): boolean => additive.includes(indicator.definition.type) && universeIsAmongAsked(indicator)

/** Fills a lattice from the records of a round that count, in one scan. All indicators must be of one level. */
export async function openLattice(connection: DuckDBConnection, options: LatticeOptions): Promise<Lattice> {
  const { questionnaire, round, onProgress, signal } = options
  const indicators = options.indicators.filter(isAdditive)
  const level = indicators[0]?.definition.level ?? 'person'
  if (indicators.some(({ definition }) => definition.level !== level)) throw new RangeError('A lattice holds indicators of one level.')
  const placed = ['REF_AREA', ...options.by].map((id) => dimensionOf(id, questionnaire, round.areas))
  const plans = await planScans(connection, { level, indicators, dimensions: placed, questionnaire, round: round.id })
  const layout = layOut(plans, round.id)
  // Few records are read at once: planning several statements would cost more than they do.
  const inOne = planScan(
    level,
    plans.flatMap((plan) => plan.indicators),
    placed,
    questionnaire,
  )
  const [scan, scanSome] = [createScan(plans, layout), createScan([inOne], layout)]
  const scanAll = async (read: DuckDBConnection, watch: ScanWatch) => layersOf(layout, await scan(read, 'round', {}, watch))
  let layers = await scanAll(connection, { onProgress, signal })
  const gather = createGather(layout)
  let version = 0
  let turn: Promise<void> = Promise.resolve()
  const change = async (read: DuckDBConnection, { added, areas, from = { homes: 0, people: 0 } }: LatticeChange): Promise<void> => {
    const unknown = areas.some((code) => !layout.areas.nodeOf.has(code))
    if (unknown) {
      // Records of areas that are not in the register share a page; which of them left it cannot be told.
      layers = await scanAll(read, {})
    } else {
      const next = [...layers]
      if (areas.length > 0) {
        const listed = new Set(areas)
        const fresh = await scanSome(read, 'areas', { areas: [...listed].join('\n') }, {})
        await replaceAreas(layout, next, fresh, areas, inSlices())
      }
      if (added.length > 0) {
        const records = added.map(({ id }) => id).join('\n')
        const extra = await scanSome(read, 'records', { records, ...from }, {})
        // Areas that were summed again hold them already.
        for (const code of areas) extra[layout.areas.nodeOf.get(code) ?? 0] = undefined
        await layOver(layout, next, extra, inSlices())
      }
      layers = next
    }
    version++
  }
  return {
    snapshot: () => snapshotOf(layout, layers, version, gather),
    change(read, each) {
      const run = turn.then(() => change(read, each))
      turn = run.catch(() => undefined)
      return run
    },
  }
}

interface ScanWatch {
  readonly onProgress?: ((rows: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

type Scan = (
  connection: DuckDBConnection,
  source: ScanSource,
  parameters: Readonly<Record<string, string | number>>,
  watch: ScanWatch,
) => Promise<(Page | undefined)[]>

/** Longest time that a change keeps readers waiting, ms. */
const sliceMs = 2

function inSlices(): Rest {
  let began = performance.now()
  return () => {
    if (performance.now() - began < sliceMs) return undefined
    return new Promise((resolve) =>
      setImmediate(() => {
        began = performance.now()
        resolve()
      }),
    )
  }
}

/** Reads rows into pages of their areas, without totals over areas. */
function createScan(plans: readonly ScanPlan[], layout: LatticeLayout): Scan {
  const { areas, shape } = layout
  // Each connection keeps its statements.
  const statements = new WeakMap<DuckDBConnection, Map<string, Promise<DuckDBPreparedStatement>>>()
  const prepared = (connection: DuckDBConnection, sql: string) => {
    const own = statements.get(connection) ?? new Map<string, Promise<DuckDBPreparedStatement>>()
    statements.set(connection, own)
    const statement = own.get(sql) ?? connection.prepare(sql)
    own.set(sql, statement)
    return statement
  }
  const readers = plans.map((plan) => createRowReader(plan, shape))
  return async (connection, source, parameters, { onProgress, signal }) => {
    const tallies: (Tally | undefined)[] = areas.dimension.nodes.map(() => undefined)
    let done = 0
    const rest = inSlices()
    for (const [index, plan] of plans.entries()) {
      const sql = scanSql(plan, source)
      const statement = await prepared(connection, sql)
      statement.bind(
        Object.fromEntries(Object.entries({ round: layout.round, ...parameters }).filter(([name]) => sql.includes(`$${name}`))),
      )
      const result = await statement.stream()
      // The database works out the next chunk while this one is added.
      let next = result.fetchChunk()
      for (let chunk = await next; chunk && chunk.rowCount > 0; chunk = await next) {
        next = result.fetchChunk()
        next.catch(() => undefined)
        signal?.throwIfAborted()
        const rows = readers[index]?.(chunk)
        if (rows) addRows(rows, tallies, plan, shape)
        done += chunk.rowCount
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
