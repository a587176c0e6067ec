import { ProblemError } from '../problem.ts'
import { keyedHash } from './keyed-hash.ts'
import type { KeyProvider } from './keys.ts'
import { canonicalFields, derivedKey } from './pseudonyms.ts'

/** Keyed hashes of what must be recognized but not kept: the ids of erased records, the codes on the households' slips. */
export interface Marks {
  /** 64 hex digits. */
  ofRecord(id: string): string
  /** Codes are read out and typed: case, spaces and hyphens do not matter. */
  ofCode(code: string): string
}

/** Made with the oldest tombstone key for ever: under a new key old copies would not be recognized. */
export function createMarks(keys: KeyProvider): Marks {
  const oldest = keys.all().find(({ purpose }) => purpose === 'tombstone')
  if (!oldest) throw new ProblemError('key-missing', 'The keyring has no tombstone key; restore it before taking in records.')
  const hash = keyedHash(derivedKey(oldest.key, 'tombstone/1', ''), canonicalFields)
  return {
    ofRecord: (id) => hash.hex(['record', id], 32),
    ofCode: (code) => hash.hex(['code', code.toUpperCase().replace(/[^0-9A-Z]/g, '')], 32),
  }
}
