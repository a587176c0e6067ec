// Decides whether a refresh token may be used. Answers get lost on bad networks, so a phone must be able to ask again with the token
// it still has; once the newer one was seen in use, the older one in anybody's hand means that tokens were copied.
import { createHash, randomBytes } from 'node:crypto'
import type { KeyProvider } from '../custody/keys.ts'
import { signClaims, verifyClaims } from './access-token.ts'
import type { TokenState } from './devices.ts'

export const refreshDays = 90

export interface RefreshClaims {
  readonly device: string
  readonly generation: number
  readonly expires: Date
}

export type RefreshDecision =
  | { readonly kind: 'renew'; readonly tokens: TokenState }
  /** The very request was seen before: a doubled or recorded one. It gets nothing and changes nothing. */
  | { readonly kind: 'repeated' }
  /** A token older than one that was in use: the device is locked out. */
  | { readonly kind: 'replayed' }

/**
 * Tokens from `base` to `latest` count: `base` is the newest one that was seen in use, those after it may never have arrived.
 * A generation above `latest` was signed by this server before it was restored from a backup, and counts.
 * @param signature hash of the request's signature by the device key, verified before.
 */
export function decideRefresh(tokens: TokenState, generation: number, signature: string): RefreshDecision {
  if (signature === tokens.signature) return { kind: 'repeated' }
  if (generation < tokens.base) return { kind: 'replayed' }
  return { kind: 'renew', tokens: { base: generation, latest: Math.max(generation, tokens.latest) + 1, signature } }
}

/** The newer token arrived: from now on the older ones are replays. */
export function confirmUse(tokens: TokenState, generation: number): TokenState {
  return generation > tokens.base ? { ...tokens, base: generation, latest: Math.max(generation, tokens.latest) } : tokens
}

export function signRefresh(keys: KeyProvider, { device, generation, expires }: RefreshClaims): string {
  const jti = randomBytes(16).toString('base64url')
  return signClaims(keys, 'rt+jwt', { sub: device, gen: generation, exp: Math.floor(expires.getTime() / 1000), jti })
}

/** The claims of a token that this server signed and that has not run out; undefined for anything else. */
export function readRefresh(keys: KeyProvider, token: string, now: Date): RefreshClaims | undefined {
  try {
    const { sub, gen, exp } = verifyClaims(keys, 'rt+jwt', token)
    if (typeof sub !== 'string' || typeof gen !== 'number' || typeof exp !== 'number' || exp * 1000 <= now.getTime()) return undefined
    return { device: sub, generation: gen, expires: new Date(exp * 1000) }
  } catch {
    return undefined
  }
}

export const signatureHash = (signature: string) => createHash('sha256').update(signature).digest('base64url')
