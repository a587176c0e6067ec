import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api'
import type { Round } from '../../schemas/generated/records.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { addRows } from './add-rows.ts'
import type { Indicator } from './definition.ts'
import { dimensionOf } from './dimensions.ts'
import { type LatticeLayout, layOut } from './lattice-layout.ts'
import { addPage, copyPage, emptyPage, type Page } from './pages.ts'
import { planScans } from './plan-scans.ts'
import { type ScanPlan, type ScanSource, scanSql, universeIsAmongAsked } from './scan-plan.ts'
import { createRowReader } from './scan-rows.ts'
import { type LatticeSnapshot, snapshotOf } from './snapshot.ts'

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
  /** Areas of records that were corrected, withdrawn or decided on: they are summed again. */
  readonly areas: readonly string[]
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
  const scan = createScan(plans, layout)
  let pages = await scan(connection, 'round', {}, { onProgress, signal })
  addAreas(layout, pages)
  let version = 0
  let turn: Promise<void> = Promise.resolve()
  const change = async (read: DuckDBConnection, { added, areas }: LatticeChange): Promise<void> => {
    const unknown = areas.some((code) => !layout.areas.nodeOf.has(code))
    if (unknown) {
      // Records of areas that are not in the register share a page; which of them left it cannot be told.
      pages = await scan(read, 'round', {}, {})
      addAreas(layout, pages)
    } else {
      const next = [...pages]
      if (areas.length > 0) await replaceAreas(layout, next, await scan(read, 'areas', { areas: areas.join('\n') }, {}), areas)
      if (added.length > 0) {
        const extra = await scan(read, 'records', recordParameters(added), {})
        // Areas that were summed again hold them already.
        for (const code of areas) extra[layout.areas.nodeOf.get(code) ?? 0] = undefined
        await addTo(layout, next, pages, extra)
      }
      pages = next
    }
    version++
  }
  return {
    snapshot: () => snapshotOf(layout, pages, version),
    change(read, each) {
      const run = turn.then(() => change(read, each))
      turn = run.catch(() => undefined)
      return run
    },
  }
}

/** The areas let the database skip most of a table that lies by area. */
const recordParameters = (added: LatticeChange['added']) => ({
  records: added.map(({ id }) => id).join('\n'),
  areas: [...new Set(added.map(({ area }) => area))].join('\n'),
})

interface ScanWatch {
  readonly onProgress?: ((rows: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

type Scan = (
  connection: DuckDBConnection,
  source: ScanSource,
  parameters: Readonly<Record<string, string>>,
  watch: ScanWatch,
) => Promise<(Page | undefined)[]>

/** Longest time that a change keeps readers waiting, ms. */
const sliceMs = 2

/** To be awaited often: lets readers have their turn when a slice is over. */
function inSlices(): () => Promise<void> | undefined {
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
  // Planning costs more than reading a batch, so each connection keeps the statements.
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
    const pages: (Page | undefined)[] = areas.dimension.nodes.map(() => undefined)
    // A page that grows is copied; a census fills nearly all combinations of an area, a batch only some.
    const roomOf =
      source === 'records'
        ? () => Math.min(64, shape.size)
        : await roomPerArea(connection, layout, plans[0]?.from ?? '', plans[0]?.alias ?? 'p')
    let done = 0
    const rest = inSlices()
    for (const [index, plan] of plans.entries()) {
      const statement = await prepared(connection, scanSql(plan, source))
      statement.bind({ round: layout.round, ...parameters })
      const result = await statement.stream()
      for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
        signal?.throwIfAborted()
        const rows = readers[index]?.(chunk)
        if (rows) addRows(rows, pages, plan, shape, roomOf)
        done += chunk.rowCount
        onProgress?.(done)
        await rest()
      }
    }
    return pages
  }
}

async function roomPerArea(
  connection: DuckDBConnection,
  { areas, shape, round }: LatticeLayout,
  from: string,
  alias: string,
): Promise<(area: number) => number> {
  const rows = await connection.runAndReadAll(
    `SELECT ${alias}.area, count(*)::integer FROM ${from.replace(/ JOIN .*$/, '')} WHERE ${alias}.round = $round GROUP BY ALL`,
    { round },
  )
  const room = new Map<number, number>()
  for (const [area, count] of rows.getRows()) {
    const node = areas.nodeOf.get(String(area)) ?? areas.unknownNode
    room.set(node, Math.min(shape.size, (room.get(node) ?? 0) + Number(count)))
  }
  return (node) => room.get(node) ?? Math.min(64, shape.size)
}

/** Adds the pages of areas into those of the areas they lie in, the smallest first. */
function addAreas({ areas, shape }: LatticeLayout, pages: (Page | undefined)[]): void {
  const { nodes } = areas.dimension
  for (let node = nodes.length - 1; node > 0; node--) {
    const page = pages[node]
    if (page) addPage((pages[nodes[node]?.parent ?? 0] ??= emptyPage(shape, page.room)), page, shape)
  }
}

/** Adds pages of new records to the pages of their areas and of all above; pages that are still `before` are copied first. */
async function addTo(
  { areas, shape }: LatticeLayout,
  next: (Page | undefined)[],
  before: readonly (Page | undefined)[],
  added: readonly (Page | undefined)[],
): Promise<void> {
  const rest = inSlices()
  for (const [leaf, page] of added.entries()) {
    if (!page) continue
    for (const node of lineOf(areas.dimension.nodes, leaf)) {
      addPage(ownPage(next, before, node, shape), page, shape)
      await rest()
    }
  }
}

/** Puts areas that were summed again in place, and the difference into all above. */
async function replaceAreas(
  { areas, shape }: LatticeLayout,
  next: (Page | undefined)[],
  fresh: readonly (Page | undefined)[],
  codes: readonly string[],
): Promise<void> {
  const before = [...next]
  const rest = inSlices()
  for (const code of new Set(codes)) {
    const leaf = areas.nodeOf.get(code) ?? areas.unknownNode
    const [old, now] = [before[leaf], fresh[leaf]]
    for (const node of lineOf(areas.dimension.nodes, leaf).slice(1)) {
      const page = ownPage(next, before, node, shape)
      if (old) addPage(page, old, shape, -1)
      if (now) addPage(page, now, shape)
      await rest()
    }
    next[leaf] = now
  }
}

/** A page that may be changed: the one there, unless readers may hold it. */
function ownPage(next: (Page | undefined)[], before: readonly (Page | undefined)[], node: number, shape: LatticeLayout['shape']): Page {
  const there = next[node]
  const own = there === undefined ? emptyPage(shape) : there === before[node] ? copyPage(there) : there
  next[node] = own
  return own
}

/** A node and all above it. */
function lineOf(nodes: LatticeLayout['areas']['dimension']['nodes'], leaf: number): readonly number[] {
  const line: number[] = []
  for (let node: number | null = leaf; node !== null; node = nodes[node]?.parent ?? null) line.push(node)
  return line
}
