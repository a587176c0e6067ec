import {
  createHash,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  type JsonWebKey,
  randomBytes,
} from 'node:crypto'
import type { Key, KeyPurpose } from './keys.ts'

/** A key as it lies in a keyring: the private JWK, or null once destroyed. */
export interface StoredKey {
  readonly schema: 'key/1'
  readonly kid: string
  readonly purpose: KeyPurpose
  readonly state: Key['state']
  readonly created: string
  readonly jwk: JsonWebKey | null
}

/** Algorithm by purpose: P-256 seals (phones lack X25519), Ed25519 signs, 256 random bits feed HMAC and HKDF. */
export function algorithmOf(purpose: KeyPurpose): 'P-256' | 'Ed25519' | 'secret' {
  if (purpose.startsWith('seal-')) return 'P-256'
  return purpose.endsWith('-sign') || purpose === 'audit' ? 'Ed25519' : 'secret'
}

export function generateKey(purpose: KeyPurpose, now: Date): StoredKey {
  const jwk = generateJwk(purpose)
  return { schema: 'key/1', kid: kidOf(jwk), purpose, state: 'current', created: now.toISOString(), jwk }
}

function generateJwk(purpose: KeyPurpose): JsonWebKey {
  switch (algorithmOf(purpose)) {
    case 'P-256':
      return jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-256', privateKeyEncoding, publicKeyEncoding }).privateKey)
    case 'Ed25519':
      return jwkOf(generateKeyPairSync('ed25519', { privateKeyEncoding, publicKeyEncoding }).privateKey)
    case 'secret':
      return { kty: 'oct', k: randomBytes(32).toString('base64url') }
  }
}

// As bytes first: where garbage is collected within the export of a key that was just made, Node 20 waits for itself for ever.
const privateKeyEncoding = { format: 'der', type: 'pkcs8' } as const
const publicKeyEncoding = { format: 'der', type: 'spki' } as const
const jwkOf = (key: Buffer): JsonWebKey => createPrivateKey({ key, format: 'der', type: 'pkcs8' }).export({ format: 'jwk' })

/** Random for secrets (a hash of a secret says something about it), the RFC 7638 thumbprint for key pairs. */
function kidOf(jwk: JsonWebKey): string {
  if (jwk.kty === 'oct') return randomBytes(12).toString('base64url')
  const { crv, kty, x, y } = jwk
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url').slice(0, 22)
}

/** @throws TypeError when the material is gone: a destroyed key is never handed out. */
export function keyFromStored({ kid, purpose, state, created, jwk }: StoredKey): Key {
  if (!jwk) throw new TypeError(`Key ${kid} has been destroyed.`)
  if (jwk.kty === 'oct') {
    return Object.freeze({ kid, purpose, state, created, key: createSecretKey(Buffer.from(jwk.k ?? '', 'base64url')) })
  }
  const key = createPrivateKey({ key: jwk, format: 'jwk' })
  const publicJwk = Object.freeze({ ...createPublicKey(key).export({ format: 'jwk' }), kid })
  return Object.freeze({ kid, purpose, state, created, key, publicJwk })
}
