import type { KeyObject } from 'node:crypto'

export const keyPurposes = [
  'seal-answers',
  'seal-identity',
  'pseudonym-household',
  'pseudonym-person',
  'link',
  'tombstone',
  'accounts',
  'token-sign',
  'recovery',
  'release-sign',
  'release-ids',
  'audit',
] as const

export type KeyPurpose = (typeof keyPurposes)[number]

export interface Key {
  readonly kid: string
  readonly purpose: KeyPurpose
  readonly state: 'current' | 'retired' | 'destroyed'
  readonly created: string
  /** Private EC P-256 key for seal-*, Ed25519 for *-sign and audit, secret key of 32 bytes for the HMAC purposes. */
  readonly key: KeyObject
  /** Present for seal-*, *-sign and audit. */
  readonly publicJwk?: Readonly<Record<string, unknown>>
}

/** Where keys come from: a file keyring, the environment, later a KMS. One contract suite holds all to the same behaviour. */
export interface KeyProvider {
  /** The key that new work uses. @throws ProblemError `key-missing` when the purpose has none. */
  current(purpose: KeyPurpose): Key
  /** A current or retired key; a destroyed key is undefined. */
  get(kid: string): Key | undefined
  /** Every key whose material still exists, oldest first. */
  all(): readonly Key[]
  /** Makes a new current key; the old one stays for what was made under it. */
  rotate(purpose: KeyPurpose): Promise<Key>
  /** Destroys the material for good: whatever was sealed under it can never be opened again. */
  destroy(kid: string): Promise<void>
}
