import { inverseModulo, residue } from './modular.ts'
import { grown, type ReducedStore } from './reduced-columns.ts'
import type { Columns } from './system.ts'

/** Sparse columns in one arena with, for each row, a lazily cleaned list of the columns that hold it. */
export class SparseColumns {
  readonly #p: number
  readonly #inverseP: number
  readonly #protected: Uint8Array
  readonly #alive: Uint8Array
  readonly #starts: Int32Array
  readonly #lengths: Int32Array
  readonly #capacities: Int32Array
  #indices: Int32Array<ArrayBuffer>
  #values: Int32Array<ArrayBuffer>
  #end: number
  readonly #rowStarts: Int32Array
  readonly #rowLengths: Int32Array
  readonly #rowCapacities: Int32Array
  #rowColumns: Int32Array<ArrayBuffer>
  #rowEnd: number
  readonly #seen: Int32Array
  #stamp = 0
  #mergedIndices = new Int32Array(64)
  #mergedValues = new Int32Array(64)

  constructor(columns: Columns, candidates: Int32Array, forced: Int32Array | undefined, protectedColumns: Uint8Array, p: number) {
    const count = columns.starts.length - 1
    this.#p = p
    this.#inverseP = 1 / p
    this.#protected = protectedColumns
    this.#alive = protectedColumns.slice()
    for (const column of candidates) this.#alive[column] = 1
    for (const column of forced ?? []) this.#alive[column] = 1
    this.#starts = columns.starts.slice(0, count)
    this.#lengths = new Int32Array(count)
    for (let column = 0; column < count; column++)
      this.#lengths[column] = this.#alive[column] ? (columns.starts[column + 1] as number) - (columns.starts[column] as number) : 0
    this.#capacities = this.#lengths.slice()
    this.#end = columns.indices.length
    this.#indices = grown(columns.indices, Math.ceil(this.#end * 1.5) + 1024)
    this.#values = new Int32Array(this.#indices.length)
    for (let at = 0; at < this.#end; at++) this.#values[at] = residue(columns.values[at] as number, p)
    this.#rowStarts = new Int32Array(columns.coordinates)
    this.#rowLengths = new Int32Array(columns.coordinates)
    this.#rowCapacities = new Int32Array(columns.coordinates)
    this.#seen = new Int32Array(count)
    for (let column = 0; column < count; column++)
      this.#each(column, (row) => (this.#rowCapacities[row] = (this.#rowCapacities[row] as number) + 1))
    let end = 0
    for (let row = 0; row < columns.coordinates; row++) {
      this.#rowStarts[row] = end
      end += this.#rowCapacities[row] as number
    }
    this.#rowColumns = new Int32Array(Math.ceil(end * 1.5) + 1024)
    this.#rowEnd = end
    for (let column = 0; column < count; column++) this.#each(column, (row) => this.#appendToRow(row, column))
  }

  length(column: number): number {
    return this.#lengths[column] as number
  }

  drop(column: number): void {
    this.#alive[column] = 0
    this.#lengths[column] = 0
  }

  /** Would publishing this column determine a protected one, because that is a multiple of it? */
  revealsProtected(column: number): boolean {
    const row = this.#shortestRow(column)
    const start = this.#rowStarts[row] as number
    const end = start + (this.#rowLengths[row] as number)
    const length = this.#lengths[column] as number
    for (let at = start; at < end; at++) {
      const other = this.#rowColumns[at] as number
      if (
        this.#protected[other] &&
        this.#alive[other] &&
        other !== column &&
        this.#lengths[other] === length &&
        this.#isMultiple(column, other)
      )
        return true
    }
    return false
  }

  /** Removes one coordinate from every column with the help of this one, and remembers how. */
  pivot(column: number, reduced: ReducedStore): void {
    const row = this.#shortestRow(column)
    const start = this.#starts[column] as number
    const length = this.#lengths[column] as number
    reduced.add(row, this.#indices, this.#values, start, length)
    const pivotIndices = this.#indices.slice(start, start + length)
    const pivotValues = this.#values.slice(start, start + length)
    const inverse = inverseModulo(this.#values[this.#find(column, row)] as number, this.#p)
    this.#clean(row)
    const first = this.#rowStarts[row] as number
    const users = this.#rowColumns.slice(first, first + (this.#rowLengths[row] as number))
    this.#rowLengths[row] = 0
    for (const other of users) {
      if (other === column) continue
      const factor = this.#product(this.#values[this.#find(other, row)] as number, inverse)
      this.#subtract(other, pivotIndices, pivotValues, factor)
    }
    this.#lengths[column] = 0
  }

  #each(column: number, visit: (row: number) => void): void {
    const start = this.#starts[column] as number
    for (let at = start; at < start + (this.#lengths[column] as number); at++) visit(this.#indices[at] as number)
  }

  #product(a: number, b: number): number {
    const product = a * b
    const rest = product - Math.floor(product * this.#inverseP) * this.#p
    return rest < 0 ? rest + this.#p : rest >= this.#p ? rest - this.#p : rest
  }

  #shortestRow(column: number): number {
    const start = this.#starts[column] as number
    let best = this.#indices[start] as number
    for (let at = start + 1; at < start + (this.#lengths[column] as number); at++) {
      const row = this.#indices[at] as number
      if ((this.#rowLengths[row] as number) < (this.#rowLengths[best] as number)) best = row
    }
    return best
  }

  #find(column: number, row: number): number {
    let low = this.#starts[column] as number
    let high = low + (this.#lengths[column] as number) - 1
    while (low <= high) {
      const middle = (low + high) >>> 1
      const found = this.#indices[middle] as number
      if (found === row) return middle
      if (found < row) low = middle + 1
      else high = middle - 1
    }
    return -1
  }

  #isMultiple(column: number, other: number): boolean {
    const a = this.#starts[column] as number
    const b = this.#starts[other] as number
    const length = this.#lengths[column] as number
    for (let at = 0; at < length; at++) if (this.#indices[a + at] !== this.#indices[b + at]) return false
    const [a0, b0] = [this.#values[a] as number, this.#values[b] as number]
    for (let at = 1; at < length; at++)
      if (this.#product(this.#values[a + at] as number, b0) !== this.#product(this.#values[b + at] as number, a0)) return false
    return true
  }

  #clean(row: number): void {
    const start = this.#rowStarts[row] as number
    const end = start + (this.#rowLengths[row] as number)
    this.#stamp++
    let write = start
    for (let at = start; at < end; at++) {
      const column = this.#rowColumns[at] as number
      if (!this.#alive[column] || this.#seen[column] === this.#stamp || this.#find(column, row) < 0) continue
      this.#seen[column] = this.#stamp
      this.#rowColumns[write++] = column
    }
    this.#rowLengths[row] = write - start
  }

  #appendToRow(row: number, column: number): void {
    const length = this.#rowLengths[row] as number
    if (length === this.#rowCapacities[row]) this.#moveRow(row)
    this.#rowColumns[(this.#rowStarts[row] as number) + (this.#rowLengths[row] as number)] = column
    this.#rowLengths[row] = (this.#rowLengths[row] as number) + 1
  }

  #moveRow(row: number): void {
    this.#clean(row)
    const length = this.#rowLengths[row] as number
    if (length < (this.#rowCapacities[row] as number) * 0.75) return
    const capacity = length * 2 + 4
    if (this.#rowEnd + capacity > this.#rowColumns.length) this.#compactRows(capacity)
    const start = this.#rowStarts[row] as number
    this.#rowColumns.copyWithin(this.#rowEnd, start, start + length)
    this.#rowStarts[row] = this.#rowEnd
    this.#rowCapacities[row] = capacity
    this.#rowEnd += capacity
  }

  #compactRows(needed: number): void {
    let total = needed
    // Not cleaned here: a column that is being rewritten is listed in rows that its stored entries do not show yet.
    for (const length of this.#rowLengths) total += length + 4
    const fresh = new Int32Array(Math.ceil(total * 1.5) + 1024)
    let end = 0
    for (let row = 0; row < this.#rowStarts.length; row++) {
      const start = this.#rowStarts[row] as number
      const length = this.#rowLengths[row] as number
      fresh.set(this.#rowColumns.subarray(start, start + length), end)
      this.#rowStarts[row] = end
      this.#rowCapacities[row] = length + 4
      end += length + 4
    }
    this.#rowColumns = fresh
    this.#rowEnd = end
  }

  /** other := other - factor * pivot; the row of the pivot disappears from it. */
  #subtract(other: number, pivotIndices: Int32Array, pivotValues: Int32Array, factor: number): void {
    const p = this.#p
    const inverseP = this.#inverseP
    const start = this.#starts[other] as number
    const length = this.#lengths[other] as number
    const pivotLength = pivotIndices.length
    if (length + pivotLength > this.#mergedIndices.length) {
      this.#mergedIndices = new Int32Array((length + pivotLength) * 2)
      this.#mergedValues = new Int32Array((length + pivotLength) * 2)
    }
    const [indices, values, outIndices, outValues] = [this.#indices, this.#values, this.#mergedIndices, this.#mergedValues]
    let at = start
    let pivotAt = 0
    let out = 0
    const end = start + length
    while (at < end || pivotAt < pivotLength) {
      const index = at < end ? (indices[at] as number) : 0x7fffffff
      const pivotIndex = pivotAt < pivotLength ? (pivotIndices[pivotAt] as number) : 0x7fffffff
      if (index < pivotIndex) {
        outIndices[out] = index
        outValues[out++] = values[at++] as number
        continue
      }
      const product = factor * (pivotValues[pivotAt++] as number)
      let term = product - Math.floor(product * inverseP) * p
      if (term < 0) term += p
      else if (term >= p) term -= p
      if (index === pivotIndex) {
        let difference = (values[at++] as number) - term
        if (difference < 0) difference += p
        if (difference === 0) continue
        outIndices[out] = index
        outValues[out++] = difference
      } else if (term !== 0) {
        outIndices[out] = pivotIndex
        outValues[out++] = p - term
        this.#appendToRow(pivotIndex, other)
      }
    }
    this.#store(other, out)
  }

  #store(column: number, length: number): void {
    if (length > (this.#capacities[column] as number)) {
      const capacity = length + (length >>> 1)
      if (this.#end + capacity > this.#indices.length) this.#compactColumns(column, capacity)
      this.#starts[column] = this.#end
      this.#capacities[column] = capacity
      this.#end += capacity
    }
    const start = this.#starts[column] as number
    this.#lengths[column] = length
    for (let at = 0; at < length; at++) {
      this.#indices[start + at] = this.#mergedIndices[at] as number
      this.#values[start + at] = this.#mergedValues[at] as number
    }
  }

  #compactColumns(except: number, needed: number): void {
    this.#lengths[except] = 0
    let total = needed
    for (let column = 0; column < this.#starts.length; column++) total += this.#lengths[column] as number
    const size = Math.ceil(total * 1.3) + 1024
    const indices = new Int32Array(size)
    const values = new Int32Array(size)
    let end = 0
    for (let column = 0; column < this.#starts.length; column++) {
      const start = this.#starts[column] as number
      const length = this.#lengths[column] as number
      indices.set(this.#indices.subarray(start, start + length), end)
      values.set(this.#values.subarray(start, start + length), end)
      this.#starts[column] = end
      this.#capacities[column] = length
      end += length
    }
    this.#indices = indices
    this.#values = values
    this.#end = end
  }
}
