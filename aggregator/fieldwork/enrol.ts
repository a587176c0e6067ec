import { createHash, createPublicKey, verify } from 'node:crypto'
import { canonicalJson } from '../../schemas/canonical.ts'
import type { Round } from '../../schemas/generated/records.ts'
import type { KeyProvider } from '../custody/keys.ts'
import type { DocumentStore } from '../inbox/document-store.ts'
import { ProblemError } from '../problem.ts'
import { accessMinutes, signAccess } from './access-token.ts'
import { changeDevice, newDeviceId, revokeDevice, type Device } from './devices.ts'
import { redeem, unknownInvitation, type Redeemed } from './invitations.ts'
import { decideRefresh, readRefresh, refreshDays, signatureHash, signRefresh } from './refresh-token.ts'
import { newRecoveryKey, privateRecoveryKey, type RecoveryKey } from './recovery.ts'
import { getRound, openDeployment } from './rounds.ts'
import { type SealingKey, sealKeysOf, type SealKeyDependencies } from './seal-keys.ts'

export interface EnrolDependencies {
  readonly office: DocumentStore
  readonly keys: KeyProvider
  readonly now: () => Date
  /** Told when a phone gets the key that replaces its PIN. */
  readonly onRecovered?: (device: string) => Promise<void>
  readonly onRotated?: SealKeyDependencies['onRotated']
}

export interface Tokens {
  readonly accessToken: string
  /** ISO 8601, the server's clock. */
  readonly accessExpires: string
  readonly refreshToken: string
}

export interface Enrolment extends Tokens {
  readonly deviceId: string
  readonly server: { readonly uuid: string; readonly name: string }
  readonly keys: readonly SealingKey[]
  readonly round: Round
  readonly role: string
  /** What the phone locks its data key to, beside the PIN. */
  readonly recovery: RecoveryKey
  /** Private half of the recovery key that was asked for. */
  readonly recovered?: JsonWebKey
}

/**
 * Takes a phone into field work: a code that works once, and a key that only the phone can use.
 * @param recover kid of the recovery key that a known phone with a forgotten PIN needs; given only to the phone that the invitation is for.
 */
export async function enrol(
  { office, keys, now, onRecovered = async () => {}, onRotated }: EnrolDependencies,
  { code, publicKey, recover }: { readonly code: string; readonly publicKey: JsonWebKey; readonly recover?: string },
): Promise<Enrolment> {
  const key = checkedKey(publicKey)
  const thumbprint = createHash('sha256').update(canonicalJson(key)).digest('base64url')
  const time = now()
  const invitation = await redeem(office, code, thumbprint, newDeviceId(), time)
  let isSamePhone = false
  const device = await changeDevice(office, invitation.device, (before) => {
    isSamePhone = before !== undefined && isSameKey(before.publicKey, key)
    return enrolled(before, { ...invitation, publicKey: key }, time)
  })
  const { uuid, name } = await openDeployment(office)
  const round = await getRound(office, device.round)
  const mayRecover = recover !== undefined && invitation.renews === true && isSamePhone
  const recovered = mayRecover ? { recovered: privateRecoveryKey(keys, device.id, recover) } : {}
  if (mayRecover) await onRecovered(device.id)
  return {
    deviceId: device.id,
    ...issue(keys, device, time),
    server: { uuid, name },
    keys: await sealKeysOf({ office, keys, ...(onRotated && { onRotated }) }, device.round),
    round,
    role: device.role,
    recovery: newRecoveryKey(keys, device.id),
    ...recovered,
  }
}

