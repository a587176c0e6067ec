import { Secret, TOTP } from 'otpauth'
import { beforeEach, describe, expect, it } from 'vitest'
import { openPeople, type People } from '../../../aggregator/accounts/people.ts'
import { isPassphrase } from '../../../aggregator/accounts/passphrase.ts'
import { checkTotp } from '../../../aggregator/accounts/second-factor.ts'
import { openSessions } from '../../../aggregator/accounts/sessions.ts'
import { signIn } from '../../../aggregator/accounts/sign-in.ts'
import { openTestOffice } from '../../support/test-office.ts'
import { afterAll, beforeAll } from 'vitest'
import type { TestOffice } from '../../support/test-office.ts'

const passphrase = 'mango river lantern stone'
let house: TestOffice
let people: People
let time = new Date('2026-11-28T10:00:00Z')
const now = () => time
const later = (seconds: number) => (time = new Date(time.getTime() + seconds * 1000))
const digits = (secret: string) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: time.getTime() })

beforeAll(async () => {
  house = await openTestOffice()
  people = openPeople({ office: house.office.stores.office, keys: house.office.keys, now })
})
afterAll(() => house.remove())

/** A person who has joined, with a name of their own for each test. */
let count = 0
async function joined() {
  const login = `person${++count}`
  const code = await people.invite({ login, roles: ['statistician'], areas: [] })
  const { totpSecret } = await people.welcome(code)
  const { recovery } = await people.join(code, { passphrase, totp: digits(totpSecret) })
  later(30)
  return { login, secret: totpSecret, recovery, code }
}
const enter = (login: string, code: string, words = passphrase) =>
  signIn(people, house.office.keys, { login, passphrase: words, code }, now()).then(
    ({ login: name }) => name,
    (error: { type?: string }) => error.type,
  )

describe('the second factor', () => {
  // RFC 6238 appendix B, SHA-1; its 8 digits end in the 6 of ours.
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('at second %i of the standard is %s', (second, code) => {
    const secret = Secret.fromUTF8('12345678901234567890').base32
    expect(checkTotp(secret, code, new Date(second * 1000), 0)).toBe(Math.floor(second / 30))
  })
})

describe('signing in', () => {
  it('takes name, passphrase and the code of now', async () => {
    const { login, secret } = await joined()
    expect(await enter(login, digits(secret))).toBe(login)
  })

  it('takes a code once', async () => {
    const { login, secret } = await joined()
    const code = digits(secret)
    expect([await enter(login, code), await enter(login, code)]).toEqual([login, 'sign-in-refused'])
  })

  it('takes a code once even from two requests at the same time', async () => {
    const { login, secret } = await joined()
    const code = digits(secret)
    expect((await Promise.all([enter(login, code), enter(login, code)])).toSorted()).toEqual([login, 'sign-in-refused'])
  })

  it('takes a recovery code, once', async () => {
    const { login, recovery } = await joined()
    const [first = ''] = recovery
    expect([await enter(login, first), await enter(login, first)]).toEqual([login, 'sign-in-refused'])
  })

  it('says the same of an unknown account, a wrong passphrase, a wrong code and a suspended account', async () => {
    const { login, secret } = await joined()
    const answers = [
      await enter('nobody', '123456'),
      await enter(login, digits(secret), 'another passphrase'),
      await enter(login, '000000'),
    ]
    await people.change(login, (person) => ({ ...person, state: 'suspended' }))
    answers.push(await enter(login, digits(secret)))
    expect(new Set(answers)).toEqual(new Set(['sign-in-refused']))
  })

  it('waits after five wrong attempts, longer each time, and is open again after the wait', async () => {
    const { login, secret } = await joined()
    for (let attempt = 0; attempt < 5; attempt++) await enter(login, '000000')
    expect(await enter(login, digits(secret))).toBe('sign-in-refused')
    later(61)
    expect(await enter(login, digits(secret))).toBe(login)
  })

  it('counts twenty guesses at once as more than five', async () => {
    const { login, secret } = await joined()
    await Promise.all(Array.from({ length: 20 }, () => enter(login, '000000')))
    expect(await enter(login, digits(secret))).toBe('sign-in-refused')
  })
})

describe('joining', () => {
  it('works once', async () => {
    const { code } = await joined()
    await expect(people.welcome(code)).rejects.toMatchObject({ type: 'joining-unknown' })
  })

  it('ends after a day', async () => {
    const code = await people.invite({ login: 'late', roles: ['reader'], areas: [] })
    later(24 * 3600 + 1)
    await expect(people.welcome(code)).rejects.toMatchObject({ type: 'joining-unknown' })
  })

  it.each(['short', 'aaaaaaaaaaaaaaaa', 'picky picky picky'])('refuses the weak passphrase %s, and the link stays good', async (weak) => {
    const code = await people.invite({ login: 'picky', roles: ['reader'], areas: [] })
    const { totpSecret } = await people.welcome(code)
    await expect(people.join(code, { passphrase: weak, totp: digits(totpSecret) })).rejects.toMatchObject({ type: 'invalid-request' })
    expect((await people.welcome(code)).login).toBe('picky')
  })

  it('leaves neither passphrase nor secret readable in the store', async () => {
    const { login, secret } = await joined()
    const stored = JSON.stringify(await house.office.stores.office.list(''))
    expect(stored).toContain(login)
    expect([passphrase, secret].filter((each) => stored.includes(each))).toEqual([])
  })

  it('keeps accounts after a known hash: scrypt parameters are read from it', async () => {
    const { login } = await joined()
    expect(await isPassphrase(passphrase, (await people.find(login))?.passphrase ?? null)).toBe(true)
  })
})

describe('a session', () => {
  let sessions: ReturnType<typeof openSessions>
  beforeEach(() => (sessions = openSessions(now)))

  it('ends after half an hour without a request', () => {
    const secret = sessions.start('amina')
    later(29 * 60)
    expect(sessions.who(secret)).toBe('amina')
    later(31 * 60)
    expect(sessions.who(secret)).toBeUndefined()
  })

  it('ends after eight hours at work', () => {
    const secret = sessions.start('amina')
    const seen = Array.from({ length: 25 }, () => (later(20 * 60), sessions.who(secret)))
    expect(seen.filter((each) => each === 'amina').length).toBe(24)
  })

  it('of a suspended account ends everywhere', () => {
    const [one, other] = [sessions.start('amina'), sessions.start('amina')]
    sessions.endAll('amina')
    expect([sessions.who(one), sessions.who(other)]).toEqual([undefined, undefined])
  })
})
