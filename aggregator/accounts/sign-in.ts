import type { KeyProvider } from '../custody/keys.ts'
import { ProblemError } from '../problem.ts'
import { hashCode, type People } from './people.ts'
import { isPassphrase } from './passphrase.ts'
import { afterGoodAttempt, afterWrongAttempt, isWaiting, type Person } from './person.ts'
import { checkTotp, openTotp } from './second-factor.ts'

export interface Credentials {
  readonly login: string
  readonly passphrase: string
  /** Six digits of the authenticator, or a recovery code. */
  readonly code: string
}

/**
 * One answer for every reason: unknown account, wrong passphrase, wrong or used code, suspended, waiting. Who is refused learns nothing.
 * @throws ProblemError `sign-in-refused`
 */
export async function signIn(people: People, keys: KeyProvider, { login, passphrase, code }: Credentials, now: Date): Promise<Person> {
  // Writes that keep meeting each other are many guesses at once.
  const person = await reserveAttempt(people, login, now).catch((error: unknown) => {
    if (error instanceof ProblemError && error.type === 'conflict') throw refused()
    throw error
  })
  const rightPassphrase = await isPassphrase(passphrase, person?.passphrase ?? null)
  if (!person || !rightPassphrase) throw refused()
  // Decided on what is stored at the moment of writing: of two requests with one code, the second finds it spent.
  let admitted = false
  const stored = await people.change(login, (each) => {
    const spent = each.state === 'active' ? spendCode(each, keys, code, now) : null
    admitted = spent !== null
    return spent ?? each
  })
  if (!admitted) throw refused()
  return stored
}

/** Counted as wrong before it is looked at, so that guesses made at once are counted each. */
async function reserveAttempt(people: People, login: string, now: Date): Promise<Person | null> {
  if (!(await people.find(login))) return null
  let reserved = false
  const person = await people.change(login, (each) => {
    reserved = each.state === 'active' && !isWaiting(each, now)
    return reserved ? afterWrongAttempt(each, now) : each
  })
  return reserved ? person : null
}

function spendCode(person: Person, keys: KeyProvider, code: string, now: Date): Person | null {
  if (person.totp === null) return null
  const period = /^[\d\s]{6,8}$/.test(code) ? checkTotp(openTotp(keys, person.totp, person.login), code, now, person.totpUsed) : null
  if (period !== null) return { ...afterGoodAttempt(person), totpUsed: period }
  const hashed = hashCode(code)
  if (!person.recovery.includes(hashed)) return null
  return { ...afterGoodAttempt(person), recovery: person.recovery.filter((each) => each !== hashed) }
}

const refused = () =>
  new ProblemError(
    'sign-in-refused',
    'Account name, passphrase and code do not fit together, or there were too many attempts: wait a few minutes, or ask the administrator.',
  )
