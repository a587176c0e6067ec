import type { KeyObject } from 'node:crypto'

export type KeyPurpose =
  | 'seal-answers'
  | 'seal-identity'
  | 'pseudonym-household'
  | 'pseudonym-person'
  | 'link'
  | 'tombstone'
  | 'token-sign'
  | 'release-sign'
  | 'release-ids'
  | 'audit'

export interface Key {
  readonly kid: string
  readonly purpose: KeyPurpose
  readonly state: 'current' | 'retired' | 'destroyed'
  readonly created: string
  /** Private EC/Ed25519 key for seal-* and *-sign, secret key for HMAC purposes. */
  readonly key: KeyObject
  /** Present for seal-* and *-sign. */
  readonly publicJwk?: Readonly<Record<string, unknown>>
}

/** Where keys come from: a file keyring, the environment, later a KMS. */
export interface KeyProvider {
  current(purpose: KeyPurpose): Key
  get(kid: string): Key | undefined
  all(): readonly Key[]
  rotate(purpose: KeyPurpose): Promise<Key>
  destroy(kid: string): Promise<void>
}
