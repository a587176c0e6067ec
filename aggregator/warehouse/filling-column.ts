import type { Blocks, Place } from './blocks.ts'
import { type ColumnNotes, type ColumnPlace, nowhere, validityAt, validityBytes } from './column-place.ts'

/** A cell on its way in: UUIDs as 32 hex digits, dates as YYYY-MM-DD, a list as an array. */
export type Cell = string | number | bigint | boolean | readonly string[] | null

/** Fills one column of at most `capacity` rows. */
export interface ColumnBuffer {
  /** `null` leaves the cell NULL. Never throws: what does not fit the column is NULL. */
  set(row: number, cell: Cell): void
  clear(row: number): void
  finish(notes: ColumnNotes): ColumnPlace
}

const noRows = new Uint8Array(0)

/** Fills and remembers which rows have a value. Memory is taken when the first value comes. */
export abstract class Filling<Values extends ArrayBufferView> implements ColumnBuffer {
  protected values: Values | null = null
  #validity: Uint8Array = noRows
  #place: Place = nowhere
  constructor(
    protected readonly blocks: Blocks,
    readonly capacity: number,
    readonly bytesPerRow: number,
  ) {}
  protected abstract view(block: SharedArrayBuffer, at: number): Values
  /** False when the cell does not fit the column. */
  protected abstract write(values: Values, row: number, cell: Exclude<Cell, null>): boolean

  set(row: number, cell: Cell): void {
    if (cell !== null && this.write(this.taken(), row, cell)) this.mark(row)
  }
  protected taken(): Values {
    return this.values ?? this.#take()
  }
  #take(): Values {
    const values = validityAt(this)
    this.#place = this.blocks.take(values + validityBytes(this.capacity))
    const block = this.blocks.of(this.#place)
    this.#validity = new Uint8Array(block, this.#place.at + values, validityBytes(this.capacity))
    this.values = this.view(block, this.#place.at)
    return this.values
  }
  protected mark(row: number): void {
    this.#validity[row >> 3] = (this.#validity[row >> 3] ?? 0) | (1 << (row & 7))
  }
  clear(row: number): void {
    if (this.values !== null) this.#validity[row >> 3] = (this.#validity[row >> 3] ?? 0) & ~(1 << (row & 7))
  }
  finish(_notes: ColumnNotes): ColumnPlace {
    if (this.values === null) return nowhere
    return { ...nowhere, ...this.#place, bytesPerRow: this.bytesPerRow, capacity: this.capacity }
  }
}

/** Four words a row: texts, lists and UUIDs. */
export abstract class FourWords extends Filling<Uint32Array> {
  constructor(blocks: Blocks, capacity: number) {
    super(blocks, capacity, 16)
  }
  protected view(block: SharedArrayBuffer, at: number): Uint32Array {
    return new Uint32Array(block, at, this.capacity * 4)
  }
}

export function copyFour(values: Uint32Array, from: number, to: number): void {
  values[to] = values[from] as number
  values[to + 1] = values[from + 1] as number
  values[to + 2] = values[from + 2] as number
  values[to + 3] = values[from + 3] as number
}
