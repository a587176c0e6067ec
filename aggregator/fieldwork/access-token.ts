import { createPublicKey, sign, verify } from 'node:crypto'
import type { KeyProvider } from '../custody/keys.ts'
import { ProblemError } from '../problem.ts'

/** What a short-lived access token says: a JWT (RFC 7519, EdDSA), so that any gateway with the keyring can check it. */
export interface AccessClaims {
  readonly device: string
  /** Generation of the refresh token it came with. */
  readonly generation: number
  readonly expires: Date
}

export const accessMinutes = 15

export function signAccess(keys: KeyProvider, { device, generation, expires }: AccessClaims): string {
  return signClaims(keys, 'at+jwt', { sub: device, gen: generation, exp: Math.floor(expires.getTime() / 1000) })
}

/** @throws ProblemError `unauthorized` when it is forged, damaged or has run out. */
export function verifyAccess(keys: KeyProvider, token: string, now: Date): AccessClaims {
  const { sub, gen, exp } = verifyClaims(keys, 'at+jwt', token)
  if (typeof sub !== 'string' || typeof gen !== 'number' || typeof exp !== 'number') throw refused()
  if (exp * 1000 <= now.getTime()) throw refused()
  return { device: sub, generation: gen, expires: new Date(exp * 1000) }
}

/** Signs with the current token key; the type keeps one kind of token from being used as another. */
export function signClaims(keys: KeyProvider, type: string, claims: Readonly<Record<string, unknown>>): string {
  const { kid, key } = keys.current('token-sign')
  const content = `${encoded({ alg: 'EdDSA', typ: type, kid })}.${encoded(claims)}`
  return `${content}.${sign(null, new TextEncoder().encode(content), key).toString('base64url')}`
}

export function verifyClaims(keys: KeyProvider, type: string, token: string): Record<string, unknown> {
  const [head = '', body = '', signature = ''] = token.length < 2048 ? token.split('.') : []
  const header = decoded(head)
  const key = typeof header['kid'] === 'string' ? keys.get(header['kid']) : undefined
  if (header['alg'] !== 'EdDSA' || header['typ'] !== type || key?.purpose !== 'token-sign') throw refused()
  const bytes = new TextEncoder().encode(`${head}.${body}`)
  if (!verify(null, bytes, createPublicKey(key.key), Buffer.from(signature, 'base64url'))) throw refused()
  return decoded(body)
}

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

function decoded(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // Not a token of ours; answered like any other.
  }
  throw refused()
}

const refused = () => new ProblemError('unauthorized', 'The access token is missing, damaged or has run out; renew it.')
