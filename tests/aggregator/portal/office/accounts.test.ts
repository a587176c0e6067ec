import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../../../../aggregator/accounts/role.ts'
import { openTestOffice, type TestOffice } from '../../../support/test-office.ts'
import { visitAs, visitor } from '../../../support/office-visitor.ts'

let house: TestOffice
beforeAll(async () => {
  house = await openTestOffice()
})
afterAll(() => house.remove())

const terminal = async () => {
  const someone = visitor(house.url)
  await someone.post('/office/enter', { code: house.office.entrance.issue() })
  return someone
}

describe('the office', () => {
  it('sends a stranger to the door', async () => {
    expect(await visitor(house.url).get('/office')).toMatchObject({ status: 303, location: '/office/sign-in' })
  })

  it('takes the code of the terminal once', async () => {
    const code = house.office.entrance.issue()
    expect((await visitor(house.url).post('/office/enter', { code })).status).toBe(303)
    expect((await visitor(house.url).post('/office/enter', { code })).status).toBe(403)
  })

  it('lets somebody join by the link of the administrator, sign in and out', async () => {
    const made = await (await terminal()).post('/office/people/invite', { login: 'Amina', role: ['statistician'] })
    const code = /\/office\/join#([\w-]+)/.exec(made.text)?.[1] ?? ''
    const amina = visitor(house.url)
    const joining = await amina.post('/office/join', { code })
    const secret = /type the key: <code>([A-Z2-7 ]+)</.exec(joining.text)?.[1]?.replaceAll(' ', '') ?? ''
    const totp = new TOTP({ secret: Secret.fromBase32(secret) }).generate()
    const wrong = await amina.post('/office/join/finish', { code, passphrase: 'short', totp })
    expect(wrong).toMatchObject({ status: 400, text: expect.stringContaining('12 to 256 characters') })
    const done = await amina.post('/office/join/finish', { code, passphrase: 'mango river lantern stone', totp })
    const recovery = [...done.text.matchAll(/<li><code>([0-9a-f]{16})</g)].map(([, each]) => each ?? '')
    expect(recovery.length).toBe(8)
    const refused = await amina.post('/office/sign-in', { login: 'amina', passphrase: 'mango river lantern stone', code: totp })
    expect(refused).toMatchObject({ status: 403, text: expect.stringContaining('Nobody was signed in') })
    const signed = await amina.post('/office/sign-in', { login: 'amina', passphrase: 'mango river lantern stone', code: recovery[0] ?? '' })
    expect(signed).toMatchObject({ status: 303, location: '/office' })
    expect((await amina.get('/office')).text).toContain('amina')
    await amina.post('/office/sign-out', {})
    expect((await amina.get('/office')).status).toBe(303)
  })

  it('closes at once for somebody who is suspended', async () => {
    const ben = await visitAs(house, { login: 'ben', roles: ['supervisor'] })
    expect((await ben.get('/office')).status).toBe(200)
    await (await terminal()).post('/office/people/suspend', { login: 'ben' })
    expect((await ben.get('/office')).status).toBe(303)
  })

  it('does not let one person plan and approve a release', async () => {
    const made = await (await terminal()).post('/office/people/invite', { login: 'both', role: ['statistician', 'custodian'] })
    expect(made).toMatchObject({ status: 400, text: expect.stringContaining('two people') })
  })

  it('refuses a form that another site sent', async () => {
    const answer = await fetch(`${house.url}/office/sign-in`, { method: 'POST', headers: { origin: 'https://elsewhere.example' } })
    expect(answer.status).toBe(403)
  })

  it('writes who did what into the audit chain, and no passphrase', async () => {
    const chain = await readFile(join(house.folder, 'audit', 'chain.jsonl'), 'utf8')
    expect(chain).toContain('"actor":"person:terminal","action":"invite","subject":"person:amina"')
    expect(chain).not.toContain('mango')
  })
})

describe('what each role finds open', () => {
  const posts = [
    '/office/invite',
    '/office/revoke',
    '/office/release',
    '/office/agreements/paper',
    '/office/people/invite',
    '/office/people/suspend',
  ]
  it.each<[Role, readonly string[]]>([
    ['enumerator', []],
    ['supervisor', []],
    ['statistician', []],
    ['custodian', ['/office/agreements/paper']],
    ['reader', []],
    ['administrator', ['/office/invite', '/office/revoke', '/office/people/invite', '/office/people/suspend']],
  ])('%s: %j', async (role, expected) => {
    const someone = await visitAs(house, { login: `the-${role}`, roles: [role] })
    // Empty forms are refused as such only behind an open door; a release needs no fields and takes a while, so who may make one is not asked to.
    const asked = posts.filter((path) => !(path === '/office/release' && role === 'statistician'))
    const answers = await Promise.all(asked.map(async (path) => [path, (await someone.post(path, {})).status] as const))
    expect(answers.filter(([, status]) => status !== 403).map(([path]) => path)).toEqual(expected)
  })
})
