import { sign } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../schemas/canonical.ts'
import { revokeDevice } from '../../../aggregator/fieldwork/devices.ts'
import { failuresOf } from '../../../aggregator/fieldwork/failures.ts'
import type { HandOverAnswer } from '../../../aggregator/fieldwork/hand-over.ts'
import { stamped, TestPhone } from '../../contracts/test-phone.ts'
import { startServer, type TestServer } from '../../contracts/test-server.ts'

let server: TestServer
let maker: TestPhone
let carrier: TestPhone
beforeAll(async () => {
  server = await startServer()
  maker = await server.phone()
  carrier = await server.phone({ role: 'supervisor' })
})
afterAll(() => server.close())

function bundle(records: readonly object[], phone = maker, signer = phone) {
  const content = { schema: 'hand-over/1', device: phone.id, records }
  const key = { key: signer.privateKey, dsaEncoding: 'ieee-p1363' as const }
  return { ...content, signature: sign('sha256', new TextEncoder().encode(canonicalJson(content)), key).toString('base64url') }
}
const deliver = async (body: object) => {
  const response = await carrier.send('POST', '/device/hand-over', body)
  return [response.status, (await response.json()) as HandOverAnswer & { readonly type: string }] as const
}
const named = ({ _id, sha256 }: { _id: string; sha256: string }) => ({ id: _id, sha256 })
const inbox = async () => (await server.stores.inbox.changes(null, 1000)).changes.map(({ document }) => document._id)

describe('records that another phone carries', () => {
  it('arrive as if their own phone had sent them, and the answer names each with its hash', async () => {
    const [one, two] = [maker.record(), maker.record()]
    expect(await deliver(bundle([one, two]))).toEqual([200, { schema: 'hand-over-answer/1', taken: [named(one), named(two)], refused: [] }])
    expect(await inbox()).toEqual(expect.arrayContaining([one._id, two._id]))
  })

  it('count once when they come by two ways, in either order, and once more by the carrier', async () => {
    const [carriedFirst, sentFirst] = [maker.record(), maker.record()]
    await maker.push([sentFirst])
    for (let time = 0; time < 2; time++)
      expect((await deliver(bundle([carriedFirst, sentFirst])))[1].taken).toEqual([named(carriedFirst), named(sentFirst)])
    await maker.push([carriedFirst])
    for (const { _id } of [carriedFirst, sentFirst]) expect((await inbox()).filter((id) => id === _id)).toHaveLength(1)
  })

  it('are answered for to the phone that made them, not to the carrier', async () => {
    const record = maker.record()
    await deliver(bundle([record]))
    const ask = async (phone: TestPhone) =>
      (await (await phone.send('POST', '/device/receipts', { since: 0, unreceipted: [named(record)] })).json()) as { resend: string[] }
    expect((await ask(maker)).resend).toEqual([])
    server.receipts.set(record._id, {
      schema: 'receipt/1',
      id: record._id,
      sha256: record.sha256,
      status: 'accepted',
      reasons: [],
      seq: 9,
      backedUp: false,
    })
    expect(await ask(maker)).toMatchObject({ receipts: [{ id: record._id, status: 'accepted' }] })
    expect(await ask(carrier)).toMatchObject({ receipts: [], resend: [] })
  })

  it.each([
    ['the carrier signed', () => bundle([maker.record()], maker, carrier)],
    ['were changed on the way', () => ({ ...bundle([maker.record()]), records: [maker.record()] })],
    ['carry no signature at all', () => ({ ...bundle([maker.record()]), signature: 'AA' })],
  ])('are refused as a whole when they %s', async (_why, made) => {
    const before = await inbox()
    const [status, { type }] = await deliver(made())
    expect([status, type]).toEqual([422, '/problems/hand-over-unsigned'])
    expect(await inbox()).toEqual(before)
  })

  it('cannot be slipped in under the name of another phone', async () => {
    const other = await server.phone()
    const stolen = other.record()
    const [, { taken, refused }] = await deliver(bundle([stolen]))
    expect({ taken, refused }).toEqual({ taken: [], refused: [{ id: stolen._id, reason: 'The id does not belong to this device.' }] })
  })

  it('with other bytes under a stored id are refused and noted for the supervisor, and the first ones stay', async () => {
    const first = maker.record()
    await maker.push([first])
    const forged = stamped({ ...maker.record(), _id: first._id })
    const [, { taken, refused }] = await deliver(bundle([forged]))
    expect([taken, refused.map(({ id }) => id)]).toEqual([[], [first._id]])
    await expect.poll(async () => (await failuresOf(server.stores.office, maker.id)).map(({ id }) => id)).toContain(first._id)
  })

  it('of a phone that was taken out since are kept apart for a person to decide, and not lost', async () => {
    const lost = await server.phone()
    const made = bundle([lost.record()], lost)
    await revokeDevice(server.stores.office, lost.id, 'broken', new Date())
    expect((await deliver(made))[1].taken).toHaveLength(1)
    const { changes } = await server.stores.quarantine.changes(null, 1000)
    expect(changes.at(-1)?.document).toMatchObject({ device: lost.id, reasons: [{ code: 'device-revoked' }] })
  })

  it('of a phone that broke and was replaced under its id are kept apart too', async () => {
    const broken = await server.phone()
    const made = bundle([broken.record()], broken)
    await new TestPhone(server.url).enrol(await server.invite({ device: broken.id }))
    expect((await deliver(made))[1].taken).toHaveLength(1)
    const { changes } = await server.stores.quarantine.changes(null, 1000)
    expect(changes.at(-1)?.document).toMatchObject({ reasons: [{ code: 'signed-by-earlier-phone' }] })
  })

  it('of a phone nobody knows, or in another form, get an answer that says so', async () => {
    expect((await deliver({ ...bundle([]), device: 'nobody00' }))[1].type).toBe('/problems/device-unknown')
    expect((await deliver({ ...bundle([]), schema: 'hand-over/2' }))[1].type).toBe('/problems/invalid-request')
  })
})
