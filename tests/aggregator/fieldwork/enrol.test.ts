import { generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as jose from 'jose'
import { getDevice, listDevices, notSeenFor, revokeDevice } from '../../../aggregator/fieldwork/devices.ts'
import { TestPhone } from '../../contracts/test-phone.ts'
import { startServer, type TestServer } from '../../contracts/test-server.ts'

let server: TestServer
beforeEach(async () => {
  server = await startServer()
})
afterEach(() => server.close())

const minutes = (count: number) => count * 60_000
const problem = async (response: Response) => [response.status, ((await response.json()) as { type: string }).type]
const reach = (phone: TestPhone) => phone.send('GET', '/device/manifest')

describe('an invitation', () => {
  it('takes one phone into field work, with the keys to seal to, the round and the areas', async () => {
    const phone = new TestPhone(server.url)
    const response = await phone.enrol(await server.invite({ areas: ['9901001000'] }))
    expect(response.status).toBe(201)
    const enrolment = (await response.json()) as Record<string, unknown>
    expect(enrolment['deviceId']).toMatch(/^[a-z0-9]{16}$/)
    expect(enrolment['keys']).toEqual([
      { purpose: 'seal-answers', kid: expect.any(String), jwk: expect.objectContaining({ kty: 'EC', crv: 'P-256' }) },
      { purpose: 'seal-identity', kid: expect.any(String), jwk: expect.objectContaining({ kty: 'EC', crv: 'P-256' }) },
    ])
    expect(JSON.stringify(enrolment['keys'])).not.toContain('"d"')
    expect(enrolment).toMatchObject({
      round: { id: '2026-11', questionnaire: { id: 'household' } },
      role: 'enumerator',
      server: { name: 'Tala' },
    })
    expect(await getDevice(server.stores.office, phone.id)).toMatchObject({ areas: ['9901001000'], state: 'active' })
    expect((await reach(phone)).status).toBe(200)
  })

  it('is for one phone only', async () => {
    const code = await server.invite()
    await new TestPhone(server.url).enrol(code)
    expect(await problem(await new TestPhone(server.url).enrol(code))).toEqual([404, '/problems/invitation-unknown'])
  })

  it('ends after 24 hours', async () => {
    const code = await server.invite()
    server.pass(minutes(24 * 60))
    expect(await problem(await new TestPhone(server.url).enrol(code))).toEqual([404, '/problems/invitation-unknown'])
  })

  it('may be used again by the same phone whose answer was lost, and gives the same device', async () => {
    const [phone, code] = [new TestPhone(server.url), await server.invite()]
    await phone.enrol(code)
    const first = { id: phone.id, token: phone.tokens.refreshToken }
    await phone.enrol(code)
    expect(phone.id).toBe(first.id)
    expect(await listDevices(server.stores.office)).toHaveLength(1)
    expect((await reach(phone)).status).toBe(200)
    expect(await problem(await phone.renew(phone.renewal(first.token)))).toEqual([401, '/problems/token-replayed'])
  })

  it('of a phone that was revoked since does not bring it back', async () => {
    const [phone, code] = [new TestPhone(server.url), await server.invite()]
    await phone.enrol(code)
    await revokeDevice(server.stores.office, phone.id, 'lost', new Date())
    expect(await problem(await phone.enrol(code))).toEqual([404, '/problems/invitation-unknown'])
  })

  it('stands in the store only as a hash', async () => {
    const code = await server.invite()
    expect(JSON.stringify(await server.stores.office.list(''))).not.toContain(code)
    expect(Buffer.from(code, 'base64url')).toHaveLength(16)
  })

  it('is for areas of the round', async () => {
    await expect(server.invite({ areas: ['7777'] })).rejects.toThrow(expect.objectContaining({ type: 'area-unknown' }))
  })

  it('covers what lies within its areas', async () => {
    const phone = await server.phone({ areas: ['9901000000'] })
    expect((await getDevice(server.stores.office, phone.id)).areas).toEqual(['9901000000', '9901001000', '9901002000'])
  })

  it.each<[string, object]>([
    [
      'a private key',
      { ...(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }) as object), kty: 'oct' },
    ],
    ['another curve', generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' })],
    ['a point that is not on the curve', { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' }],
    ['nothing', {}],
  ])('is not wasted on a request with %s for a key', async (_title, publicKey) => {
    const code = await server.invite()
    const bad = await new TestPhone(server.url).send('POST', '/device/enrol', { code, publicKey })
    expect(bad.status).toBe(400)
    expect((await new TestPhone(server.url).enrol(code)).status).toBe(201)
  })

  it('is used by one of two phones that come at the same moment', async () => {
    const code = await server.invite()
    const answers = await Promise.all([1, 2, 3, 4].map(() => new TestPhone(server.url).enrol(code)))
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 404, 404, 404])
  })
})

