import type { Place } from './blocks.ts'
import type { ColumnNotes, ColumnPlace } from './column-place.ts'
import { type Cell, copyFour, FourWords } from './filling-column.ts'

/** `duckdb_string_t`: length, then up to 12 bytes in place; of a longer text the first 4, and where it lies. */
export const inPlace = 12
/** Bytes for long texts that a column takes at first. */
const firstPiece = 4_096

export class TextColumn extends FourWords {
  readonly #pieces: { place: Place; length: number }[] = []
  #texts: Buffer = Buffer.alloc(0)
  #last = ''
  #lastRow = 0
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

export class TextListColumn extends FourWords {
  readonly #items: string[] = []
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
