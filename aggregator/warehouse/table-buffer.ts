import { type Cell, type ColumnBuffer, type ColumnData, createColumnBuffer } from './column-buffer.ts'

/** As many rows as a DuckDB chunk takes. */
export const chunkRows = 2048

/** Rows ready to be appended, by column. */
export interface TableChunk {
  readonly rows: number
  readonly columns: readonly ColumnData[]
}

/** Collects the rows of one table. A row counts once it is closed: one that was left in the middle is written over. */
export class TableBuffer {
  readonly #types: readonly string[]
  readonly #capacity: number
  readonly #chunks: TableChunk[] = []
  #columns: readonly ColumnBuffer[] = []
  #row = 0
  #dirty = false

  /** @param expectedRows how much memory to take at first, in rows. */
  constructor(types: readonly string[], expectedRows: number) {
    this.#types = types
    this.#capacity = Math.max(1, Math.min(chunkRows, expectedRows))
  }

  /** The columns to set cells in, at `row`; every cell is NULL at first. */
  open(): number {
    if (this.#columns.length === 0) this.#columns = this.#types.map((type) => createColumnBuffer(type, this.#capacity))
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
    this.#chunks.push({ rows: this.#row, columns: this.#columns.map((column) => column.finish()) })
    this.#columns = []
    this.#row = 0
    this.#dirty = false
  }
}

/** The memory of a chunk, to be moved to another thread instead of copied. */
export function buffersOf({ columns }: TableChunk): ArrayBuffer[] {
  return columns.flatMap(({ values, validity, items }) => [
    ...(values ? [values] : []),
    validity,
    ...(items ? [...(items.values ? [items.values] : []), items.validity] : []),
  ])
}
