import type { DuckDBDataChunk } from '@duckdb/node-api'
import duckdb, { type Vector } from '@duckdb/node-bindings'

/**
 * Numbers the different answers of a column as they are met: 0 is no answer, then 1, 2, … in the order of their first row.
 * Survey answers repeat: what follows from an answer is worked out once per different answer and looked up for each row.
 */
export interface AnswerCodes {
  /** Writes the code of each row. Rows share `into` from column to column. */
  read(vector: Vector, rows: number, into: Int32Array): void
}

/** Called once for each different answer, in the order of the codes; the first call is for no answer. */
export type OnNewAnswer<Answer> = (answer: Answer | null) => void

/** A column of a chunk as it lies in memory: the driver's own reader makes an object per column and a string per row, which costs ten times the sums. */
export const columnOf = ({ chunk }: DuckDBDataChunk, index: number): Vector => duckdb.data_chunk_get_vector(chunk, index)

/** Bit set per row that has an answer; null when all have. */
export function validBits(vector: Vector, rows: number): Uint32Array | null {
  const bytes: Uint8Array | null = duckdb.vector_get_validity(vector, Math.ceil(rows / 64) * 8)
  return bytes && new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2)
}

export const isValid = (bits: Uint32Array, row: number): boolean => (((bits[row >> 5] as number) >>> (row & 31)) & 1) === 1

/** 32-bit words of a vector, a few for each row. */
export function wordsOf(vector: Vector, rows: number, perRow: number): Int32Array {
  const bytes = duckdb.vector_get_data(vector, rows * perRow * 4)
  return new Int32Array(bytes.buffer, bytes.byteOffset, rows * perRow)
}

/** Of each text 16 bytes: its length, then up to 12 bytes, zero behind the end. Of a longer text the last 8 say where it lies. */
const wordsPerText = 4
const longestInPlace = 12

/** Text answers: found by their bytes, without making a string. */
export function textCodes(onNew: OnNewAnswer<string>): AnswerCodes {
  const table = textTable(onNew)
  onNew(null)
  return {
    read(vector, rows, into) {
      readTexts(table, vector, rows, into)
    },
  }
}

/** An open hash table over length and bytes. Codes begin at 1. */
export interface TextTable {
  keys: Int32Array
  codes: Int32Array
  used: number
  readonly long: Map<string, number>
  readonly onNew: (answer: string) => void
}

export const textTable = (onNew: (answer: string) => void): TextTable => ({
  keys: new Int32Array(256 * 4),
  codes: new Int32Array(256),
  used: 0,
  long: new Map(),
  onNew,
})

function textAt(words: Int32Array, row: number): string {
  const [at, length] = [words.byteOffset + row * 16, words[row * wordsPerText] as number]
  const bytes =
    length > longestInPlace
      ? duckdb.get_data_from_pointer(words.buffer as ArrayBuffer, at + 8, length)
      : new Uint8Array(words.buffer, at + 4, length)
  return decoder.decode(bytes)
}

const decoder = new TextDecoder()

/** The code of each text, 0 where there is none. */
export function readTexts(table: TextTable, vector: Vector, rows: number, into: Int32Array): void {
  const words = wordsOf(vector, rows, wordsPerText)
  const valid = validBits(vector, rows)
  let { keys, codes } = table
  let mask = codes.length - 1
  for (let row = 0, from = 0; row < rows; row++, from += 4) {
    if (valid !== null && !isValid(valid, row)) {
      into[row] = 0
      continue
    }
    const length = words[from] as number
    const a = words[from + 1] as number
    const b = words[from + 2] as number
    const c = words[from + 3] as number
    if (length > longestInPlace) {
      into[row] = longCode(table, textAt(words, row))
      continue
    }
    let at = hashOf(length, a, b, c) & mask
    let code = codes[at] as number
    while (code !== 0) {
      const key = at * 4
      if (keys[key + 1] === a && keys[key] === length && keys[key + 2] === b && keys[key + 3] === c) break
      at = (at + 1) & mask
      code = codes[at] as number
    }
    if (code === 0) {
      code = addText(table, textAt(words, row))
      keys[at * 4] = length
      keys[at * 4 + 1] = a
      keys[at * 4 + 2] = b
      keys[at * 4 + 3] = c
      codes[at] = code
      if (table.used * 2 > codes.length) {
        growTable(table)
        ;({ keys, codes } = table)
        mask = codes.length - 1
      }
    }
    into[row] = code
  }
}

function hashOf(length: number, a: number, b: number, c: number): number {
  const mixed = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35) ^ length
  return mixed ^ (mixed >>> 15)
}

function longCode(table: TextTable, answer: string): number {
  const found = table.long.get(answer) ?? addText(table, answer)
  table.long.set(answer, found)
  return found
}

function addText(table: TextTable, answer: string): number {
  table.onNew(answer)
  return ++table.used
}

function growTable(table: TextTable): void {
  const { keys: oldKeys, codes: oldCodes } = table
  const size = oldCodes.length * 4
  const [keys, codes] = [new Int32Array(size * 4), new Int32Array(size)]
  for (const [from, code] of oldCodes.entries()) {
    if (code === 0) continue
    const [length = 0, a = 0, b = 0, c = 0] = oldKeys.subarray(from * 4, from * 4 + 4)
    let at = hashOf(length, a, b, c) & (size - 1)
    while (codes[at] !== 0) at = (at + 1) & (size - 1)
    keys.set([length, a, b, c], at * 4)
    codes[at] = code
  }
  Object.assign(table, { keys, codes })
}

/** Numbers of an INTEGER column that has one in each row. */
export const wholeNumbers = (vector: Vector, rows: number): Int32Array => wordsOf(vector, rows, 1)

/** Numbers of a DOUBLE column; NaN where there is none. */
export function numbersOf(vector: Vector, rows: number, into: Float64Array): void {
  const bytes = duckdb.vector_get_data(vector, rows * 8)
  const items = new Float64Array(bytes.buffer, bytes.byteOffset, rows)
  const valid = validBits(vector, rows)
  for (let row = 0; row < rows; row++) into[row] = valid !== null && !isValid(valid, row) ? Number.NaN : (items[row] as number)
}