describe('guessing', () => {
  it('is slowed down after some tries', async () => {
    const strict = await startServer({ limits: { perAddress: 1000, failuresPerAddress: 5, perDevice: 1000 } })
    const statuses = []
    for (let at = 0; at < 8; at += 1) statuses.push((await new TestPhone(strict.url).enrol(`guess-${at}`)).status)
    expect(statuses).toEqual([404, 404, 404, 404, 404, 429, 429, 429])
    await strict.close()
  })

  it('by one phone does not lock out another at the same address', async () => {
    const strict = await startServer({ limits: { perAddress: 1000, failuresPerAddress: 5, perDevice: 1000 } })
    const [broken, fine] = [await strict.phone(), await strict.phone()]
    for (let at = 0; at < 8; at += 1) await broken.renew({ ...broken.renewal(), signature: 'x' })
    expect((await fine.renew()).status).toBe(200)
    expect((await fine.push([fine.record()])).status).toBe(201)
    await strict.close()
  })
})

describe('tokens', () => {
  it('let a phone in for a quarter of an hour', async () => {
    const phone = await server.phone()
    server.pass(minutes(14))
    expect((await reach(phone)).status).toBe(200)
    server.pass(minutes(1))
    expect(await problem(await reach(phone))).toEqual([401, '/problems/unauthorized'])
    expect((await phone.renew()).status).toBe(200)
    expect((await reach(phone)).status).toBe(200)
  })

  it('are ordinary signed JWTs', async () => {
    const phone = await server.phone()
    const key = await jose.importJWK(server.keys.current('token-sign').publicJwk as jose.JWK, 'EdDSA')
    const { payload, protectedHeader } = await jose.jwtVerify(phone.tokens.accessToken, key, {
      currentDate: new Date('2026-11-21T10:00:00Z'),
    })
    expect(payload.sub).toBe(phone.id)
    expect(protectedHeader).toMatchObject({ alg: 'EdDSA', typ: 'at+jwt' })
  })

  it.each<[string, (token: string) => string]>([
    ['with another signature', (token) => `${token.slice(0, -6)}AAAAAA`],
    ['without a signature', (token) => token.split('.').slice(0, 2).join('.')],
    ['with the algorithm none', (token) => `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${token.split('.')[1]}.`],
    [
      'with an unknown key',
      (token) => `${Buffer.from('{"alg":"EdDSA","typ":"at+jwt","kid":"x"}').toString('base64url')}.${token.split('.').slice(1).join('.')}`,
    ],
    ['that are noise', () => 'a.b.c'],
    ['that are empty', () => ''],
  ])('%s open nothing', async (_title, forge) => {
    const phone = await server.phone()
    const response = await fetch(`${server.url}/device/manifest`, {
      headers: { authorization: `Bearer ${forge(phone.tokens.accessToken)}` },
    })
    expect(response.status).toBe(401)
  })

  it('for refreshing do not open routes, and those for routes do not refresh', async () => {
    const phone = await server.phone()
    const asAccess = await fetch(`${server.url}/device/manifest`, { headers: { authorization: `Bearer ${phone.tokens.refreshToken}` } })
    expect(asAccess.status).toBe(401)
    expect((await phone.renew(phone.renewal(phone.tokens.accessToken))).status).toBe(401)
  })

  it('stay good when the signing key is rotated', async () => {
    const phone = await server.phone()
    await server.keys.rotate('token-sign')
    expect((await reach(phone)).status).toBe(200)
    expect((await phone.renew()).status).toBe(200)
  })

  it('are renewed only by who has the phone’s key', async () => {
    const phone = await server.phone()
    const thief = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    expect(await problem(await phone.renew(phone.renewal(phone.tokens.refreshToken, thief)))).toEqual([401, '/problems/unauthorized'])
    expect((await getDevice(server.stores.office, phone.id)).state).toBe('active')
    expect((await phone.renew()).status).toBe(200)
  })

  it('are not given for another phone’s refresh token', async () => {
    const [phone, other] = [await server.phone(), await server.phone()]
    expect((await phone.renew(phone.renewal(other.tokens.refreshToken))).status).toBe(401)
  })

  it('end after 90 days without use, and a new invitation brings the same phone back', async () => {
    const phone = await server.phone()
    const [id, old] = [phone.id, phone.record()]
    server.pass(minutes(90 * 24 * 60))
    expect((await phone.renew()).status).toBe(401)
    await phone.enrol(await server.invite({ device: id }))
    expect(phone.id).toBe(id)
    expect(await (await phone.push([old])).json()).toEqual([])
    expect(await server.stores.inbox.read([old._id])).toHaveLength(1)
  })
})

