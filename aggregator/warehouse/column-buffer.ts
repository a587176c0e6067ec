// Columns in the memory layout of DuckDB's vectors, filled cell by cell and copied in one piece. A cell that is not set is NULL.

import { type Blocks, type Place } from './blocks.ts'

/** A cell on its way in: UUIDs as 32 hex digits, dates as YYYY-MM-DD, a list as an array. */
export type Cell = string | number | bigint | boolean | readonly string[] | null

/** Numbers that say where a full column lies: objects would be copied name by name from thread to thread. */
export const columnNumbers = 8
/** Their meaning, in this order; `block` is -1 where every cell is NULL. */
export interface ColumnPlace extends Place {
  readonly bytesPerRow: number
  /** Rows there is room for; behind them lies one bit per row, 1 where there is a value. */
  readonly capacity: number
  /** Pieces of memory that hold texts longer than a vector holds itself: which ones, and how many. */
  readonly firstPiece: number
  readonly pieces: number
  /** Of a column of lists: how many items, and the column that they are, behind those of the table. */
  readonly itemCount: number
  readonly items: number
}

/** Takes note of what lies beside the columns of a chunk. */
export interface ColumnNotes {
  /** A column beside those of the table. @returns its number. */
  items(place: ColumnPlace): number
  /** @returns the number of the first of these pieces. */
  pieces(places: readonly Piece[]): number
}

/** Memory with texts, one behind the other. */
export interface Piece extends Place {
  readonly length: number
}

/** Fills one column of at most `capacity` rows. */
export interface ColumnBuffer {
  /** `null` leaves the cell NULL. Never throws: what does not fit the column is NULL. */
  set(row: number, cell: Cell): void
  clear(row: number): void
  finish(notes: ColumnNotes): ColumnPlace
}

/** Of a column whose every cell is NULL. */
export const nowhere: ColumnPlace = { block: -1, at: 0, bytesPerRow: 0, capacity: 0, firstPiece: 0, pieces: 0, itemCount: 0, items: 0 }
/** Whole words of 8, as DuckDB's masks. */
export const validityBytes = (rows: number) => Math.ceil(rows / 64) * 8
/** From the beginning of the column. */
export const validityAt = ({ capacity, bytesPerRow }: Pick<ColumnPlace, 'capacity' | 'bytesPerRow'>) =>
  Math.ceil((capacity * bytesPerRow) / 8) * 8
const noRows = new Uint8Array(0)

/** As `Column` does: fills and remembers which rows have a value. Memory is taken when the first value comes. */
abstract class Filling<Values extends ArrayBufferView> implements ColumnBuffer {
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

function copyFour(values: Uint32Array, from: number, to: number): void {
  values[to] = values[from] as number
  values[to + 1] = values[from + 1] as number
  values[to + 2] = values[from + 2] as number
  values[to + 3] = values[from + 3] as number
}

/** `duckdb_string_t`: length, then up to 12 bytes in place; of a longer text the first 4, and where it lies. */
export const inPlace = 12
/** Bytes for long texts that a column takes at first. */
const firstPiece = 4_096

export class TextColumn extends Filling<Uint32Array> {
  readonly #pieces: { place: Place; length: number }[] = []
  #texts: Buffer = Buffer.alloc(0)
  #last = ''
  #lastRow = 0
  constructor(blocks: Blocks, capacity: number) {
    super(blocks, capacity, 16)
  }
  protected view(block: SharedArrayBuffer, at: number): Uint32Array {
    return new Uint32Array(block, at, this.capacity * 4)
  }
  /** As `set`, for who knows that it is a text. */
  setText(row: number, text: string): void {
    this.#put(this.taken(), row, text)
    this.mark(row)
  }
  protected write(values: Uint32Array, row: number, cell: Exclude<Cell, null>): boolean {
    this.#put(values, row, typeof cell === 'string' ? cell : String(cell))
    return true
  }
  override clear(row: number): void {
    super.clear(row)
    if (this.#lastRow === row) this.#last = ''
  }
  #put(values: Uint32Array, row: number, text: string): void {
    const { length } = text
    if (length > inPlace) {
      this.#putLong(values, row, text)
      return
    }
    let one = 0
    let two = 0
    let three = 0
    for (let at = 0; at < length; at++) {
      const code = text.charCodeAt(at)
      if (code > 127) {
        this.#putLong(values, row, text)
        return
      }
      if (at < 4) one |= code << (at * 8)
      else if (at < 8) two |= code << ((at - 4) * 8)
      else three |= code << ((at - 8) * 8)
    }
    const from = row * 4
    values[from] = length
    values[from + 1] = one
    values[from + 2] = two
    values[from + 3] = three
  }
  /** The text goes into a piece of its own; who copies the column knows where that will lie. */
  #putLong(values: Uint32Array, row: number, text: string): void {
    const from = row * 4
    // The members of a household share the id of the record.
    if (text === this.#last) {
      copyFour(values, this.#lastRow * 4, from)
      return
    }
    const most = text.length * 3
    let piece = this.#pieces.at(-1)
    if (piece === undefined || piece.length + most + inPlace > this.#texts.length) piece = this.#takePiece(most)
    const start = piece.length
    const length = this.#texts.write(text, start)
    values[from] = length
    if (length <= inPlace) {
      for (let word = 0; word < 3; word++) values[from + 1 + word] = this.#texts.readUInt32LE(start + word * 4)
      this.#texts.fill(0, start, start + length)
      return
    }
    values[from + 1] = this.#texts.readUInt32LE(start)
    values[from + 2] = start
    values[from + 3] = this.#pieces.length - 1
    piece.length += length
    this.#last = text
    this.#lastRow = row
  }
  #takePiece(bytes: number): { place: Place; length: number } {
    const size = Math.max(firstPiece, this.#texts.length * 2, bytes + inPlace)
    const place = this.blocks.take(size)
    this.#texts = Buffer.from(this.blocks.of(place), place.at, size)
    const piece = { place, length: 0 }
    this.#pieces.push(piece)
    return piece
  }
  override finish(notes: ColumnNotes): ColumnPlace {
    const pieces = this.#pieces.map(({ place, length }) => ({ ...place, length }))
    return { ...super.finish(notes), firstPiece: notes.pieces(pieces), pieces: pieces.length }
  }
}

export class TextListColumn extends Filling<Uint32Array> {
  readonly #items: string[] = []
  constructor(blocks: Blocks, capacity: number) {
    super(blocks, capacity, 16)
  }
  protected view(block: SharedArrayBuffer, at: number): Uint32Array {
    return new Uint32Array(block, at, this.capacity * 4)
  }
  protected write(values: Uint32Array, row: number, cell: Exclude<Cell, null>): boolean {
    if (!Array.isArray(cell)) return false
    values[row * 4] = this.#items.length
    values[row * 4 + 2] = cell.length
    for (const each of cell as readonly string[]) this.#items.push(each)
    return true
  }
  override finish(notes: ColumnNotes): ColumnPlace {
    const items = new TextColumn(this.blocks, this.#items.length)
    for (let row = 0; row < this.#items.length; row++) items.setText(row, this.#items[row] as string)
    return { ...super.finish(notes), itemCount: this.#items.length, items: notes.items(items.finish(notes)) }
  }
}

class UuidColumn extends Filling<Uint32Array> {
  #last = ''
  #lastRow = 0
  constructor(blocks: Blocks, capacity: number) {
    super(blocks, capacity, 16)
  }
  protected view(block: SharedArrayBuffer, at: number): Uint32Array {
    return new Uint32Array(block, at, this.capacity * 4)
  }
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
