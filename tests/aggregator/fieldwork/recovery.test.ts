import * as jose from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { revokeDevice } from '../../../aggregator/fieldwork/devices.ts'
import type { Enrolment } from '../../../aggregator/fieldwork/enrol.ts'
import { newRecoveryKey, privateRecoveryKey } from '../../../aggregator/fieldwork/recovery.ts'
import { TestPhone } from '../../contracts/test-phone.ts'
import { startServer, type TestServer } from '../../contracts/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

/** A phone with what its enrolment said about recovery. */
async function enrolled() {
  const phone = new TestPhone(server.url)
  const { recovery } = (await (await phone.enrol(await server.invite())).json()) as Enrolment
  return { phone, recovery }
}

async function again(phone: TestPhone, code: string, recover: string): Promise<Enrolment> {
  return (await (await phone.send('POST', '/device/enrol', { code, publicKey: phone.publicKey, recover })).json()) as Enrolment
}

describe('the key for a forgotten PIN', () => {
  it('opens what was sealed to its public half, by an independent JWE', async () => {
    const { phone, recovery } = await enrolled()
    expect(recovery.jwk).not.toHaveProperty('d')
    const sealed = await new jose.CompactEncrypt(new TextEncoder().encode('a data key'))
      .setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM' })
      .encrypt(await jose.importJWK(recovery.jwk, 'ECDH-ES+A256KW'))
    const opened = async (device: string) => {
      const key = await jose.importJWK(privateRecoveryKey(server.keys, device, recovery.kid), 'ECDH-ES+A256KW')
      return new TextDecoder().decode((await jose.compactDecrypt(sealed, key)).plaintext)
    }
    expect(await opened(phone.id)).toBe('a data key')
    await expect(opened('another00001')).rejects.toThrow()
  })

  it('is given to the phone that a supervisor invited again, and to it alone', async () => {
    const { phone, recovery } = await enrolled()
    const thief = new TestPhone(server.url)
    expect(await again(thief, await server.invite({ device: phone.id }), recovery.kid)).not.toHaveProperty('recovered')
    const { phone: second, recovery: its } = await enrolled()
    const answer = await again(second, await server.invite({ device: second.id }), its.kid)
    const { kty, crv, x, y } = its.jwk
    expect(answer.recovered).toEqual({ kty, crv, x, y, d: expect.any(String) })
    expect(answer.recovery.kid).not.toBe(its.kid)
  })

  it('is not given for an invitation that was for no phone in particular, nor to one that only asks', async () => {
    const { phone, recovery } = await enrolled()
    expect(await again(phone, await server.invite(), recovery.kid)).not.toHaveProperty('recovered')
    const code = await server.invite({ device: phone.id })
    expect(await (await phone.enrol(code)).json()).not.toHaveProperty('recovered')
  })

  it('is given once more when the answer was lost, until the phone was taken out', async () => {
    const { phone, recovery } = await enrolled()
    const code = await server.invite({ device: phone.id })
    const first = await again(phone, code, recovery.kid)
    expect((await again(phone, code, recovery.kid)).recovered).toEqual(first.recovered)
    await revokeDevice(server.stores.office, phone.id, 'stolen', new Date())
    expect(await again(phone, code, recovery.kid)).toMatchObject({ type: '/problems/invitation-unknown' })
  })

  it('is another one for each phone and each enrolment', async () => {
    const [one, other] = [newRecoveryKey(server.keys, 'a'), newRecoveryKey(server.keys, 'a')]
    expect(one.jwk.x).not.toBe(other.jwk.x)
    expect(privateRecoveryKey(server.keys, 'a', one.kid).x).toBe(one.jwk.x)
    expect(privateRecoveryKey(server.keys, 'b', one.kid).x).not.toBe(one.jwk.x)
    expect(() => privateRecoveryKey(server.keys, 'a', `${server.keys.current('audit').kid}.x`)).toThrow(/key-missing/)
  })
})
