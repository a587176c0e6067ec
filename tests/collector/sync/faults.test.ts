import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RequestHandler } from 'express'
import { afterEach, describe, expect, it } from 'vitest'
import type { StoredDocument } from '../../../aggregator/inbox/store.ts'
import type { Device } from '../../../collector/sync/device.ts'
import type { Fetch } from '../../../collector/sync/request.ts'
import { smallQuestionnaire } from '../../schemas/sealing/small-questionnaire.ts'
import { type FieldServer, openFieldServer } from './field-server.ts'
import { sealedRecords } from './sealed-records.ts'
import { simulatedDevice } from './simulated-device.ts'

let server: FieldServer
afterEach(() => server.close())

/** Something between phone and server that answers in the server's place, as often as it likes. */
function lying(path: string, times: number, lie: RequestHandler): RequestHandler {
  let left = times
  return (request, response, next) => {
    if (!request.path.endsWith(path) || left === 0) return next()
    left--
    request.resume()
    return lie(request, response, next)
  }
}

async function enrolled(before?: RequestHandler, change: Parameters<typeof simulatedDevice>[0] = {}): Promise<Device> {
  server = await openFieldServer(smallQuestionnaire, before ? { before } : {})
  const device = simulatedDevice(change)
  await device.enrol(await server.link())
  await device.sync()
  return device
}

async function filled(device: Device, count: number): Promise<readonly string[]> {
  const records = await sealedRecords(device, count)
  for (const record of records) await device.put(record)
  return records.map(({ _id }) => _id).toSorted()
}

const atServer = async () => (await server.records()).map(({ _id }) => _id).toSorted()

describe('somebody between phone and server who says "written" and writes nothing', () => {
  it('cannot make a record disappear: receipts show it missing, and it is sent again in the same run', async () => {
    const device = await enrolled(lying('/_bulk_docs', 1, (_request, response) => void response.status(201).json([])))
    const ids = await filled(device, 3)
    expect(await device.sync()).toMatchObject({ trouble: null, states: { received: 3 } })
    expect(await atServer()).toEqual(ids)
  })

  it('nor with an empty answer to the question what is missing', async () => {
    const device = await enrolled(
      lying('/_revs_diff', 9, (_request, response) => void response.json({})),
      { mostDirect: 100 },
    )
    const ids = await filled(device, 130)
    await device.sync()
    expect(await atServer()).toEqual(ids)
  })

  it('nor with an empty answer instead of receipts: what is unproven stays unproven', async () => {
    const device = await enrolled(lying('/receipts', 99, (_request, response) => void response.json({})))
    await filled(device, 2)
    expect(await device.sync()).toMatchObject({ trouble: 'sync.strange-answer', states: { sending: 2 } })
  })
})

describe('a network that wants a login first', () => {
  it('changes nothing on the phone, and everything arrives later', async () => {
    const page: RequestHandler = (_request, response) => void response.send('<html>Welcome! Please log in.</html>')
    let open = false
    const device = await enrolled((request, response, next) => (open ? page(request, response, next) : next()))
    const ids = await filled(device, 2)
    open = true
    expect(await device.sync()).toMatchObject({ trouble: 'sync.strange-answer', states: { saved: 2 } })
    open = false
    expect(await device.sync()).toMatchObject({ trouble: null, states: { received: 2 } })
    expect(await atServer()).toEqual(ids)
  })

  it('cannot close the device by answering 401', async () => {
    let open = false
    const device = await enrolled((_request, response, next) => (open ? void response.status(401).send('<html>log in</html>') : next()))
    open = true
    expect((await device.sync()).trouble).toBe('sync.strange-answer')
  })
})

describe('a server in trouble', () => {
  it('is given the time it asks for', async () => {
    const waits: number[] = []
    const busy: RequestHandler = (_request, response) =>
      void response.status(503).set('Retry-After', '7').json({ error: 'storage-unavailable', reason: 'storage-unavailable: wait' })
    const backOff = { wait: async (ms: number) => void waits.push(ms), chance: () => 0, tries: 3 }
    const device = await enrolled(lying('/_bulk_docs', 2, busy), { backOff })
    await filled(device, 1)
    expect(await device.sync()).toMatchObject({ trouble: null, states: { received: 1 } })
    expect(waits).toEqual([7000, 7000])
  })

  it('that is full says so, and the phone keeps everything', async () => {
    const full: RequestHandler = (_request, response) => void response.status(503).json({ error: 'x', reason: 'storage-full: send later' })
    const device = await enrolled(lying('/_bulk_docs', 99, full))
    await filled(device, 1)
    expect(await device.sync()).toMatchObject({ trouble: 'sync.server-full', states: { saved: 1 } })
  })

  it('that never answers is given up after the time limit', async () => {
    const device = await enrolled(
      lying('/_bulk_docs', 99, () => {}),
      { timeoutMs: 300 },
    )
    await filled(device, 1)
    expect((await device.sync()).trouble).toBe('sync.offline')
  })

  it('that never says what it has is given up too', async () => {
    const device = await enrolled(
      lying('/_revs_diff', 99, () => {}),
      { timeoutMs: 300, mostDirect: 100 },
    )
    await filled(device, 130)
    expect((await device.sync()).trouble).toBe('sync.offline')
  })

  it('that writes and then loses its answer has every record once', async () => {
    let cut = 1
    const device = await enrolled((request, response, next) => {
      if (request.path.endsWith('/_bulk_docs') && cut-- > 0) response.json = () => response.destroy() as never
      next()
    })
    const ids = await filled(device, 3)
    await device.sync()
    expect(await atServer()).toEqual(ids)
  })

  it('that comes back from an older backup gets everything again that was not safe', async () => {
    const [data, backup] = [mkdtempSync(join(tmpdir(), 'tala-server-')), mkdtempSync(join(tmpdir(), 'tala-backup-'))]
    server = await openFieldServer(smallQuestionnaire, { folder: data })
    const port = Number(new URL(server.url).port)
    const device = simulatedDevice()
    await device.enrol(await server.link())
    await device.sync()
    await server.close()
    cpSync(data, backup, { recursive: true })
    server = await openFieldServer(smallQuestionnaire, { folder: data, port })
    const ids = [...(await filled(device, 3)), ...(await filled(device, 120))].toSorted()
    await device.sync()
    expect(await atServer()).toEqual(ids)
    await server.close()
    rmSync(data, { recursive: true })
    cpSync(backup, data, { recursive: true })
    server = await openFieldServer(smallQuestionnaire, { folder: data, port })
    expect(await atServer()).toEqual([])
    expect(await device.sync()).toMatchObject({ trouble: null, states: { received: 123 } })
    expect(await atServer()).toEqual(ids)
    for (const folder of [data, backup]) rmSync(folder, { recursive: true })
  })
})

