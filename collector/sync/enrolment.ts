import type { Round } from '../../schemas/generated/records.ts'
import type { Keep } from '../store/keep.ts'
import { base64url, utf8 } from '../vault/bytes.ts'
import { lockAway, type Locked, unlockValue } from '../vault/secrets.ts'
import type { ServerKey } from '../vault/seal.ts'
import type { RecoveryKey } from '../vault/vault.ts'
import { askJson, type Fetch, sturdyFetch, SyncError } from './request.ts'

/** What enrolment told this phone; nothing of it is secret. */
export interface Enrolment {
  readonly deviceId: string
  /** Address of the server, without a slash at the end. */
  readonly publicUrl: string
  readonly server: { readonly uuid: string; readonly name: string }
  readonly keys: readonly ServerKey[]
  readonly round: Round
  readonly role: string
  /** What the vault seals its data key to, for a forgotten PIN. */
  readonly recovery?: RecoveryKey
}

interface Tokens {
  readonly accessToken: string
  /** Milliseconds since 1970 by the phone's own clock, so that a wrong clock does not matter. */
  readonly accessUntil: number
  readonly refreshToken: string
}

const enrolmentId = 'enrolment'
const tokensId = 'tokens'
const signingId = 'signing'
const tokenLockId = 'token-lock'

export const readEnrolment = (keep: Keep) => keep.get<Enrolment>('settings', enrolmentId)
export const saveEnrolment = (keep: Keep, enrolment: Enrolment) => keep.write([['settings', enrolmentId, enrolment]])

