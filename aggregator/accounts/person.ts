import { ProblemError } from '../problem.ts'
import type { Actor } from './role.ts'

/** A person of the office, as stored under `person:<login>`. No name, no address: the account name is all Tala knows of them. */
export interface Person extends Actor {
  readonly schema: 'person/1'
  readonly state: 'invited' | 'active' | 'suspended'
  /** See passphrase.ts; null until set, and for people who sign in elsewhere. */
  readonly passphrase: string | null
  /** Sealed TOTP secret; see second-factor.ts. */
  readonly totp: string | null
  readonly totpUsed: number
  /** SHA-256 (base64url) of one-time codes for a lost authenticator. */
  readonly recovery: readonly string[]
  /** Account at the OpenID provider: issuer and subject. */
  readonly oidc: { readonly issuer: string; readonly subject: string } | null
  /** Wrong attempts since the last good one, and when the next is looked at (ISO); both survive a restart. */
  readonly failures: number
  readonly waitUntil: string | null
}

/** @throws ProblemError `invalid-request` */
export function checkLogin(login: string): string {
  if (!/^[a-z][a-z0-9._-]{1,31}$/.test(login))
    throw new ProblemError('invalid-request', 'An account name has 2 to 32 small letters, digits, dots or dashes and starts with a letter.')
  return login
}

export const newPerson = ({ login, roles, areas }: Actor): Person => ({
  schema: 'person/1',
  login: checkLogin(login),
  roles,
  areas,
  state: 'invited',
  passphrase: null,
  totp: null,
  totpUsed: 0,
  recovery: [],
  oidc: null,
  failures: 0,
  waitUntil: null,
})

const freeAttempts = 4
const longestWaitMinutes = 15

/** Five attempts are free; then each wrong one doubles the wait: 1, 2, 4, 8, 15 minutes. The cap keeps a stranger from locking somebody out for good. */
export function afterWrongAttempt(person: Person, now: Date): Person {
  const failures = person.failures + 1
  const minutes = failures <= freeAttempts ? 0 : Math.min(2 ** (failures - freeAttempts - 1), longestWaitMinutes)
  return { ...person, failures, waitUntil: minutes === 0 ? null : new Date(now.getTime() + minutes * 60_000).toISOString() }
}

export const afterGoodAttempt = (person: Person): Person => ({ ...person, failures: 0, waitUntil: null })

export const isWaiting = ({ waitUntil }: Person, now: Date): boolean => waitUntil !== null && now.toISOString() < waitUntil