describe('an answer that gets lost on the way', () => {
  const losing = (path: string, times: number): Fetch => {
    let left = times
    return async (input, options) => {
      const response = await globalThis.fetch(input, options)
      if (!String(input instanceof Request ? input.url : input).endsWith(path) || left-- <= 0) return response
      throw new TypeError('connection reset')
    }
  }

  it('at enrolment leaves the link good for the same phone', async () => {
    server = await openFieldServer(smallQuestionnaire)
    const device = simulatedDevice({ fetch: losing('/enrol', 1) })
    const link = await server.link()
    await expect(device.enrol(link)).rejects.toMatchObject({ code: 'sync.offline' })
    await device.enrol(link)
    expect((await device.sync()).trouble).toBeNull()
  })

  it('at a token renewal does not lock the phone out', async () => {
    let time = Date.now()
    const device = await enrolled(undefined, { fetch: losing('/token', 1), now: () => time })
    time += 3_600_000
    expect((await device.sync()).trouble).toBeNull()
    time += 3_600_000
    expect((await device.sync()).trouble).toBeNull()
  })
})

describe('a device that was taken out', () => {
  it('says revoked, and keeps its records', async () => {
    const device = await enrolled()
    await filled(device, 1)
    await server.revoke((await device.enrolment())?.deviceId ?? '')
    expect(await device.sync()).toMatchObject({ trouble: 'sync.revoked', states: { saved: 1 } })
  })
})

describe('a record that the server will never take', () => {
  it('is shown as refused and does not stop the others, in one batch or in two', async () => {
    for (const count of [3, 120]) {
      const device = await enrolled()
      const records = await sealedRecords(device, count)
      const foreign = { ...records[1], _id: 'r:anotherdevice:01J00000000000000000000000' } as (typeof records)[number]
      for (const [at, record] of records.entries()) await device.put(at === 1 ? foreign : record)
      const report = await device.sync()
      expect(report.refused.map(({ id }) => id)).toEqual([foreign._id])
      expect(report.states).toEqual({ refused: 1, received: count - 1 })
      expect(await atServer()).toHaveLength(count - 1)
      if (count === 3) await server.close()
    }
  })
})

describe('a backlog', () => {
  it('is asked about first, and only what is missing is sent', async () => {
    const device = await enrolled(undefined, { mostDirect: 100 })
    const ids = await filled(device, 130)
    const sent = (await device.outbox.find(ids.slice(0, 100))).map(({ record }) => record)
    await server.stores.inbox.bulkWrite(sent as unknown as StoredDocument[])
    server.requests()
    server.bytes()
    expect(await device.sync()).toMatchObject({ trouble: null, pushed: 30, states: { received: 130 } })
    expect(server.requests().filter((each) => each.includes('/inbox/'))).toEqual([
      'POST /sync/v1/inbox/_revs_diff',
      'POST /sync/v1/inbox/_bulk_docs',
    ])
    expect(await atServer()).toEqual(ids)
  })
})

describe('freeing the phone', () => {
  it('waits until everything in the outbox is accepted and in a backup', async () => {
    let time = Date.now()
    const device = await enrolled(undefined, { now: () => time })
    await filled(device, 3)
    await device.sync()
    await server.receiptAll('accepted', false)
    await device.sync()
    expect(await device.free()).toBe(0)
    await server.receiptAll('accepted', true)
    // Whether accepted records are backed up is asked some hours later, not at every sync.
    time += 7 * 3_600_000
    await device.sync()
    expect(await device.free()).toBe(1)
    expect(await device.outbox.names()).toEqual([])
    expect((await device.sync()).states).toEqual({ accepted: 3 })
  })

  it('never touches an outbox with one record that is not safe', async () => {
    const device = await enrolled()
    await filled(device, 2)
    await device.sync()
    await server.receiptAll('accepted', true)
    await device.sync()
    await filled(device, 1)
    expect(await device.free()).toBe(0)
  })
})