describe('a refresh token', () => {
  it('is replaced at each use, and locks the phone out when it comes back after the newer one was used', async () => {
    const phone = await server.phone()
    const old = phone.tokens.refreshToken
    await phone.renew()
    expect(phone.tokens.refreshToken).not.toBe(old)
    expect((await reach(phone)).status).toBe(200)
    expect(await problem(await phone.renew(phone.renewal(old)))).toEqual([401, '/problems/token-replayed'])
    server.pass(30_000)
    expect(await problem(await reach(phone))).toEqual([401, '/problems/device-revoked'])
    expect(await problem(await phone.renew())).toEqual([401, '/problems/device-revoked'])
    expect((await getDevice(server.stores.office, phone.id)).revoked?.why).toBe('token-replayed')
  })

  it('may be used once more when the answer was lost, as often as answers are lost', async () => {
    const phone = await server.phone()
    const { refreshToken } = phone.tokens
    for (let lost = 0; lost < 5; lost += 1)
      expect((await phone.send('POST', '/device/token', phone.renewal(refreshToken))).status).toBe(200)
    expect((await phone.renew(phone.renewal(refreshToken))).status).toBe(200)
    expect((await reach(phone)).status).toBe(200)
    expect((await phone.renew()).status).toBe(200)
  })

  it('gives nothing to somebody who repeats a recorded request, and does the phone no harm', async () => {
    const phone = await server.phone()
    const recorded = phone.renewal()
    await phone.renew(recorded)
    expect(await problem(await phone.send('POST', '/device/token', recorded))).toEqual([401, '/problems/unauthorized'])
    expect((await reach(phone)).status).toBe(200)
    expect((await phone.renew()).status).toBe(200)
  })

  it('of a server that was restored to an older state still counts: the phone is not locked out', async () => {
    const phone = await server.phone()
    const backup = await server.stores.office.get(`device:${phone.id}`)
    for (let at = 0; at < 3; at += 1) await phone.renew()
    const now = await server.stores.office.get(`device:${phone.id}`)
    await server.stores.office.put({ ...backup, _id: `device:${phone.id}`, _rev: String(now?._rev) })
    expect((await phone.renew()).status).toBe(200)
    expect((await reach(phone)).status).toBe(200)
    expect((await phone.renew()).status).toBe(200)
  })
})

describe('a phone that was revoked', () => {
  it('is refused with its very next request where that was said', async () => {
    const phone = await server.phone()
    expect((await reach(phone)).status).toBe(200)
    await revokeDevice(server.stores.office, phone.id, 'stolen', new Date())
    expect(await problem(await reach(phone))).toEqual([401, '/problems/device-revoked'])
  })

  it('is stopped within 30 seconds on every gateway, and what it sent before stays', async () => {
    const second = await startServer({ stores: server.stores, keys: server.keys })
    const phone = await server.phone()
    const there = new TestPhone(second.url)
    there.accept({ ...phone.tokens, deviceId: phone.id })
    const [first, later] = [phone.record(), phone.record()]
    await phone.push([first])
    expect((await reach(there)).status).toBe(200)
    await revokeDevice(server.stores.office, phone.id, 'phone lost', new Date())
    for (const each of [server, second]) each.pass(30_000)
    for (const each of [phone, there]) {
      const response = await each.push([later])
      expect(response.status).toBe(401)
      expect(await response.json()).toMatchObject({ error: 'unauthorized', reason: expect.stringContaining('device-revoked') })
    }
    expect(await server.stores.inbox.read([first._id, later._id])).toHaveLength(1)
    await second.close()
  })

  it('comes back with a new invitation for the same phone; its old tokens do not', async () => {
    const phone = await server.phone()
    const old = phone.tokens.refreshToken
    await revokeDevice(server.stores.office, phone.id, 'mistake', new Date())
    const id = phone.id
    await phone.enrol(await server.invite({ device: id }))
    server.pass(30_000)
    expect([phone.id, (await reach(phone)).status]).toEqual([id, 200])
    expect((await phone.renew(phone.renewal(old))).status).toBe(401)
  })
})

describe('the supervisor’s list of silent phones', () => {
  it('names active phones that were not heard of for so many days', async () => {
    const [silent, talking] = [await server.phone(), await server.phone()]
    server.pass(minutes(4 * 24 * 60))
    await talking.renew()
    const now = new Date(Date.parse('2026-11-21T10:00:00Z') + minutes(4 * 24 * 60))
    expect((await notSeenFor(server.stores.office, 3, now)).map(({ id }) => id)).toEqual([silent.id])
    expect(await notSeenFor(server.stores.office, 5, now)).toEqual([])
  })
})
