import type { DuckDBVector } from '@duckdb/node-api'

/**
 * Numbers the different answers of a column as they are met: 0 is no answer, then 1, 2, … in the order of their first row.
 * Survey answers repeat: what follows from an answer is worked out once per different answer and looked up for each row.
 */
export interface AnswerCodes {
  /** Writes the code of each row. Rows share `into` from column to column. */
  read(vector: DuckDBVector, rows: number, into: Int32Array): void
}

export type Answer = string | number | boolean | readonly string[] | null

/** Called once for each different answer, in the order of the codes; the first call is for no answer. */
export type OnNewAnswer = (answer: Answer) => void

/** What of a vector lies in plain memory; the driver's own reader makes a string per row, which costs ten times the sums. */
interface RawVector {
  readonly items?: unknown
  readonly dataView?: unknown
  readonly validity?: { readonly data: unknown; readonly offset: number }
  readonly entryData?: unknown
  readonly childData?: DuckDBVector
}

/** Bit set per row that has an answer; null when all have. */
function validBits(vector: DuckDBVector): Uint32Array | null {
  const { validity } = vector as unknown as RawVector
  const data = validity?.data
  if (!(data instanceof BigUint64Array)) return null
  if (validity?.offset !== 0) throw new TypeError('A vector with an offset cannot be read here.')
  return new Uint32Array(data.buffer, data.byteOffset, data.length * 2)
}

const isValid = (bits: Uint32Array, row: number): boolean => (((bits[row >> 5] as number) >>> (row & 31)) & 1) === 1

/** Words of the 16 bytes of each text: its length, then up to 12 bytes, zero behind the end. Longer texts lie elsewhere. */
function textWords(vector: DuckDBVector): Int32Array {
  const { dataView } = vector as unknown as RawVector
  if (!(dataView instanceof DataView)) throw new TypeError('This version of the DuckDB driver keeps texts in another way.')
  return new Int32Array(dataView.buffer, dataView.byteOffset, dataView.byteLength >> 2)
}

const longestInPlace = 12

/** Text answers: found by their bytes, without making a string. */
export function textCodes(onNew: OnNewAnswer): AnswerCodes {
  const table = textTable(onNew)
  onNew(null)
  return {
    read(vector, rows, into) {
      readTexts(table, vector, rows, into)
    },
  }
}

/** An open hash table over length and bytes. Codes begin at 1. */
interface TextTable {
  keys: Int32Array
  codes: Int32Array
  used: number
  readonly long: Map<string, number>
  readonly onNew: (answer: string) => void
}

const textTable = (onNew: (answer: string) => void): TextTable => ({
  keys: new Int32Array(256 * 4),
  codes: new Int32Array(256),
  used: 0,
  long: new Map(),
  onNew,
})

/** The code of each text, 0 where there is none. */
function readTexts(table: TextTable, vector: DuckDBVector, rows: number, into: Int32Array): void {
  const words = textWords(vector)
  const valid = validBits(vector)
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
      into[row] = longCode(table, String(vector.getItem(row)))
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
      code = addText(table, String(vector.getItem(row)))
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

/** Answers with several codes: a list of one is as cheap as a text, others are told apart by their codes in order. */
export function listCodes(onNew: OnNewAnswer): AnswerCodes {
  const texts: string[] = ['']
  const table = textTable((answer) => texts.push(answer))
  const lists = new Map<string, number>()
  const single: number[] = []
  let used = 0
  let inner = new Int32Array(4096)
  const add = (items: readonly number[]): number => {
    onNew(items.map((each) => texts[each] ?? ''))
    return ++used
  }
  onNew(null)
  return {
    read(vector, rows, into) {
      const { entryData, childData } = vector as unknown as RawVector
      if (!(entryData instanceof BigUint64Array) || !childData)
        throw new TypeError('This version of the DuckDB driver keeps lists in another way.')
      const entries = new Uint32Array(entryData.buffer, entryData.byteOffset, entryData.length * 2)
      if (childData.itemCount > inner.length) inner = new Int32Array(childData.itemCount * 2)
      readTexts(table, childData, childData.itemCount, inner)
      const valid = validBits(vector)
      for (let row = 0; row < rows; row++) {
        if (valid !== null && !isValid(valid, row)) {
          into[row] = 0
          continue
        }
        const start = entries[row * 4] as number
        const length = entries[row * 4 + 2] as number
        if (length === 1) {
          const code = inner[start] as number
          into[row] = single[code] ??= add([code])
        } else {
          const items = [...inner.subarray(start, start + length)]
          const key = items.join(' ')
          const found = lists.get(key) ?? add(items)
          lists.set(key, found)
          into[row] = found
        }
      }
    },
  }
}

const nearZero = 1024

/** Whole numbers: those near zero (ages, counts, days) by place, others by a map. */
export function integerCodes(onNew: OnNewAnswer): AnswerCodes {
  const near = new Int32Array(nearZero * 2)
  const far = new Map<number, number>()
  let used = 0
  const add = (answer: number): number => {
    onNew(answer)
    return ++used
  }
  onNew(null)
  return {
    read(vector, rows, into) {
      const { items } = vector as unknown as RawVector
      if (!(items instanceof Int32Array)) throw new TypeError('This version of the DuckDB driver keeps numbers in another way.')
      const valid = validBits(vector)
      for (let row = 0; row < rows; row++) {
        if (valid !== null && !isValid(valid, row)) {
          into[row] = 0
          continue
        }
        const number = items[row] as number
        if (number >= -nearZero && number < nearZero) {
          const found = near[number + nearZero] as number
          into[row] = found !== 0 ? found : (near[number + nearZero] = add(number))
        } else {
          const found = far.get(number) ?? add(number)
          far.set(number, found)
          into[row] = found
        }
      }
    },
  }
}

/** Conditions that the database works out. */
export function conditionCodes(onNew: OnNewAnswer): AnswerCodes {
  onNew(null)
  onNew(false)
  onNew(true)
  return {
    read(vector, rows, into) {
      for (let row = 0; row < rows; row++) into[row] = vector.getItem(row) === true ? 2 : 1
    },
  }
}

/** Numbers of a DOUBLE column; NaN where there is none. */
export function numbersOf(vector: DuckDBVector, rows: number, into: Float64Array): void {
  const { items } = vector as unknown as RawVector
  if (!(items instanceof Float64Array)) throw new TypeError('This version of the DuckDB driver keeps numbers in another way.')
  const valid = validBits(vector)
  for (let row = 0; row < rows; row++) into[row] = valid !== null && !isValid(valid, row) ? Number.NaN : (items[row] as number)
}
