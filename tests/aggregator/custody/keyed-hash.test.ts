import { createHmac, createSecretKey } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyedHash } from '../../../aggregator/custody/keyed-hash.ts'
import { canonicalFields } from '../../../aggregator/custody/pseudonyms.ts'

const asNode = (key: Uint8Array, fields: readonly string[]) => createHmac('sha256', key).update(canonicalFields(fields)).digest('hex')

describe('a keyed hash', () => {
  it('is HMAC-SHA-256 of the canonical fields, as node:crypto makes it, for any key and any fields', () => {
    const field = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.constantFrom('', ' ', 'r:benchdevice:01J00000000000000000000001', 'Ñandú', 'ABC-12'),
      fc.nat({ max: 600 }).map((length) => 'Ab0~'.repeat(length).slice(0, length)),
    )
    const key = fc.uint8Array({ minLength: 1, maxLength: 64 })
    fc.assert(
      fc.property(key, fc.array(field, { maxLength: 5 }), (bytes, fields) => {
        const hash = keyedHash(createSecretKey(bytes), canonicalFields)
        expect(hash.hex(fields, 32)).toBe(asNode(bytes, fields))
        expect(hash.hex(fields, 16)).toBe(asNode(bytes, fields).slice(0, 32))
      }),
      { numRuns: 500, seed: 20261128 },
    )
  })

  it('is right where a block of 64 bytes ends, with one hash made after another', () => {
    const key = Buffer.alloc(32, 9)
    const hash = keyedHash(createSecretKey(key), canonicalFields)
    const lengths = Array.from({ length: 530 }, (_, length) => length)
    for (const length of lengths) expect(hash.hex(['x'.repeat(length)], 32)).toBe(asNode(key, ['x'.repeat(length)]))
  })

  it('refuses a key that HMAC would have to hash first', () => {
    expect(() => keyedHash(createSecretKey(Buffer.alloc(65)), canonicalFields)).toThrow(RangeError)
  })
})
