import { Blocks } from './blocks.ts'
import { createColumnBuffer } from './column-buffer.ts'
import { type ColumnNotes, columnNumbers, type ColumnPlace, type Piece } from './column-place.ts'
import { type Cell, type ColumnBuffer } from './filling-column.ts'

/** As many rows as a DuckDB chunk takes. */
export const chunkRows = 2048

/** Rows ready to be appended, by column: numbers that say where things lie in the blocks, which may be those of other chunks too. */
export interface TableChunk {
  readonly rows: number
  readonly blocks: readonly SharedArrayBuffer[]
  /** Columns of the table. */
  readonly width: number
  /** Of each column, those of the table first. */
  readonly columns: Int32Array
  /** Block, beginning and length of each piece with long texts. */
  readonly pieces: Int32Array
}

/** Collects the rows of one table. A row counts once it is closed: one that was left in the middle is written over. */
export class TableBuffer {
  readonly #types: readonly string[]
  readonly #capacity: number
  readonly #blocks: Blocks
  readonly #chunks: TableChunk[] = []
  #columns: readonly ColumnBuffer[] = []
  #row = 0
  #dirty = false

  /**
   * @param expectedRows how much memory to take at first, in rows.
   * @param blocks where to take it from.
   */
  constructor(types: readonly string[], expectedRows: number, blocks: Blocks = new Blocks()) {
    this.#types = types
    this.#capacity = Math.max(1, Math.min(chunkRows, expectedRows))
    this.#blocks = blocks
  }

  /** The columns to set cells in, at `row`; every cell is NULL at first. */
  open(): number {
    if (this.#columns.length === 0) this.#columns = this.#types.map((type) => createColumnBuffer(type, this.#blocks, this.#capacity))
    if (this.#dirty) for (const column of this.#columns) column.clear(this.#row)
    this.#dirty = true
    return this.#row
  }
  /** The columns at hand, in the order of the table; valid until the row is closed. */
  get columns(): readonly ColumnBuffer[] {
    return this.#columns
  }
  set(row: number, column: number, cell: Cell): void {
    this.#columns[column]?.set(row, cell)
  }
  close(): void {
    this.#dirty = false
    this.#row++
    if (this.#row === this.#capacity) this.#seal()
  }
  add(cells: readonly Cell[]): void {
    const row = this.open()
    for (let column = 0; column < this.#columns.length; column++) this.set(row, column, cells[column] ?? null)
    this.close()
  }
  finish(): readonly TableChunk[] {
    if (this.#row > 0) this.#seal()
    return this.#chunks
  }

  #seal(): void {
    if (this.#dirty) for (const column of this.#columns) column.clear(this.#row)
    this.#chunks.push({ rows: this.#row, width: this.#columns.length, blocks: this.#blocks.all, ...placesOf(this.#columns) })
    this.#columns = []
    this.#row = 0
    this.#dirty = false
  }
}

function placesOf(columns: readonly ColumnBuffer[]): Pick<TableChunk, 'columns' | 'pieces'> {
  const items: ColumnPlace[] = []
  const pieces: Piece[] = []
  const notes: ColumnNotes = {
    items: (place) => columns.length + items.push(place) - 1,
    pieces: (some) => pieces.push(...some) - some.length,
  }
  const places = columns.map((column) => column.finish(notes))
  return {
    columns: Int32Array.from([...places, ...items].flatMap(numbersOf)),
    pieces: Int32Array.from(pieces.flatMap(({ block, at, length }) => [block, at, length])),
  }
}

const numbersOf = ({ block, at, bytesPerRow, capacity, firstPiece, pieces, itemCount, items }: ColumnPlace) => [
  block,
  at,
  bytesPerRow,
  capacity,
  firstPiece,
  pieces,
  itemCount,
  items,
]

/** Where the column of this number lies. */
export function placeOf({ columns }: TableChunk, column: number): ColumnPlace {
  const number = (at: number) => columns[column * columnNumbers + at] ?? 0
  return {
    block: number(0),
    at: number(1),
    bytesPerRow: number(2),
    capacity: number(3),
    firstPiece: number(4),
    pieces: number(5),
    itemCount: number(6),
    items: number(7),
  }
}
