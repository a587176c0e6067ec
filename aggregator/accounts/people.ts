import { createHash, randomBytes } from 'node:crypto'
import type { KeyProvider } from '../custody/keys.ts'
import type { DocumentStore } from '../inbox/document-store.ts'
import { ProblemError } from '../problem.ts'
import { checkPassphrase, hashPassphrase } from './passphrase.ts'
import { checkLogin, newPerson, type Person } from './person.ts'
import type { Actor } from './role.ts'
import { checkTotp, newTotpSecret, openTotp, sealTotp, totpUri } from './second-factor.ts'

export const joiningHours = 24
const recoveryCodes = 8

export interface PeopleDependencies {
  readonly office: DocumentStore
  readonly keys: KeyProvider
  readonly now: () => Date
}

interface Stored<Content> {
  readonly _id: string
  readonly _rev: string
  readonly content: Content
}
interface Joining {
  readonly login: string
  readonly expires: string
  /** Sealed. */
  readonly totp: string
}

/** What somebody who joins is shown: scan, choose a passphrase, type the first code. */
export interface Welcome {
  readonly login: string
  readonly totpUri: string
  readonly totpSecret: string
}

/** Accounts of the office: made by the administrator, finished by the person with a one-time code. */
export interface People {
  /** Makes an account, or starts a known one anew (lost phone, forgotten passphrase), and returns its one-time joining code. */
  invite(actor: Actor): Promise<string>
  /** @throws ProblemError `joining-unknown` */
  welcome(code: string): Promise<Welcome>
  /** @returns recovery codes, shown this once. */
  join(
    code: string,
    chosen: { readonly passphrase: string; readonly totp: string },
  ): Promise<{ login: string; recovery: readonly string[] }>
  /** Joins with an account at the OpenID provider instead of a passphrase. */
  joinElsewhere(code: string, oidc: NonNullable<Person['oidc']>): Promise<Person>
  find(login: string): Promise<Person | undefined>
  findElsewhere(oidc: NonNullable<Person['oidc']>): Promise<Person | undefined>
  list(): Promise<readonly Person[]>
  /** Replaces what is stored; read, decide, write again when somebody was faster. */
  change(login: string, decide: (person: Person) => Person): Promise<Person>
}

export const hashCode = (code: string) => createHash('sha256').update(code.trim()).digest('base64url')

export function openPeople({ office, keys, now }: PeopleDependencies): People {
  const read = async <Content>(id: string) => (await office.get(id)) as Stored<Content> | undefined
  const joiningOf = async (code: string): Promise<Stored<Joining>> => {
    const found = await read<Joining>(`joining:${hashCode(code)}`)
    if (!found || found.content.expires <= now().toISOString())
      throw new ProblemError('joining-unknown', 'Ask the administrator for a new link; each is for one person, once, within 24 hours.')
    return found
  }
  const used = (joining: Stored<Joining>) =>
    office.put({ ...joining, content: { ...joining.content, totp: '', expires: new Date(0).toISOString() } })
  const write = async (login: string, decide: (person: Person) => Person, attempt = 0): Promise<Person> => {
    const found = await read<Person>(`person:${login}`)
    if (!found) throw new ProblemError('person-unknown', 'There is no such account.')
    const content = decide(found.content)
    try {
      await office.put({ ...found, content })
      return content
    } catch (error) {
      if (error instanceof ProblemError && error.type === 'conflict' && attempt < 5) return write(login, decide, attempt + 1)
      throw error
    }
  }
  // One change of a person after the other: twenty guesses at once would else meet each other, and those that gave up go uncounted.
  const turns = new Map<string, Promise<unknown>>()
  const change = (login: string, decide: (person: Person) => Person): Promise<Person> => {
    const turn = (turns.get(login) ?? Promise.resolve()).catch(() => undefined).then(() => write(login, decide))
    const ended: Promise<unknown> = turn.catch(() => undefined).then(() => turns.get(login) === ended && turns.delete(login))
    turns.set(login, ended)
    return turn
  }
  const list = async () => (await office.list('person:')).map((each) => (each as unknown as Stored<Person>).content)
  return {
    async invite(actor) {
      const person = newPerson(actor)
      const known = await read<Person>(`person:${person.login}`)
      await office.put({ ...known, _id: `person:${person.login}`, content: person })
      const code = randomBytes(16).toString('base64url')
      const expires = new Date(now().getTime() + joiningHours * 3_600_000).toISOString()
      const joining: Joining = { login: person.login, expires, totp: sealTotp(keys, newTotpSecret(), person.login) }
      await office.put({ _id: `joining:${hashCode(code)}`, content: joining })
      return code
    },
    async welcome(code) {
      const { login, totp } = (await joiningOf(code)).content
      const secret = openTotp(keys, totp, login)
      return { login, totpUri: totpUri(secret, login), totpSecret: secret }
    },
    async join(code, chosen) {
      const joining = await joiningOf(code)
      const { login, totp } = joining.content
      checkPassphrase(chosen.passphrase, login)
      const period = checkTotp(openTotp(keys, totp, login), chosen.totp, now(), 0)
      if (period === null)
        throw new ProblemError(
          'invalid-request',
          'The six digits are not those the app shows now; check the clock of the phone and try again.',
        )
      const passphrase = await hashPassphrase(chosen.passphrase)
      const recovery = Array.from({ length: recoveryCodes }, () => randomBytes(8).toString('hex'))
      await used(joining)
      await change(login, (person) => ({
        ...person,
        state: 'active',
        passphrase,
        totp,
        totpUsed: period,
        recovery: recovery.map(hashCode),
      }))
      return { login, recovery }
    },
    async joinElsewhere(code, oidc) {
      const joining = await joiningOf(code)
      if ((await list()).some((each) => isSame(each.oidc, oidc) && each.login !== joining.content.login))
        throw new ProblemError('forbidden', 'This account of the provider belongs to another person here.')
      await used(joining)
      return change(joining.content.login, (person) => ({ ...person, state: 'active', oidc }))
    },
    find: async (login) =>
      /^[a-z][a-z0-9._-]{1,31}$/.test(login) ? (await read<Person>(`person:${checkLogin(login)}`))?.content : undefined,
    findElsewhere: async (oidc) => (await list()).find((each) => isSame(each.oidc, oidc)),
    list,
    change,
  }
}

const isSame = (one: Person['oidc'], other: NonNullable<Person['oidc']>) =>
  one !== null && one.issuer === other.issuer && one.subject === other.subject
