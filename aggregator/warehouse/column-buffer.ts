// Columns in the memory layout of DuckDB's vectors, filled cell by cell and copied in one piece. A cell that is not set is NULL.

/** A cell on its way in: UUIDs as 32 hex digits, dates as YYYY-MM-DD, a list as an array. */
export type Cell = string | number | bigint | boolean | readonly string[] | null

/** A full column on its way to DuckDB, or from thread to thread: plain data, its buffers can be moved. */
export interface ColumnData {
  /** Bytes of the values; null when every cell is NULL. */
  readonly values: ArrayBuffer | null
  /** One bit per row, 1 where there is a value. */
  readonly validity: ArrayBuffer
  readonly bytesPerRow: number
  /** Texts that do not fit into the 12 bytes a vector holds itself, and their rows. */
  readonly longTexts: readonly string[]
  readonly longRows: readonly number[]
  /** Items of a column of lists. */
  readonly items: ColumnData | null
  readonly itemCount: number
}

/** Fills one column of at most `capacity` rows. */
export interface ColumnBuffer {
  /** `null` leaves the cell NULL. Never throws: what does not fit the column is NULL. */
  set(row: number, cell: Cell): void
  clear(row: number): void
  finish(): ColumnData
}

/** As `Column` does: fills and remembers which rows have a value. Memory is taken when the first value comes. */
abstract class Filling<Values extends ArrayBufferView> implements ColumnBuffer {
  protected values: Values | null = null
  readonly #validity: Uint8Array
  readonly #longTexts: string[] = []
  readonly #longRows: number[] = []
  constructor(
    protected readonly capacity: number,
    private readonly bytesPerRow: number,
  ) {
    this.#validity = new Uint8Array(Math.ceil(capacity / 64) * 8)
  }
  protected abstract make(): Values
  /** False when the cell does not fit the column. */
  protected abstract write(values: Values, row: number, cell: Exclude<Cell, null>): boolean

  set(row: number, cell: Cell): void {
    if (cell !== null && this.write(this.taken(), row, cell)) this.mark(row)
  }
  protected taken(): Values {
    return (this.values ??= this.make())
  }
  protected mark(row: number): void {
    this.#validity[row >> 3] = (this.#validity[row >> 3] ?? 0) | (1 << (row & 7))
  }
  clear(row: number): void {
    this.#validity[row >> 3] = (this.#validity[row >> 3] ?? 0) & ~(1 << (row & 7))
    while (this.#longRows.at(-1) === row) {
      this.#longRows.pop()
      this.#longTexts.pop()
    }
  }
  protected long(row: number, text: string): void {
    this.#longRows.push(row)
    this.#longTexts.push(text)
  }
  finish(): ColumnData {
    return {
      values: (this.values?.buffer as ArrayBuffer | undefined) ?? null,
      validity: this.#validity.buffer as ArrayBuffer,
      bytesPerRow: this.bytesPerRow,
      longTexts: this.#longTexts,
      longRows: this.#longRows,
      items: this.items(),
      itemCount: this.itemCount,
    }
  }
  protected items(): ColumnData | null {
    return null
  }
  protected get itemCount(): number {
    return 0
  }
}

/** `duckdb_string_t`: length, then up to 12 bytes in place. */
const inPlace = 12

export class TextColumn extends Filling<Uint32Array> {
  constructor(capacity: number) {
    super(capacity, 16)
  }
  protected make(): Uint32Array {
    return new Uint32Array(this.capacity * 4)
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
  #put(values: Uint32Array, row: number, text: string): void {
    const { length } = text
    if (length > inPlace) {
      this.long(row, text)
      return
    }
    let one = 0
    let two = 0
    let three = 0
    for (let at = 0; at < length; at++) {
      const code = text.charCodeAt(at)
      if (code > 127) {
        this.long(row, text)
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
}

export class TextListColumn extends Filling<Uint32Array> {
  readonly #items: string[] = []
  constructor(capacity: number) {
    super(capacity, 16)
  }
  protected make(): Uint32Array {
    return new Uint32Array(this.capacity * 4)
  }
  protected write(values: Uint32Array, row: number, cell: Exclude<Cell, null>): boolean {
    if (!Array.isArray(cell)) return false
    values[row * 4] = this.#items.length
    values[row * 4 + 2] = cell.length
    for (const each of cell as readonly string[]) this.#items.push(each)
    return true
  }
  protected override items(): ColumnData {
    const column = new TextColumn(this.#items.length)
    for (const [row, text] of this.#items.entries()) column.set(row, text)
    return column.finish()
  }
  protected override get itemCount(): number {
    return this.#items.length
  }
}

class UuidColumn extends Filling<Uint32Array> {
  #last = ''
  #lastRow = 0
  constructor(capacity: number) {
    super(capacity, 16)
  }
  protected make(): Uint32Array {
    return new Uint32Array(this.capacity * 4)
  }
  protected write(values: Uint32Array, row: number, cell: Exclude<Cell, null>): boolean {
    const hex = String(cell)
    if (hex.length !== 32) return false
    // The members of a household lie together.
    if (hex === this.#last) {
      values.copyWithin(row * 4, this.#lastRow * 4, this.#lastRow * 4 + 4)
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
  constructor(capacity: number) {
    super(capacity, 4)
  }
  protected make(): Int32Array {
    return new Int32Array(this.capacity)
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
    capacity: number,
    private readonly array: new (length: number) => NumberArray,
    bytesPerRow: number,
  ) {
    super(capacity, bytesPerRow)
  }
  protected make(): NumberArray {
    return new this.array(this.capacity)
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
  constructor(capacity: number) {
    super(capacity, 8)
  }
  protected make(): BigInt64Array {
    return new BigInt64Array(this.capacity)
  }
  protected write(values: BigInt64Array, row: number, cell: Exclude<Cell, null>): boolean {
    values[row] = BigInt(cell as number | bigint)
    return true
  }
}

const makers: Readonly<Record<string, (capacity: number) => ColumnBuffer>> = {
  VARCHAR: (capacity) => new TextColumn(capacity),
  'VARCHAR[]': (capacity) => new TextListColumn(capacity),
  UUID: (capacity) => new UuidColumn(capacity),
  DATE: (capacity) => new DateColumn(capacity),
  INTEGER: (capacity) => new NumberColumn(capacity, Int32Array, 4),
  DOUBLE: (capacity) => new NumberColumn(capacity, Float64Array, 8),
  UTINYINT: (capacity) => new NumberColumn(capacity, Uint8Array, 1),
  BOOLEAN: (capacity) => new NumberColumn(capacity, Uint8Array, 1),
  BIGINT: (capacity) => new BigintColumn(capacity),
}

/** @throws RangeError for a type that no table of ours has. */
export function createColumnBuffer(type: string, capacity: number): ColumnBuffer {
  const make = makers[type]
  if (!make) throw new RangeError(`there is no column buffer for ${type}`)
  return make(capacity)
}
