/** Numbers per entry: hash, length + 1 (0: free), where the bytes are, which value. */
const numbers = 4

/** Texts by the hash of their bytes: a look without making a string, in memory that lies together. */
export class ByteTable<Value> {
  #entries: Int32Array
  #bytes = new Uint8Array(64)
  #used = 0
  #values: Value[] = []

  /** @param size how many texts to take memory for at first. */
  constructor(size: number) {
    this.#entries = new Int32Array(2 ** Math.ceil(Math.log2(size * 2)) * numbers)
  }
  get size(): number {
    return this.#values.length
  }
  add(text: string, value: Value): void {
    const bytes = Buffer.from(text)
    if ((this.#values.length + 1) * 2 * numbers > this.#entries.length) this.#grow()
    if (this.#used + bytes.length > this.#bytes.length) {
      const larger = new Uint8Array((this.#used + bytes.length) * 2)
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    this.#bytes.set(bytes, this.#used)
    this.#enter(hashBetween(bytes, 0, bytes.length), bytes.length + 1, this.#used, this.#values.length)
    this.#used += bytes.length
    this.#values.push(value)
  }
  find(json: Uint8Array, from: number, length: number, hash: number): Value | undefined {
    const entries = this.#entries
    const last = entries.length - 1
    for (let at = (hash * numbers) & last; entries[at + 1] !== 0; at = (at + numbers) & last)
      if (entries[at] === hash && entries[at + 1] === length + 1 && this.#isAt(entries[at + 2] as number, length, json, from))
        return this.#values[entries[at + 3] as number]
    return undefined
  }
  clear(): void {
    this.#entries.fill(0)
    this.#values = []
    this.#used = 0
  }

  #isAt(own: number, length: number, json: Uint8Array, from: number): boolean {
    for (let at = 0; at < length; at++) if (this.#bytes[own + at] !== json[from + at]) return false
    return true
  }
  #enter(hash: number, length: number, bytes: number, value: number): void {
    const last = this.#entries.length - 1
    let at = (hash * numbers) & last
    while (this.#entries[at + 1] !== 0) at = (at + numbers) & last
    this.#entries.set([hash, length, bytes, value], at)
  }
  #grow(): void {
    const before = this.#entries
    this.#entries = new Int32Array(before.length * 2)
    for (let at = 0; at < before.length; at += numbers)
      if (before[at + 1] !== 0)
        this.#enter(before[at] as number, before[at + 1] as number, before[at + 2] as number, before[at + 3] as number)
  }
}

export const nextHash = (hash: number, byte: number) => (Math.imul(hash, 31) + byte) | 0

export function hashBetween(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0
  for (let at = from; at < to; at++) hash = nextHash(hash, bytes[at] as number)
  return hash
}

export function isAt(bytes: Uint8Array, json: Uint8Array, from: number): boolean {
  for (let at = 0; at < bytes.length; at++) if (bytes[at] !== json[from + at]) return false
  return true
}
