/** The reduced pivot columns of an elimination and the coordinate each one removed, one after the other. */
export interface Reduced {
  readonly rows: Int32Array
  readonly starts: Int32Array
  readonly indices: Int32Array
  readonly values: Int32Array
}

/** Growing list of reduced pivot columns. */
export class ReducedStore {
  readonly #rows: number[] = []
  readonly #starts: number[] = [0]
  #indices = new Int32Array(1024)
  #values = new Int32Array(1024)
  #end = 0

  add(row: number, indices: Int32Array, values: Int32Array, from: number, length: number): void {
    if (this.#end + length > this.#indices.length) {
      const size = Math.max(this.#indices.length * 2, this.#end + length)
      this.#indices = grown(this.#indices, size)
      this.#values = grown(this.#values, size)
    }
    this.#indices.set(indices.subarray(from, from + length), this.#end)
    this.#values.set(values.subarray(from, from + length), this.#end)
    this.#end += length
    this.#rows.push(row)
    this.#starts.push(this.#end)
  }

  finish(): Reduced {
    return {
      rows: Int32Array.from(this.#rows),
      starts: Int32Array.from(this.#starts),
      indices: this.#indices.slice(0, this.#end),
      values: this.#values.slice(0, this.#end),
    }
  }
}

/** A larger array that begins with the old one. */
export function grown(old: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const bigger = new Int32Array(size)
  bigger.set(old)
  return bigger
}
