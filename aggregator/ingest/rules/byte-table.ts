/** A text of the questionnaire by its bytes. */
interface Known<Value> {
  readonly bytes: Uint8Array
  readonly value: Value
  readonly next: Known<Value> | undefined
}

/** Texts by the hash of their bytes: a look without making a string. */
export class ByteTable<Value> {
  readonly #heads: (Known<Value> | undefined)[]
  readonly #mask: number
  #size = 0
  constructor(buckets: number) {
    this.#heads = Array.from({ length: buckets })
    this.#mask = buckets - 1
  }
  get size(): number {
    return this.#size
  }
  add(text: string, value: Value): void {
    const bytes = Buffer.from(text)
    const at = hashBetween(bytes, 0, bytes.length) & this.#mask
    this.#heads[at] = { bytes, value, next: this.#heads[at] }
    this.#size++
  }
  find(json: Uint8Array, from: number, length: number, hash: number): Value | undefined {
    for (let known = this.#heads[hash & this.#mask]; known !== undefined; known = known.next)
      if (known.bytes.length === length && isAt(known.bytes, json, from)) return known.value
    return undefined
  }
  clear(): void {
    this.#heads.fill(undefined)
    this.#size = 0
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
