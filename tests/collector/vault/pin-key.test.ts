import { describe, expect, it } from 'vitest'
import { pinKeyDeriver } from '../../../collector/vault/pin-key.ts'
import { smallCost, strongCost } from '../../../collector/vault/pin-cost.ts'
import { derivePinKey } from '../../support/pin-key.ts'

const salt = Uint8Array.from({ length: 16 }, (_, at) => at)

describe('the key of a PIN', () => {
  // source: argon2-cffi 25.1 (`argon2.low_level.hash_secret_raw`, type ID, version 19), the reference implementation in C
  it.each([
    ['482915', { memoryKiB: 64, iterations: 1 }, '23d23ca37a72358d0b9f2a7f27209e327f77c3f9883970378dbde2f95f4cd584'],
    ['482915', smallCost, '93ed665fbf79f1a933e17696aaa948d2050064a853f2c171e2268992c0678c8d'],
    ['482915', strongCost, 'a91f2954c9fce2b350f71b9eb1ca584b55277d5acee182b91d01f3ddcc189ba3'],
  ])('of %s at %o is argon2id', async (pin, cost, expected) => {
    expect(Buffer.from(await derivePinKey(pin, salt, cost)).toString('hex')).toBe(expected)
  })

  it('is not made with other code than was looked at', async () => {
    await expect(pinKeyDeriver(new Uint8Array(8))('482915', salt, smallCost)).rejects.toThrow('another one')
  })
})
