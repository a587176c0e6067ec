import type { DuckDBDataChunk } from '@duckdb/node-api'
import {
  type Answer,
  type AnswerCodes,
  conditionCodes,
  integerCodes,
  listCodes,
  numbersOf,
  type OnNewAnswer,
  textCodes,
} from './answer-codes.ts'
import type { PageShape } from './pages.ts'
import { type BitKind, bitKinds, holdsFor, leafFor, type ScanColumn, type ScanPlan } from './scan-plan.ts'

/** What a chunk of rows adds to which cell. The arrays are used again for the next chunk. */
export interface ScannedRows {
  readonly count: number
  /** Node of the area. */
  readonly areas: Int32Array
  /** Place among the leaf combinations of a page. */
  readonly places: Int32Array
  /** Words of the universe, of those asked, of the numerator: word after word, `mostRows` apart. */
  readonly words: Int32Array
  /** Per number of the plan; NaN where there is none. */
  readonly numbers: readonly Float64Array[]
}

/** Words of one kind of bit. */
export const wordsPerKind = (plan: ScanPlan): number => Math.max(1, Math.ceil(plan.indicators.length / 32))

/** Rows of a chunk: what DuckDB calls a vector. */
export const mostRows = 2048

/** Reads chunks of the scan of a plan. It remembers what followed from each answer, so one reader serves all scans of a lattice. */
export function createRowReader(plan: ScanPlan, shape: PageShape): (chunk: DuckDBDataChunk) => ScannedRows {
  const perRow = bitKinds.length * wordsPerKind(plan)
  const deciders = plan.columns.map((column) => createDecider(column, plan, shape, perRow))
  const [areas, places, codes] = [new Int32Array(mostRows), new Int32Array(mostRows), new Int32Array(mostRows)]
  const words = new Int32Array(mostRows * perRow)
  const numbers = plan.numbers.map(() => new Float64Array(mostRows))
  return (chunk) => {
    const count = chunk.rowCount
    if (count > mostRows) throw new RangeError(`A chunk has at most ${mostRows} rows.`)
    words.fill(-1)
    places.fill(0, 0, count)
    for (const [index, decider] of deciders.entries()) {
      decider.read(chunk, index, codes, count)
      const { touched } = decider
      const { masks, offsets, nodes } = decider.now()
      if (nodes) for (let row = 0; row < count; row++) areas[row] = nodes[codes[row] as number] as number
      if (offsets) addOffsets(places, codes, offsets, count)
      for (const [place, word] of touched.entries()) clearBits(words, word * mostRows, codes, masks, touched.length, place, count)
    }
    for (const [index, column] of numbers.entries()) numbersOf(chunk.getColumnVector(deciders.length + index), count, column)
    return { count, areas, places, words, numbers }
  }
}

function addOffsets(places: Int32Array, codes: Int32Array, offsets: Int32Array, count: number): void {
  for (let row = 0; row < count; row++) places[row] = (places[row] as number) + (offsets[codes[row] as number] as number)
}

function clearBits(
  words: Int32Array,
  start: number,
  codes: Int32Array,
  masks: Int32Array,
  per: number,
  place: number,
  count: number,
): void {
  for (let row = 0; row < count; row++) {
    const mask = masks[(codes[row] as number) * per + place] as number
    words[start + row] = (words[start + row] as number) & mask
  }
}

/** What follows from each code of a column. */
interface Decided {
  /** Per code, the words that the column can clear bits of. */
  readonly masks: Int32Array
  /** Per code, what it adds to the place. */
  readonly offsets: Int32Array | null
  /** Per code, the node of the area. */
  readonly nodes: Int32Array | null
}

interface Decider {
  readonly touched: readonly number[]
  read(chunk: DuckDBDataChunk, index: number, into: Int32Array, count: number): void
  now(): Decided
}

const codesFor: Readonly<Record<ScanColumn['holds'], (onNew: OnNewAnswer) => AnswerCodes>> = {
  text: textCodes,
  list: listCodes,
  integer: integerCodes,
  condition: conditionCodes,
}

function createDecider(column: ScanColumn, plan: ScanPlan, shape: PageShape, perRow: number): Decider {
  const perKind = perRow / bitKinds.length
  const wordOf = (kind: BitKind, indicator: number) => bitKinds.indexOf(kind) * perKind + (indicator >> 5)
  const touched = [...new Set(column.tests.map(({ kind, indicator }) => wordOf(kind, indicator)))].sort((a, b) => a - b)
  const inner = column.dimensions.filter((dimension) => dimension > 0)
  const decidesArea = column.dimensions.includes(0)
  let room = 64
  let known = 0
  let masks = new Int32Array(room * touched.length)
  let offsets = new Int32Array(room)
  let nodes = new Int32Array(room)
  const grown = (array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
    const larger = new Int32Array(array.length * 4)
    larger.set(array)
    return larger
  }
  const onNew = (answer: Answer): void => {
    if (known === room) {
      room *= 4
      ;[masks, offsets, nodes] = [grown(masks), grown(offsets), grown(nodes)]
    }
    masks.fill(-1, known * touched.length, (known + 1) * touched.length)
    for (const { condition, kind, indicator } of column.tests) {
      if (holdsFor(condition, column.name, answer)) continue
      const at = known * touched.length + touched.indexOf(wordOf(kind, indicator))
      masks[at] = (masks[at] ?? 0) & ~(1 << (indicator & 31))
    }
    for (const dimension of inner) offsets[known] = (offsets[known] ?? 0) + offsetFor(dimension, answer)
    const [areas] = plan.dimensions
    if (decidesArea && areas) nodes[known] = leafFor(areas, '', answer)
    known++
  }
  const offsetFor = (dimension: number, answer: Answer): number => {
    const placed = plan.dimensions[dimension]
    const leaf = placed ? leafFor(placed, column.name, answer) : 0
    return (shape.leafOf[dimension - 1]?.[leaf] ?? 0) * (shape.strides[dimension - 1] ?? 1)
  }
  const codes = codesFor[column.holds](onNew)
  return {
    touched,
    read: (chunk, index, into, count) => codes.read(chunk.getColumnVector(index), count, into),
    now: () => ({ masks, offsets: inner.length ? offsets : null, nodes: decidesArea ? nodes : null }),
  }
}
