// HMAC-SHA-256 of short identifiers. node:crypto makes and frees an object for each, which costs more than the hashing: a household has a dozen.
// node:crypto is its oracle in the tests. Nothing here branches on the key or on what is hashed except on its length.
import { createHmac, type KeyObject } from 'node:crypto'

/** Keyed hash of a list of fields. */
export interface KeyedHash {
  /** @param bytes how much of it. @returns hex digits. */
  hex(fields: readonly string[], bytes: 16 | 32): string
}

const blockBytes = 64
const lengthBytes = 8
/** Longer ones are left to node:crypto. */
const longest = 512 - 1 - lengthBytes

/** @param bytesOf an identifier that is not plain ASCII, as canonicalFields. */
export function keyedHash(key: KeyObject, bytesOf: (fields: readonly string[]) => Buffer): KeyedHash {
  const secret = key.export()
  if (secret.length > blockBytes) throw new RangeError('Keys of keyed hashes are 32 bytes.')
  const inner = padded(secret, 0x36)
  const outer = padded(secret, 0x5c)
  secret.fill(0)
  return {
    hex(fields, bytes) {
      let length = writePlain(fields)
      if (length < 0) {
        const canonical = bytesOf(fields)
        if (canonical.length > longest)
          return createHmac('sha256', key)
            .update(canonical)
            .digest('hex')
            .slice(0, bytes * 2)
        length = canonical.copy(message)
      }
      state.set(inner)
      finish(length)
      for (let word = 0; word < 8; word++) view.setInt32(word * 4, state[word] as number)
      // What was hashed may be a name.
      message.fill(0, 32, Math.max(32, length))
      state.set(outer)
      finish(32)
      for (let word = 0; word < 8; word++) view.setInt32(word * 4, state[word] as number)
      return message.hexSlice(0, bytes)
    },
  }
}

// One for all: a hash is made before the next is begun.
const message = Buffer.alloc(512) as Buffer & { hexSlice(from: number, to: number): string }
const view = new DataView(message.buffer, message.byteOffset, message.length)
const state = new Int32Array(8)
const schedule = new Int32Array(64)

/** As canonicalFields, for fields of nothing but printable ASCII without spaces; -1 for others. */
function writePlain(fields: readonly string[]): number {
  let at = 0
  for (const field of fields) {
    const { length } = field
    if (at + 4 + length > longest) return -1
    view.setUint32(at, length)
    at += 4
    for (let each = 0; each < length; each++) {
      const code = field.charCodeAt(each)
      if (code < 0x21 || code > 0x7e) return -1
      message[at++] = code >= 0x41 && code <= 0x5a ? code + 32 : code
    }
  }
  return at
}

/** The state after the block of the key. */
function padded(secret: Buffer, pad: number): Int32Array {
  message.fill(pad, 0, blockBytes)
  for (const [at, byte] of secret.entries()) message[at] = byte ^ pad
  state.set(initial)
  compress(0)
  message.fill(0, 0, blockBytes)
  return state.slice()
}

/** Hashes the first `length` bytes of the message after one block that the state stands for. FIPS 180-4, 5.1.1. */
function finish(length: number): void {
  const end = Math.ceil((length + 1 + lengthBytes) / blockBytes) * blockBytes
  message.fill(0, length, end)
  message[length] = 0x80
  view.setUint32(end - 4, (blockBytes + length) * 8)
  for (let block = 0; block < end; block += blockBytes) compress(block)
}

// FIPS 180-4, 6.2.2.
function compress(block: number): void {
  for (let t = 0, at = block; t < 16; t++, at += 4)
    schedule[t] =
      ((message[at] as number) << 24) |
      ((message[at + 1] as number) << 16) |
      ((message[at + 2] as number) << 8) |
      (message[at + 3] as number)
  for (let t = 16; t < 64; t++) {
    const before15 = schedule[t - 15] as number
    const before2 = schedule[t - 2] as number
    const sigma0 = ((before15 >>> 7) | (before15 << 25)) ^ ((before15 >>> 18) | (before15 << 14)) ^ (before15 >>> 3)
    const sigma1 = ((before2 >>> 17) | (before2 << 15)) ^ ((before2 >>> 19) | (before2 << 13)) ^ (before2 >>> 10)
    schedule[t] = ((schedule[t - 16] as number) + sigma0 + (schedule[t - 7] as number) + sigma1) | 0
  }
  let a = state[0] as number
  let b = state[1] as number
  let c = state[2] as number
  let d = state[3] as number
  let e = state[4] as number
  let f = state[5] as number
  let g = state[6] as number
  let h = state[7] as number
  for (let t = 0; t < 64; t++) {
    const sum1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const first = (((((h + sum1) | 0) + ((((e & f) ^ (~e & g)) + (constants[t] as number)) | 0)) | 0) + (schedule[t] as number)) | 0
    const sum0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const second = (sum0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + first) | 0
    d = c
    c = b
    b = a
    a = (first + second) | 0
  }
  state[0] = (state[0] as number) + a
  state[1] = (state[1] as number) + b
  state[2] = (state[2] as number) + c
  state[3] = (state[3] as number) + d
  state[4] = (state[4] as number) + e
  state[5] = (state[5] as number) + f
  state[6] = (state[6] as number) + g
  state[7] = (state[7] as number) + h
}

/** The first 64 primes give the constants: fractions of their cube roots, and of the square roots of the first eight. */
const primes: readonly number[] = (() => {
  const found: number[] = []
  for (let each = 2; found.length < 64; each++) if (found.every((prime) => each % prime !== 0)) found.push(each)
  return found
})()
const fraction = (root: number) => ((root - Math.floor(root)) * 2 ** 32) | 0
const constants = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)))
const initial = Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)))
