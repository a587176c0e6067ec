import type { DuckDBConnection, DuckDBDataChunk, DuckDBPreparedStatement } from '@duckdb/node-api'
import type { Round } from '../../schemas/generated/records.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { baseQuery } from './base-query.ts'
import type { Indicator } from './definition.ts'
import { dimensionOf, type PlacedDimension } from './dimensions.ts'
import { addPage, type Contribution, contribute, copyPage, emptyPage, type Page } from './pages.ts'
import { type LatticeLayout, layOut } from './lattice-layout.ts'
import { type LatticeSnapshot, snapshotOf } from './snapshot.ts'

export interface LatticeOptions {
  readonly indicators: readonly Indicator[]
  readonly questionnaire: Questionnaire
  readonly round: Round
  /** Dimensions besides the areas, in the order of tables. */
  readonly by: readonly string[]
}

/** Every total of every additive indicator of one level, kept up to date: any table of them costs microseconds. */
export interface Lattice {
  /** What holds now. It does not change any more; a later change makes another snapshot. */
  snapshot(): LatticeSnapshot
  /**
   * Adds the records that began to count and takes away those that no longer do, in slices, so that readers never wait.
   * Ids of record versions, as in the tables of the warehouse. Changes run one after the other.
   */
  change(connection: DuckDBConnection, records: { readonly added: readonly string[]; readonly removed: readonly string[] }): Promise<void>
}

/** Types whose figures are made of sums; the others are tabulated from the records. */
const additive: readonly string[] = ['proportion', 'mean', 'ratio', 'rate', 'count']

/** Fills a lattice from the records of a round that count, in one scan. All indicators must be of one level. */
export async function openLattice(connection: DuckDBConnection, options: LatticeOptions): Promise<Lattice> {
  const indicators = options.indicators.filter(({ definition }) => additive.includes(definition.type))
  const level = indicators[0]?.definition.level ?? 'person'
  if (indicators.some(({ definition }) => definition.level !== level)) throw new RangeError('A lattice holds indicators of one level.')
  const placed = ['REF_AREA', ...options.by].map((id) => dimensionOf(id, options.questionnaire, options.round.areas))
  const query = (source: 'round' | 'records') => baseQuery(level, indicators, placed, options.questionnaire, source)
  const { sql, columns } = query('round')
  const layout = layOut(placed, columns, indicators, options.round.id)
  let pages = await fill(
    connection,
    sql,
    { round: options.round.id },
    layout,
    columns.map(({ scale }) => scale),
  )
  let version = 0
  let turn: Promise<void> = Promise.resolve()
  // Planning hundreds of sums costs more than summing a batch, so each connection keeps the plan.
  const plans = new WeakMap<DuckDBConnection, Promise<DuckDBPreparedStatement>>()
  const prepared = (read: DuckDBConnection) => {
    const plan = plans.get(read) ?? read.prepare(query('records').sql)
    plans.set(read, plan)
    return plan
  }
  const change = async (read: DuckDBConnection, added: readonly string[], removed: readonly string[]): Promise<void> => {
    const scales = columns.map(({ scale }) => scale)
    const next = [...pages]
    const copied = new Set<number>()
    for (const [ids, sign] of [
      [added, 1],
      [removed, -1],
    ] as const) {
      if (ids.length === 0) continue
      const contributions = await readContributions(await prepared(read), ids, layout, scales)
      await apply(layout, next, copied, contributions, sign)
    }
    pages = next
    version++
  }
  return {
    snapshot: () => snapshotOf(layout, pages, version),
    change(read, { added, removed }) {
      const run = turn.then(() => change(read, added, removed))
      turn = run.catch(() => undefined)
      return run
    },
  }
}

/** The keys of a row of the base query, as nodes. */
function keysOf(chunk: DuckDBDataChunk, placed: readonly PlacedDimension[]): readonly Int32Array[] {
  return placed.map(({ bands, nodeOf, unknownNode }, index) => {
    const column = chunk.getColumnVector(index)
    return Int32Array.from({ length: chunk.rowCount }, (_, row) => {
      const key = column.getItem(row)
      return bands ? Number(key) : (nodeOf.get(typeof key === 'string' ? key : '') ?? unknownNode)
    })
  })
}

/** The sums of one column of a chunk. The driver keeps a DOUBLE column as a typed array; the base query gives no NULL. */
function sumsOf(chunk: DuckDBDataChunk, index: number): Float64Array {
  const column = chunk.getColumnVector(index) as unknown as { readonly items?: unknown }
  if (column.items instanceof Float64Array) return column.items
  return Float64Array.from({ length: chunk.rowCount }, (_, row) => Number(chunk.getColumnVector(index).getItem(row) ?? 0))
}

