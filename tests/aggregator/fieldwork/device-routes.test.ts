import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../schemas/canonical.ts'
import type { Receipt } from '../../../schemas/generated/records.ts'
import { failuresOf } from '../../../aggregator/fieldwork/failures.ts'
import type { ReceiptsAnswer } from '../../../aggregator/fieldwork/receipts.ts'
import type { TestPhone } from '../../contracts/test-phone.ts'
import { startServer, type TestServer } from '../../contracts/test-server.ts'

let server: TestServer
let phone: TestPhone
beforeAll(async () => {
  server = await startServer()
  phone = await server.phone()
})
afterAll(() => server.close())

let seq = 0
function receipt(id: string, sha256: string, changes: Partial<Receipt> = {}): Receipt {
  seq += 1
  const made: Receipt = { schema: 'receipt/1', id, sha256, status: 'accepted', reasons: [], seq, backedUp: false, ...changes }
  server.receipts.set(id, made)
  return made
}
const ask = async (since: number, ...records: { _id: string; sha256: string }[]) => {
  const response = await phone.send('POST', '/device/receipts', {
    since,
    unreceipted: records.map(({ _id, sha256 }) => ({ id: _id, sha256 })),
  })
  return (await response.json()) as ReceiptsAnswer
}

describe('what is this phone’s', () => {
  it('comes as a list of hashes, and only what is asked for as content', async () => {
    await server.stores.office.put({ _id: `comment:${phone.id}:01`, schema: 'comment/1', text: 'Please see household 7 again.' })
    await server.stores.office.put({ _id: 'comment:someoneelse:01', schema: 'comment/1', text: 'Not for you.' })
    const { items } = (await (await phone.send('GET', '/device/manifest')).json()) as {
      items: { kind: string; id: string; sha256: string }[]
    }
    expect(items.map(({ kind, id }) => `${kind} ${id}`)).toEqual(['round 2026-11', 'keys current', `assignment ${phone.id}`, 'comment 01'])
    const wanted = [
      { kind: 'round', id: '2026-11' },
      { kind: 'comment', id: '01' },
      { kind: 'comment', id: 'someoneelse:01' },
    ]
    const fetched = (await (await phone.send('POST', '/device/fetch', { items: wanted })).json()) as {
      items: { sha256: string; body: unknown }[]
    }
    expect(fetched.items.map(({ body }) => body)).toEqual([
      expect.objectContaining({ schema: 'round/1', id: '2026-11' }),
      { schema: 'comment/1', text: 'Please see household 7 again.' },
    ])
    for (const { sha256, body } of fetched.items) expect(createHash('sha256').update(canonicalJson(body)).digest('hex')).toBe(sha256)
  })
})

describe('the mark of a trained enumerator', () => {
  const assignmentOf = async (one: TestPhone) => {
    const wanted = { items: [{ kind: 'assignment', id: one.id }] }
    const { items } = (await (await one.send('POST', '/device/fetch', wanted)).json()) as { items: { body: { certified: boolean } }[] }
    return items[0]?.body.certified
  }

  it('comes with the assignment of the phones that were invited so, and only with theirs', async () => {
    expect(await assignmentOf(phone)).toBe(false)
    expect(await assignmentOf(await server.phone({ certified: true }))).toBe(true)
  })
})

describe('receipts', () => {
  it('come in order after the last one the phone has', async () => {
    const [one, two] = [phone.record(), phone.record()]
    const [first, second] = [
      receipt(one._id, one.sha256),
      receipt(two._id, two.sha256, { status: 'held', reasons: [{ code: 'age-gap', name: 'B03' }] }),
    ]
    expect(await ask(0)).toEqual({ receipts: [first, second], resend: [], next: second.seq })
    expect(await ask(first.seq)).toEqual({ receipts: [second], resend: [], next: second.seq })
  })

  it('are asked again for what the server never saw: whatever a proxy had said', async () => {
    const [sent, lost] = [phone.record(), phone.record()]
    await phone.push([sent])
    expect((await ask(seq, sent, lost)).resend).toEqual([lost._id])
  })

  it('come for a record by itself although `since` is from before the server was restored', async () => {
    const record = phone.record()
    const made = receipt(record._id, record.sha256)
    expect(await ask(999_999, record)).toEqual({ receipts: [made], resend: [], next: 999_999 })
  })

  it('for other content are no proof: the record is asked for again', async () => {
    const record = phone.record()
    receipt(record._id, 'e'.repeat(64))
    const answer = await ask(seq, record)
    expect(answer).toMatchObject({ receipts: [], resend: [record._id] })
  })

  it('tell of a record that was kept apart, with the reasons', async () => {
    const record = phone.record({ area: '1234567890' })
    await phone.push([record])
    expect((await ask(seq, record)).receipts).toEqual([
      {
        schema: 'receipt/1',
        id: record._id,
        sha256: record.sha256,
        status: 'held',
        reasons: [{ code: 'area-not-assigned' }],
        seq: 0,
        backedUp: false,
      },
    ])
  })

  it('of a withdrawn record end the asking', async () => {
    const record = phone.record()
    receipt(record._id, 'e'.repeat(64), { status: 'withdrawn' })
    expect(await ask(seq, record)).toMatchObject({ receipts: [{ status: 'withdrawn' }], resend: [] })
  })

  it('of another phone are neither shown nor asked for', async () => {
    const other = await server.phone()
    const record = other.record()
    await other.push([record])
    receipt(record._id, record.sha256)
    expect(await ask(0, record)).toMatchObject({ resend: [] })
    expect((await ask(0, record)).receipts.some(({ id }) => id === record._id)).toBe(false)
  })

  it.each([
    ['a text for since', { since: 'a', unreceipted: [] }],
    ['a negative since', { since: -1, unreceipted: [] }],
    ['no list', { since: 0 }],
    ['too many records', { since: 0, unreceipted: Array.from({ length: 1001 }, () => ({ id: 'a', sha256: 'b' })) }],
  ])('are not given for %s', async (_title, body) => {
    const response = await phone.send('POST', '/device/receipts', body)
    expect([response.status, response.headers.get('content-type')]).toEqual([400, 'application/problem+json; charset=utf-8'])
  })
})

describe('the supervisor’s list of failures', () => {
  it('keeps what was refused or kept apart, by phone, once, without contents', async () => {
    const clumsy = await server.phone()
    const [apart, refused] = [clumsy.record({ area: '1234567890' }), { ...clumsy.record(), sha256: 'f'.repeat(64) }]
    for (let at = 0; at < 3; at += 1) await clumsy.push([apart, refused])
    await expect.poll(() => failuresOf(server.stores.office, clumsy.id)).toHaveLength(2)
    const failures = await failuresOf(server.stores.office, clumsy.id)
    expect(failures.map(({ kind, id }) => [kind, id]).toSorted(([a = ''], [b = '']) => a.localeCompare(b))).toEqual([
      ['damaged', refused._id],
      ['quarantine', apart._id],
    ])
    expect(JSON.stringify(failures)).not.toContain(apart.answers.sealed.slice(0, 20))
  })
})
