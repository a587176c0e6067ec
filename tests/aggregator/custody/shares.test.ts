import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinShares, splitSecret } from '../../../aggregator/custody/shares.ts'

const secrets = fc.uint8Array({ minLength: 1, maxLength: 40 })

describe('shares of a secret', () => {
  it('give it back from any two of three', () => {
    fc.assert(
      fc.property(secrets, (secret) => {
        const [a, b, c] = splitSecret(secret, 3, 2)
        if (!a || !b || !c) throw new Error('three shares')
        for (const pair of [
          [a, b],
          [a, c],
          [b, c],
          [c, a],
          [a, b, c],
        ])
          expect(joinShares(pair)).toEqual(secret)
      }),
    )
  })

  it('give it back from any threshold', () => {
    const plan = fc.record({ secret: secrets, count: fc.integer({ min: 2, max: 9 }), threshold: fc.integer({ min: 2, max: 9 }) })
    fc.assert(
      fc.property(plan, ({ secret, count, threshold }) => {
        fc.pre(threshold <= count)
        expect(joinShares(splitSecret(secret, count, threshold).toReversed().slice(0, threshold))).toEqual(secret)
      }),
    )
  })

  it('say nothing below the threshold: one share fits every secret', () => {
    // With a fixed share 1 of a two-share split, every value of the secret byte has exactly one coefficient.
    const sharesOf = (secret: number) =>
      new Set(
        Array.from(
          { length: 256 },
          (_, coefficient) => splitSecret(Uint8Array.of(secret), 2, 2, () => Uint8Array.of(coefficient))[0]?.bytes[0],
        ),
      )
    for (const secret of [0, 1, 97, 255]) expect(sharesOf(secret).size).toBe(256)
  })

  it('follow the published arithmetic of the AES field', () => {
    // 0x57 x 0x13 = 0xfe (FIPS 197, 4.2): share number 0x13 of secret 0 with coefficient 0x57.
    expect(splitSecret(Uint8Array.of(0), 0x13, 2, () => Uint8Array.of(0x57))[0x12]?.bytes[0]).toBe(0xfe)
  })

  it('are not made for one person alone', () => {
    expect(() => splitSecret(Uint8Array.of(1), 3, 1)).toThrow(RangeError)
  })
})