function enrolled(before: Device | undefined, invitation: Redeemed & { readonly publicKey: JsonWebKey }, now: Date): Device {
  const { device, areas, role, certified, round, publicKey, again } = invitation
  // A code that was used once must not bring back a phone that was taken out since.
  if (again && before?.state === 'revoked') throw unknownInvitation()
  // The answer to the first enrolment was lost and the phone asks again, or a known phone was invited again: older tokens end.
  const generation = (before?.tokens.latest ?? 0) + 1
  const pastKeys = [...(before?.pastKeys ?? []), ...(before && !isSameKey(before.publicKey, publicKey) ? [before.publicKey] : [])]
  const pastAreas = [...new Set([...(before?.pastAreas ?? []), ...(before?.areas ?? [])])].toSorted()
  return {
    id: device,
    role,
    certified,
    round,
    areas,
    pastAreas,
    state: 'active',
    publicKey,
    ...(pastKeys.length > 0 && { pastKeys: pastKeys.slice(-8) }),
    enrolled: before?.enrolled ?? now.toISOString(),
    lastSeen: now.toISOString(),
    tokens: { base: generation, latest: generation, signature: '' },
  }
}

export interface Renewal {
  readonly deviceId: string
  readonly refreshToken: string
  /** By the phone's clock, which may be wrong: it only makes each request different. */
  readonly issuedAt: string
  /** base64url of the raw ECDSA P-256 SHA-256 signature over `deviceId.refreshToken.issuedAt`. */
  readonly signature: string
}

/**
 * Gives new tokens for a refresh token, once.
 * @throws ProblemError `unauthorized`; `device-revoked`; `token-replayed`, which also revokes the device.
 */
export async function renew(
  { office, keys, now }: EnrolDependencies,
  { deviceId, refreshToken, issuedAt, signature }: Renewal,
): Promise<Tokens> {
  const time = now()
  const claims = readRefresh(keys, refreshToken, time)
  if (claims?.device !== deviceId) throw refused()
  let replayed = false
  const device = await changeDevice(office, deviceId, (before) => {
    if (!before || !isSigned(before.publicKey, `${deviceId}.${refreshToken}.${issuedAt}`, signature)) throw refused()
    if (before.state === 'revoked')
      throw new ProblemError('device-revoked', 'Ask your supervisor for a new invitation; the records on this phone are kept.')
    const decision = decideRefresh(before.tokens, claims.generation, signatureHash(signature))
    replayed = decision.kind === 'replayed'
    if (decision.kind === 'repeated') throw refused()
    return decision.kind === 'renew' ? { ...before, tokens: decision.tokens, lastSeen: time.toISOString() } : before
  })
  if (!replayed) return issue(keys, device, time)
  await revokeDevice(office, deviceId, 'token-replayed', time)
  throw new ProblemError('token-replayed', 'Ask your supervisor for a new invitation; the records on this phone are kept.')
}

function issue(keys: KeyProvider, { id, tokens }: Device, now: Date): Tokens {
  const expires = new Date(now.getTime() + accessMinutes * 60_000)
  const generation = tokens.latest
  const refreshToken = signRefresh(keys, { device: id, generation, expires: new Date(now.getTime() + refreshDays * 86_400_000) })
  return { accessToken: signAccess(keys, { device: id, generation, expires }), accessExpires: expires.toISOString(), refreshToken }
}

/** @throws ProblemError `invalid-request` unless it is a public P-256 key. */
function checkedKey({ kty, crv, x, y }: JsonWebKey): JsonWebKey {
  const key = { kty, crv, x, y } as Record<string, unknown>
  try {
    if (kty === 'EC' && crv === 'P-256') createPublicKey({ key, format: 'jwk' })
    else throw new TypeError('another kind of key')
  } catch (cause) {
    throw new ProblemError('invalid-request', 'publicKey must be a public P-256 key as JWK.', {}, { cause })
  }
  return key
}

const isSameKey = (a: JsonWebKey, b: JsonWebKey) => a.x === b.x && a.y === b.y

function isSigned(publicKey: JsonWebKey, text: string, signature: string): boolean {
  const key = createPublicKey({ key: publicKey as Record<string, unknown>, format: 'jwk' })
  const bytes = new TextEncoder().encode(text)
  return verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))
}

const refused = () =>
  new ProblemError('unauthorized', 'The refresh token is not valid; renew again, or ask your supervisor for a new invitation.')
