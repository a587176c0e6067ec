// Columns in the memory layout of DuckDB's vectors, filled cell by cell and copied in one piece. A cell that is not set is NULL.

import type { Blocks } from './blocks.ts'
import { type Cell, type ColumnBuffer, copyFour, Filling, FourWords } from './filling-column.ts'
import { TextColumn, TextListColumn } from './text-columns.ts'

class UuidColumn extends FourWords {
  #last = ''
  #lastRow = 0
  protected write(values: Uint32Array, row: number, cell: Exclude<Cell, null>): boolean {
    const hex = String(cell)
    if (hex.length !== 32) return false
    // The members of a household lie together.
    if (hex === this.#last) {
      copyFour(values, this.#lastRow * 4, row * 4)
      return true
    }
    this.#last = hex
    this.#lastRow = row
    // Little-endian, with the top bit flipped, so that UUIDs sort like signed numbers.
    values[row * 4] = wordIn(hex, 24)
    values[row * 4 + 1] = wordIn(hex, 16)
    values[row * 4 + 2] = wordIn(hex, 8)
    values[row * 4 + 3] = wordIn(hex, 0) ^ 0x80000000
    return true
  }
}

/** Eight hex digits as a number. */
function wordIn(hex: string, from: number): number {
  let word = 0
  for (let at = from; at < from + 8; at++) {
    const code = hex.charCodeAt(at) | 0x20
    word = (word << 4) | (code > 0x39 ? code - 0x57 : code - 0x30)
  }
  return word
}

const days = new Map<string, number>()
const mostDays = 50_000

/** Days since 1970-01-01; NaN when it is no date. Few days are named again and again. */
function dayOf(text: string): number {
  const known = days.get(text)
  if (known !== undefined) return known
  const day = Date.parse(`${text}T00:00:00Z`) / 86_400_000
  if (days.size >= mostDays) days.clear()
  if (text.length === 10) days.set(text, day)
  return day
}

export class DateColumn extends Filling<Int32Array> {
  #last = ''
  #lastDay = Number.NaN
  constructor(blocks: Blocks, capacity: number) {
    super(blocks, capacity, 4)
  }
  protected view(block: SharedArrayBuffer, at: number): Int32Array {
    return new Int32Array(block, at, this.capacity)
  }
  protected write(values: Int32Array, row: number, cell: Exclude<Cell, null>): boolean {
    const text = String(cell)
    // The members of a household share the day of the interview.
    if (text !== this.#last) {
      this.#last = text
      this.#lastDay = dayOf(text)
    }
    values[row] = this.#lastDay
    return Number.isInteger(this.#lastDay)
  }
}

type NumberArray = Int32Array | Float64Array | Uint8Array

export class NumberColumn extends Filling<NumberArray> {
  constructor(
    blocks: Blocks,
    capacity: number,
    private readonly array: new (block: SharedArrayBuffer, at: number, length: number) => NumberArray,
    bytesPerRow: number,
  ) {
    super(blocks, capacity, bytesPerRow)
  }
  protected view(block: SharedArrayBuffer, at: number): NumberArray {
    return new this.array(block, at, this.capacity)
  }
  setNumber(row: number, number: number): void {
    this.taken()[row] = number
    this.mark(row)
  }
  protected write(values: NumberArray, row: number, cell: Exclude<Cell, null>): boolean {
    values[row] = Number(cell)
    return true
  }
}

class BigintColumn extends Filling<BigInt64Array> {
  constructor(blocks: Blocks, capacity: number) {
    super(blocks, capacity, 8)
  }
  protected view(block: SharedArrayBuffer, at: number): BigInt64Array {
    return new BigInt64Array(block, at, this.capacity)
  }
  protected write(values: BigInt64Array, row: number, cell: Exclude<Cell, null>): boolean {
    values[row] = BigInt(cell as number | bigint)
    return true
  }
}

const makers: Readonly<Record<string, (blocks: Blocks, capacity: number) => ColumnBuffer>> = {
  VARCHAR: (blocks, capacity) => new TextColumn(blocks, capacity),
  'VARCHAR[]': (blocks, capacity) => new TextListColumn(blocks, capacity),
  UUID: (blocks, capacity) => new UuidColumn(blocks, capacity),
  DATE: (blocks, capacity) => new DateColumn(blocks, capacity),
  INTEGER: (blocks, capacity) => new NumberColumn(blocks, capacity, Int32Array, 4),
  DOUBLE: (blocks, capacity) => new NumberColumn(blocks, capacity, Float64Array, 8),
  UTINYINT: (blocks, capacity) => new NumberColumn(blocks, capacity, Uint8Array, 1),
  BOOLEAN: (blocks, capacity) => new NumberColumn(blocks, capacity, Uint8Array, 1),
  BIGINT: (blocks, capacity) => new BigintColumn(blocks, capacity),
}

/** @throws RangeError for a type that no table of ours has. */
export function createColumnBuffer(type: string, blocks: Blocks, capacity: number): ColumnBuffer {
  const make = makers[type]
  if (!make) throw new RangeError(`there is no column buffer for ${type}`)
  return make(blocks, capacity)
}
