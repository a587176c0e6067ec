import type { DuckDBDataChunk } from '@duckdb/node-api'
import { columnOf, numbersOf, textCodes, wholeNumbers } from './answer-codes.ts'
import type { PlacedDimension } from './dimensions.ts'
import type { PageShape } from './pages.ts'
import { type BitKind, bitKinds, type Decided, type ScanColumn } from './scan-columns.ts'
import type { ScanPlan } from './scan-plan.ts'

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

/** Reads chunks of the scan of a plan. It remembers the areas it met, so one reader serves all scans of a lattice. */
export function createRowReader(plan: ScanPlan, shape: PageShape): (chunk: DuckDBDataChunk) => ScannedRows {
  const perRow = bitKinds.length * wordsPerKind(plan)
  const tables = plan.columns.map((column) => tableOf(column, plan, shape))
  const [places, codes] = [new Int32Array(mostRows), new Int32Array(mostRows)]
  const words = new Int32Array(mostRows * perRow)
  const numbers = plan.numbers.map(() => new Float64Array(mostRows))
  const readAreas = areaReader(plan)
  return (chunk) => {
    const count = chunk.rowCount
    if (count > mostRows) throw new RangeError(`A chunk has at most ${mostRows} rows.`)
    const areas = readAreas(chunk, count, codes)
    words.fill(-1)
    places.fill(0, 0, count)
    for (const [index, { masks, offsets }] of tables.entries()) {
      const column = wholeNumbers(columnOf(chunk, 1 + index), count)
      if (offsets) addOffsets(places, column, offsets, count)
      for (const [word, mask] of masks) clearBits(words, word * mostRows, column, mask, count)
    }
    for (const [index, column] of numbers.entries()) numbersOf(columnOf(chunk, 1 + tables.length + index), count, column)
    return { count, areas, places, words, numbers }
  }
}

/** Nodes of the areas of a chunk. */
function areaReader({ dimensions: [areas] }: ScanPlan): (chunk: DuckDBDataChunk, count: number, codes: Int32Array) => Int32Array {
  const into = new Int32Array(mostRows)
  const nodes: number[] = []
  const known = textCodes((code) => nodes.push(areas?.nodeOf.get(code ?? '') ?? areas?.unknownNode ?? 0))
  return (chunk, count, codes) => {
    known.read(columnOf(chunk, 0), count, codes)
    for (let row = 0; row < count; row++) into[row] = nodes[codes[row] as number] as number
    return into
  }
}

function addOffsets(places: Int32Array, column: Int32Array, offsets: Int32Array, count: number): void {
  for (let row = 0; row < count; row++) places[row] = (places[row] as number) + (offsets[column[row] as number] as number)
}

function clearBits(words: Int32Array, start: number, column: Int32Array, masks: Int32Array, count: number): void {
  for (let row = 0; row < count; row++) words[start + row] = (words[start + row] as number) & (masks[column[row] as number] as number)
}

/** What follows from each number of a column. */
interface ColumnTable {
  /** The bits that remain, for each word that the column can clear bits of. */
  readonly masks: ReadonlyMap<number, Int32Array>
  /** What it adds to the place. */
  readonly offsets: Int32Array | null
}

function tableOf({ digits }: ScanColumn, plan: ScanPlan, shape: PageShape): ColumnTable {
  const wordOf = (kind: BitKind, indicator: number) => bitKinds.indexOf(kind) * wordsPerKind(plan) + (indicator >> 5)
  const touched = new Set(digits.flatMap(({ tests }) => tests.map(({ kind, indicator }) => wordOf(kind, indicator))))
  const maskOf = ({ classes, tests }: Decided, word: number, digit: number) =>
    tests
      .filter(({ kind, indicator }) => wordOf(kind, indicator) === word)
      .reduce((mask, { condition, indicator }) => (classes.holds(condition, digit) ? mask : mask & ~(1 << (indicator & 31))), -1)
  const offsetOf = ({ classes, dimensions }: Decided, digit: number) =>
    dimensions.reduce((sum, dimension) => sum + offsetFor(plan, shape, dimension, (placed) => classes.leaf(placed, digit)), 0)
  const masks = [...touched].map(
    (word) =>
      [
        word,
        forNumbers(
          digits,
          -1,
          (each, digit) => maskOf(each, word, digit),
          (mask, own) => mask & own,
        ),
      ] as const,
  )
  const placed = digits.some(({ dimensions }) => dimensions.length > 0)
  return { masks: new Map(masks), offsets: placed ? forNumbers(digits, 0, offsetOf, (sum, own) => sum + own) : null }
}

/** A value for each number, put together from those of its digits. */
function forNumbers(
  digits: readonly Decided[],
  empty: number,
  valueOf: (each: Decided, digit: number) => number,
  together: (value: number, own: number) => number,
): Int32Array {
  let values = Int32Array.of(empty)
  for (const each of digits) {
    const [before, after] = [values, new Int32Array(values.length * each.classes.size)]
    for (let digit = 0; digit < each.classes.size; digit++) {
      const own = valueOf(each, digit)
      for (const [place, value] of before.entries()) after[digit * before.length + place] = together(value, own)
    }
    values = after
  }
  return values
}

function offsetFor({ dimensions }: ScanPlan, shape: PageShape, dimension: number, leafOf: (placed: PlacedDimension) => number): number {
  const placed = dimensions[dimension]
  const leaf = placed ? leafOf(placed) : 0
  return (shape.leafOf[dimension - 1]?.[leaf] ?? 0) * (shape.strides[dimension - 1] ?? 1)
}
