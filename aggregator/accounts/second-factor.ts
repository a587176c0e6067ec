import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { ProblemError } from '../problem.ts'
import type { KeyProvider } from '../custody/keys.ts'

/** TOTP (RFC 6238): SHA-1, 6 digits, 30 seconds: the form that every authenticator app reads. */
const periodSeconds = 30

export const newTotpSecret = (): string => new Secret({ size: 20 }).base32

/** `otpauth://` address for the QR code. */
export function totpUri(secret: string, login: string): string {
  return totp(secret, login).toString()
}

/**
 * @param lastUsed number of the period whose code was used last; a code is good once.
 * @returns the number of the period of this code, or null when it is wrong or was used. One period early or late is allowed.
 */
export function checkTotp(secret: string, code: string, now: Date, lastUsed: number): number | null {
  const delta = totp(secret, '').validate({ token: code.replace(/\s/g, ''), timestamp: now.getTime(), window: 1 })
  if (delta === null) return null
  const period = Math.floor(now.getTime() / 1000 / periodSeconds) + delta
  return period > lastUsed ? period : null
}

const totp = (secret: string, label: string) =>
  new TOTP({ issuer: 'Tala', label, secret: Secret.fromBase32(secret), digits: 6, period: periodSeconds })

/** The secret as it lies in the store: AES-256-GCM under the keyring's accounts key, bound to the account. `kid.iv.ciphertext.tag` */
export function sealTotp(keys: KeyProvider, secret: string, login: string): string {
  const { kid, key } = keys.current('accounts')
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(login))
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
  return [kid, ...[iv, sealed, cipher.getAuthTag()].map((each) => each.toString('base64url'))].join('.')
}

/** @throws ProblemError `key-missing` when the accounts key it was sealed under is gone. */
export function openTotp(keys: KeyProvider, sealed: string, login: string): string {
  const [kid = '', ...parts] = sealed.split('.')
  const [iv, content, tag] = parts.map((each) => Buffer.from(each, 'base64url'))
  const key = keys.get(kid)
  if (!key || !iv || !content || !tag)
    throw new ProblemError('key-missing', 'The second factor of this account cannot be read; the administrator invites the person again.')
  const decipher = createDecipheriv('aes-256-gcm', key.key, iv).setAAD(Buffer.from(login)).setAuthTag(tag)
  return Buffer.concat([decipher.update(content), decipher.final()]).toString('utf8')
}
