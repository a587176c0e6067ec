import type { Place } from './blocks.ts'

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

/** Of a column whose every cell is NULL. */
export const nowhere: ColumnPlace = { block: -1, at: 0, bytesPerRow: 0, capacity: 0, firstPiece: 0, pieces: 0, itemCount: 0, items: 0 }
/** Whole words of 8, as DuckDB's masks. */
export const validityBytes = (rows: number) => Math.ceil(rows / 64) * 8
/** From the beginning of the column. */
export const validityAt = ({ capacity, bytesPerRow }: Pick<ColumnPlace, 'capacity' | 'bytesPerRow'>) =>
  Math.ceil((capacity * bytesPerRow) / 8) * 8
