import { readFileSync } from 'node:fs'
import { ProblemError } from '../problem.ts'
import { type Key, type KeyProvider, keyPurposes } from './keys.ts'
import { keyFromStored, type StoredKey } from './stored-key.ts'

/**
 * A keyring that whoever runs the container hands in: TALA_KEYRING holds the JSON array of keys, or TALA_KEYRING_FILE names a file with it
 * (a mounted secret). Nothing is written: rotating and destroying happen where the secret is kept.
 * @throws ProblemError `key-missing` naming every purpose without a current key.
 */
export function openEnvironmentKeyring(env: Readonly<Record<string, string | undefined>>): KeyProvider {
  const file = env['TALA_KEYRING_FILE']
  const text = file === undefined || file === '' ? env['TALA_KEYRING'] : readFileSync(file, 'utf8')
  const keys = new Map(parse(text).map((stored) => [stored.kid, keyFromStored(stored)]))
  const ofPurpose = (purpose: Key['purpose']) =>
    [...keys.values()].filter((key) => key.purpose === purpose).sort((a, b) => (a.created < b.created ? -1 : 1))
  const currentOf = (purpose: Key['purpose']) => ofPurpose(purpose).findLast(({ state }) => state === 'current')
  const missing = keyPurposes.filter((purpose) => !currentOf(purpose))
  if (missing.length > 0)
    throw new ProblemError('key-missing', `TALA_KEYRING has no current key for ${missing.join(', ')}; make one with tala keys new.`)
  const readOnly = () =>
    Promise.reject(new ProblemError('keyring-read-only', 'These keys come from the environment: change the secret there and start again.'))
  return {
    current(purpose) {
      const key = currentOf(purpose)
      if (!key) throw new ProblemError('key-missing', `There is no current key for ${purpose}.`)
      return key
    },
    get: (kid) => keys.get(kid),
    all: () => keyPurposes.flatMap(ofPurpose),
    rotate: readOnly,
    destroy: readOnly,
  }
}

function parse(text: string | undefined): readonly StoredKey[] {
  if (text === undefined || text.trim() === '') return []
  try {
    const keys: unknown = JSON.parse(text)
    if (!Array.isArray(keys)) throw new TypeError('not a list')
    return (keys as StoredKey[]).filter(({ jwk }) => jwk !== null)
  } catch {
    // The parser's message would quote key material.
    throw new ProblemError('key-missing', 'TALA_KEYRING is not a JSON list of keys; make it again with tala keys new.')
  }
}
