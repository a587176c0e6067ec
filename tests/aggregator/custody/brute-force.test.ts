import { createHash, createHmac, createSecretKey, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canonicalFields, derivedKey, pseudonyms } from '../../../aggregator/custody/pseudonyms.ts'
import { type Field, openField } from '../ingest/field.ts'

// The attacker has the warehouse, this source code and every possible identifier; only the keyring is missing.
const areas = ['1001', '1002']
const numbers = Array.from({ length: 3000 }, (_, number) => `home-${number}`)
const households = 40

let field: Field
let stolen: ReadonlySet<string> = new Set()
beforeAll(async () => {
  field = await openField()
  for (let number = 1; number <= households; number++) await field.send({ number })
  await field.ingest.once()
  const rows = await field.rows(
    `select replace(household_key::varchar, '-', '') from home union select replace(person_key::varchar, '-', '') from home_person`,
  )
  stolen = new Set(rows.map(([key]) => String(key)))
})
afterAll(() => field.close())

type Guess = (area: string, number: string) => string

const first128 = (hex: string) => hex.slice(0, 32)
const underKey = (secret: Buffer): Guess => {
  const pseudonym = pseudonyms(derivedKey(createSecretKey(secret), 'household/1', '2026-r1'))
  return (area, number) => pseudonym([area, number])
}

/** How many of the stolen pseudonyms a guess gives back over the whole space of identifiers. */
function hits(guess: Guess, among = stolen): number {
  return areas.flatMap((area) => numbers.map((number) => guess(area, number))).filter((each) => among.has(each)).length
}

describe('brute force on pseudonyms (T16)', () => {
  it('would find every home if pseudonyms were plain hashes', () => {
    const plain: Guess = (area, number) =>
      first128(
        createHash('sha256')
          .update(canonicalFields([area, number]))
          .digest('hex'),
      )
    const mutant = new Set(numbers.slice(1, households + 1).map((number) => plain('1001', number)))
    expect(hits(plain, mutant)).toBe(households)
  })

  it('finds every home for whoever has the key, so the attack itself works', () => {
    const jwk = field.keys.current('pseudonym-household').key.export({ format: 'jwk' })
    expect(hits(underKey(Buffer.from(jwk.k ?? '', 'base64url')))).toBe(households)
  })

  it.each<[string, () => Guess]>([
    [
      'plain SHA-256',
      () => (area, number) =>
        first128(
          createHash('sha256')
            .update(canonicalFields([area, number]))
            .digest('hex'),
        ),
    ],
    ['SHA-256 of the usual joined text', () => (area, number) => first128(createHash('sha256').update(`${area}|${number}`).digest('hex'))],
    ['MD5 of the usual joined text', () => (area, number) => createHash('md5').update(`${area}|${number}`).digest('hex')],
    [
      'HMAC under the round id',
      () => (area, number) =>
        first128(
          createHmac('sha256', '2026-r1')
            .update(canonicalFields([area, number]))
            .digest('hex'),
        ),
    ],
    ['an empty key', () => underKey(Buffer.alloc(32))],
    ['the public id of the key', () => underKey(Buffer.from(field.keys.current('pseudonym-household').kid))],
    ['a random key', () => underKey(randomBytes(32))],
    [
      'the key of another purpose',
      () => underKey(Buffer.from(field.keys.current('pseudonym-person').key.export({ format: 'jwk' }).k ?? '', 'base64url')),
    ],
  ])('finds nothing with %s', (_, guess) => {
    expect(hits(guess())).toBe(0)
  })

  it('meets keys of 256 random bits: trying them all is out of reach', () => {
    for (const purpose of ['pseudonym-household', 'pseudonym-person', 'link', 'tombstone', 'release-ids'] as const)
      expect(field.keys.current(purpose).key.symmetricKeySize).toBe(32)
  })
})
