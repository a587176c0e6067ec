import { createHmac, createSecretKey, hkdfSync } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalFields, derivedKey, pseudonyms, roundPseudonyms } from '../../../aggregator/custody/pseudonyms.ts'

const key = (byte: number) => createSecretKey(Buffer.alloc(32, byte))

describe('canonical fields', () => {
  it('are the fields, each after its length in four bytes', () => {
    expect(canonicalFields(['ab', 'c']).toString('hex')).toBe('0000000261620000000163')
  })

  it('ignore case, width, and white space around and between', () => {
    expect(canonicalFields([' Ａb  C ']).toString('hex')).toBe(canonicalFields(['ab c']).toString('hex'))
  })

  it('never give two lists of fields the same bytes', () => {
    const field = fc.string({ unit: fc.constantFrom('a', 'b', '|', '0'), maxLength: 6 })
    fc.assert(
      fc.property(fc.array(field, { maxLength: 4 }), fc.array(field, { maxLength: 4 }), (a, b) => {
        const same = canonicalFields(a).equals(canonicalFields(b))
        expect(same).toBe(JSON.stringify(a) === JSON.stringify(b))
      }),
    )
  })
})

describe('a pseudonym', () => {
  it('is the first 128 bits of HMAC-SHA-256 under a key derived by HKDF-SHA-256', () => {
    const info = canonicalFields(['tala', 'household/1', '2026-r1'])
    const derived = Buffer.from(hkdfSync('sha256', Buffer.alloc(32, 7), '', info, 32))
    const wanted = createHmac('sha256', derived)
      .update(canonicalFields(['1001', '12-3']))
      .digest()
      .subarray(0, 16)
      .toString('hex')
    expect(pseudonyms(derivedKey(key(7), 'household/1', '2026-r1'))(['1001', '12-3'])).toBe(wanted)
  })

  const keys = { household: key(1), person: key(2), link: key(3) }
  const round = roundPseudonyms(keys, '2026-r1')

  it('of a household is the same for the same area and listing number, however it was typed', () => {
    expect(round.household('1001', '12-A ')).toBe(round.household('1001', '12-a'))
    expect(round.household('1001', '12')).not.toBe(round.household('1002', '12'))
  })

  it('of a home in another round is another one, so that rounds cannot be joined', () => {
    expect(roundPseudonyms(keys, '2027-r1').household('1001', '12')).not.toBe(round.household('1001', '12'))
  })

  it('of a home without listing number comes from the record and meets no listed home', () => {
    expect(round.householdOfRecord('r:d:1')).not.toBe(round.household('r:d:1', ''))
    expect(round.householdOfRecord('r:d:1')).not.toBe(round.householdOfRecord('r:d:2'))
  })

  it('of a person belongs to one row of one interview', () => {
    const all = [round.person('r:1', 'a'), round.person('r:1', 'b'), round.person('r:2', 'a')]
    expect(new Set(all).size).toBe(3)
  })

  it('for linking is the same in every round, and of no other person', () => {
    const later = roundPseudonyms(keys, '2027-r1')
    expect(later.linkToken(' AMIHAN', '1980-02-01', 'F', 'PHL')).toBe(round.linkToken('amihan', '1980-02-01', 'F', 'PHL'))
    expect(later.linkToken('amihan', '1980-03-01', 'F', 'PHL')).not.toBe(round.linkToken('amihan', '1980-02-01', 'F', 'PHL'))
  })
})