/** Address and code of an enrolment link: `https://tala.example/collector/#enrol=CODE`. */
export function readLink(link: string): { readonly publicUrl: string; readonly code: string } {
  const match = /^(https?:\/\/[^#]+?)\/collector\/?#enrol=([A-Za-z0-9_-]{8,128})$/.exec(link.trim())
  if (!match?.[1] || !match[2]) throw new SyncError('sync.link-used')
  return { publicUrl: match[1], code: match[2] }
}

/**
 * Uses an enrolment link once: makes the device's signing key, which never leaves this browser, and trades the code for tokens and keys.
 * @param sameDevice the id this phone has already: an invitation for another device would orphan the records in its outbox, and is refused.
 * @param recover the recovery key that opens a vault whose PIN was forgotten; the answer's `recovered` is its private half, and is never stored.
 * @throws SyncError; the link is still good when no answer came.
 */
export async function enrol(
  keep: Keep,
  fetch: Fetch,
  link: string,
  now: number,
  sameDevice?: string,
  recover?: string | null,
): Promise<Enrolment & { readonly recovered?: JsonWebKey }> {
  const { publicUrl, code } = readLink(link)
  // The key is made and kept first: if the answer is lost, the same phone asks again with the same key.
  const pair = (await keep.get<CryptoKeyPair>('keys', signingId)) ?? (await makeSigningKey())
  const tokenLock = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  await keep.write([
    ['keys', signingId, pair],
    ['keys', tokenLockId, tokenLock],
  ])
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey)
  const answer = (await askJson(
    fetch,
    `${publicUrl}/device/enrol`,
    post({ code, publicKey: { kty, crv, x, y }, ...(recover && { recover }) }),
  )) as Enrolled
  if (typeof answer.deviceId !== 'string' || !Array.isArray(answer.keys)) throw new SyncError('sync.strange-answer')
  const { deviceId, server, keys, round, role, recovery, recovered } = answer
  if (sameDevice !== undefined && deviceId !== sameDevice) throw new SyncError('sync.other-device')
  const enrolment: Enrolment = { deviceId, publicUrl, server, keys, round, role, ...(recovery && { recovery }) }
  await keep.write([
    ['settings', enrolmentId, enrolment],
    ['settings', tokensId, await lockAway(tokenLock, tokensId, tokensOf(answer, now))],
  ])
  return { ...enrolment, ...(recovered && { recovered }) }
}

interface TokenAnswer {
  readonly accessToken: string
  /** Seconds or an ISO date; see `lifetimeMs`. */
  readonly accessExpires: string | number
  readonly refreshToken: string
}
type Enrolled = TokenAnswer & Enrolment & { readonly recovered?: JsonWebKey }

function makeSigningKey(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
}

/** Signs for this device; it cannot be read out of the browser. */
export async function signingKey(keep: Keep): Promise<CryptoKey | undefined> {
  return (await keep.get<CryptoKeyPair>('keys', signingId))?.privateKey
}

/** Access tokens for requests, renewed with the signing key when they are about to end. */
export interface AccessTokens {
  access(): Promise<string>
  /** Call after a 401: the next `access` renews. */
  forget(): void
}

export function openTokens(keep: Keep, fetch: Fetch, now: () => number): AccessTokens {
  let known: Tokens | undefined
  let renewing: Promise<Tokens> | undefined

  const stored = async (): Promise<Tokens> => {
    const [lock, locked] = [await keep.get<CryptoKey>('keys', tokenLockId), await keep.get<Locked>('settings', tokensId)]
    if (!lock || !locked) throw new SyncError('sync.token-expired')
    return await unlockValue<Tokens>(lock, tokensId, locked)
  }

  const renew = async (): Promise<Tokens> => {
    const [{ refreshToken }, enrolment, pair, lock] = [
      await stored(),
      await readEnrolment(keep),
      await keep.get<CryptoKeyPair>('keys', signingId),
      await keep.get<CryptoKey>('keys', tokenLockId),
    ]
    if (!enrolment || !pair || !lock) throw new SyncError('sync.token-expired')
    const issuedAt = new Date(now()).toISOString()
    const signed = utf8(`${enrolment.deviceId}.${refreshToken}.${issuedAt}`)
    const signature = base64url(new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, pair.privateKey, signed)))
    const body = { deviceId: enrolment.deviceId, refreshToken, issuedAt, signature }
    const answer = (await askJson(fetch, `${enrolment.publicUrl}/device/token`, post(body))) as TokenAnswer
    if (typeof answer.accessToken !== 'string' || typeof answer.refreshToken !== 'string') throw new SyncError('sync.strange-answer')
    const tokens = tokensOf(answer, now())
    await keep.write([['settings', tokensId, await lockAway(lock, tokensId, tokens)]])
    return tokens
  }

  return {
    async access() {
      known ??= await stored()
      if (known.accessUntil > now()) return known.accessToken
      renewing ??= renew().finally(() => (renewing = undefined))
      known = await renewing
      return known.accessToken
    },
    forget() {
      if (known) known = { ...known, accessUntil: 0 }
    },
  }
}

/**
 * One question to the server by a phone whose vault is closed: is this phone still one of yours?
 * @throws SyncError `sync.revoked` when the supervisor took it out.
 */
export async function checkIn(keep: Keep, fetch: Fetch, now: () => number): Promise<void> {
  const enrolment = await readEnrolment(keep)
  if (!enrolment) return
  const sturdy = sturdyFetch(fetch)
  const token = await openTokens(keep, sturdy, now).access()
  await askJson(sturdy, `${enrolment.publicUrl}/device/manifest`, { headers: { Authorization: `Bearer ${token}` } })
}

/** Renew this long before the end: a request must not die on the way. */
const marginMs = 30_000
const shortestMs = 60_000

function tokensOf({ accessToken, accessExpires, refreshToken }: TokenAnswer, now: number): Tokens {
  return { accessToken, refreshToken, accessUntil: now + Math.max(shortestMs, lifetimeMs(accessExpires, now)) - marginMs }
}

function lifetimeMs(expires: string | number, now: number): number {
  const at = typeof expires === 'number' ? (expires < 1e12 ? expires * 1000 : expires) : Date.parse(expires)
  return Number.isFinite(at) ? at - now : 0
}

export function post(body: unknown, token?: string): RequestInit {
  return {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(token !== undefined && { Authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  }
}
