import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import { type KeyedHash, keyedHash } from './keyed-hash.ts'

/**
 * Bytes of an identifier: every field normalized and prefixed with its length, so that no two lists of fields have the same bytes.
 * Normalization is NFKC, lower case, white space trimmed and collapsed. Changing it changes every pseudonym.
 */
export function canonicalFields(fields: readonly string[]): Buffer {
  const texts = fields.map(normalized)
  const bytes = Buffer.allocUnsafe(texts.reduce((sum, text) => sum + 4 + Buffer.byteLength(text), 0))
  let at = 0
  for (const text of texts) {
    const length = bytes.write(text, at + 4)
    bytes.writeUInt32BE(length, at)
    at += 4 + length
  }
  return bytes
}

// Ids and codes are plain already: only what is left of them has to be looked at.
const normalized = (field: string): string =>
  /^[!-~]*$/.test(field) ? field.toLowerCase() : field.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ')

/** A key of a family: HKDF-SHA-256 of the master key for one domain (what the pseudonym is for) and one epoch (a round, a release). */
export function derivedKey(master: KeyObject, domain: string, epoch: string): KeyObject {
  const info = canonicalFields(['tala', domain, epoch])
  return createSecretKey(Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), info, 32)))
}

/** Makes 16 bytes that say nothing without the key, as 32 hex digits: the value of a UUID column. */
export function pseudonyms(key: KeyObject): (fields: readonly string[]) => string {
  const hash: KeyedHash = keyedHash(key, canonicalFields)
  return (fields) => hash.hex(fields, 16)
}

/** The keys of one round's pseudonyms. Another round has others, so that rounds cannot be joined on them. */
export interface RoundPseudonyms {
  household(area: string, listingNumber: string): string
  /** Where a home has no listing number: as good as random, because record ids are random, yet the same at every replay. */
  householdOfRecord(rootRecord: string): string
  person(rootRecord: string, row: string): string
  /** The only value that is the same in every round; made only with consent to linking, kept apart, read only by the linking job. */
  linkToken(name: string, birthMonth: string, sex: string, birthCountry: string): string
}

/** The master keys of a round's pseudonyms. */
export interface RoundKeys {
  readonly household: KeyObject
  readonly person: KeyObject
  readonly link: KeyObject
}

/** @param rootRecord The first version of an interview: a correction keeps the pseudonyms of what it corrects. */
export function roundPseudonyms({ household, person, link }: RoundKeys, round: string): RoundPseudonyms {
  const households = pseudonyms(derivedKey(household, 'household/1', round))
  const withoutNumber = pseudonyms(derivedKey(household, 'household-of-record/1', round))
  const persons = pseudonyms(derivedKey(person, 'person/1', round))
  const links = pseudonyms(derivedKey(link, 'link/1', ''))
  return {
    household: (area, listingNumber) => households([area, listingNumber]),
    householdOfRecord: (rootRecord) => withoutNumber([rootRecord]),
    person: (rootRecord, row) => persons([rootRecord, row]),
    linkToken: (...fields) => links(fields),
  }
}