/** Place of each row among the leaf combinations of a page. */
function placesOf(nodes: readonly Int32Array[], { leafOf, strides }: LatticeLayout['shape'], count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, row) =>
    nodes.reduce((sum, column, axis) => sum + (leafOf[axis]?.[column[row] ?? 0] ?? 0) * (strides[axis] ?? 1), 0),
  )
}

async function fill(
  connection: DuckDBConnection,
  sql: string,
  parameters: Readonly<Record<string, string>>,
  layout: LatticeLayout,
  scales: readonly number[],
): Promise<readonly (Page | undefined)[]> {
  const { areas, dimensions, shape } = layout
  const pages: (Page | undefined)[] = areas.dimension.nodes.map(() => undefined)
  const aggregates = [...layout.aggregates.values()]
  const result = await connection.stream(sql, parameters)
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    const [area = new Int32Array(), ...nodes] = keysOf(chunk, [areas, ...dimensions])
    const places = placesOf(nodes, shape, chunk.rowCount)
    const targets = Array.from(area, (node) => (pages[node] ??= emptyPage(shape)))
    for (const [index, { kind, index: aggregate }] of aggregates.entries()) {
      const start = aggregate * shape.size
      const sums = sumsOf(chunk, 1 + dimensions.length + index)
      if (kind === 'counts') scatterCounts(targets, places, sums, start)
      else scatterSums(targets, places, sums, start, scales[index] ?? 1)
    }
  }
  addAreas(layout, pages)
  return pages
}

function scatterCounts(targets: readonly Page[], places: Int32Array, amounts: Float64Array, start: number): void {
  for (let row = 0; row < places.length; row++) {
    const amount = amounts[row] as number
    if (amount === 0) continue
    const { counts } = targets[row] as Page
    const at = start + (places[row] as number)
    counts[at] = (counts[at] as number) + amount
  }
}

function scatterSums(targets: readonly Page[], places: Int32Array, amounts: Float64Array, start: number, scale: number): void {
  for (let row = 0; row < places.length; row++) {
    const { sums } = targets[row] as Page
    const at = start + (places[row] as number)
    sums[at] = (sums[at] as number) + (amounts[row] as number) / scale
  }
}

/** Adds the pages of areas into those of the areas they lie in, the smallest first. */
function addAreas({ areas, shape }: LatticeLayout, pages: (Page | undefined)[]): void {
  const { nodes } = areas.dimension
  for (let node = nodes.length - 1; node > 0; node--) {
    const page = pages[node]
    if (page) addPage((pages[nodes[node]?.parent ?? 0] ??= emptyPage(shape)), page)
  }
}

async function readContributions(
  statement: DuckDBPreparedStatement,
  records: readonly string[],
  layout: LatticeLayout,
  scales: readonly number[],
): Promise<readonly Contribution[]> {
  const { areas, dimensions, shape } = layout
  const aggregates = [...layout.aggregates.values()]
  const found: Contribution[] = []
  statement.bind({ records: records.join('\n') })
  const result = await statement.stream()
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    const [area = new Int32Array(), ...nodes] = keysOf(chunk, [areas, ...dimensions])
    const places = placesOf(nodes, shape, chunk.rowCount)
    const columns = aggregates.map((_, index) => sumsOf(chunk, 1 + dimensions.length + index))
    for (let row = 0; row < chunk.rowCount; row++) {
      const amounts: { counts: number[]; sums: number[] } = { counts: [], sums: [] }
      for (const [index, each] of aggregates.entries()) {
        const amount = columns[index]?.[row] ?? 0
        if (amount !== 0) amounts[each.kind].push(each.index, amount / (scales[index] ?? 1))
      }
      found.push({ area: area[row] ?? 0, place: places[row] ?? 0, ...amounts })
    }
  }
  return found
}

/** Longest time that a change keeps readers waiting, ms. */
const sliceMs = 2

async function apply(
  { areas, shape }: LatticeLayout,
  pages: (Page | undefined)[],
  copied: Set<number>,
  contributions: readonly Contribution[],
  sign: 1 | -1,
): Promise<void> {
  let sliceBegan = performance.now()
  for (const contribution of contributions) {
    for (let node: number | null = contribution.area; node !== null; node = areas.dimension.nodes[node]?.parent ?? null) {
      const old = pages[node]
      const page = old && copied.has(node) ? old : old ? copyPage(old) : emptyPage(shape)
      pages[node] = page
      copied.add(node)
      contribute(shape, page, contribution, sign)
    }
    if (performance.now() - sliceBegan > sliceMs) {
      await new Promise((resolve) => setImmediate(resolve))
      sliceBegan = performance.now()
    }
  }
}
