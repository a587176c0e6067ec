import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import http from 'pouchdb-adapter-http'
import memory from 'pouchdb-adapter-memory'
import PouchDB from 'pouchdb-core'
import replication from 'pouchdb-replication'
import type { Device } from '../../../collector/sync/device.ts'
import { smallQuestionnaire } from '../../schemas/sealing/small-questionnaire.ts'
import { type FieldServer, openFieldServer } from './field-server.ts'
import { sealedRecords } from './sealed-records.ts'
import { simulatedDevice } from './simulated-device.ts'

const hour = 3_600_000
const Pouch = PouchDB.plugin(memory).plugin(http).plugin(replication)
let server: FieldServer
let device: Device
let time = Date.now()
let token = ''

beforeAll(async () => {
  server = await openFieldServer(smallQuestionnaire)
  device = simulatedDevice({
    now: () => time,
    fetch: (url, options) => {
      token = new Headers(options?.headers).get('Authorization') ?? token
      return fetch(url, options)
    },
  })
  await device.enrol(await server.link())
  await device.sync()
})
afterAll(() => server.close())

async function push(count: number): Promise<readonly string[]> {
  for (const record of await sealedRecords(device, count)) await device.put(record)
  server.requests()
  expect(await device.sync()).toMatchObject({ trouble: null })
  return server.requests()
}

/** A stock PouchDB push of as many records, with a token that is good: what this phone would ask without our own road. */
async function stockPush(count: number): Promise<readonly string[]> {
  const records = await sealedRecords(device, count)
  const withToken: typeof fetch = (url, options) => {
    const headers = new Headers(options?.headers)
    headers.set('Authorization', token)
    return fetch(url, { ...options, headers })
  }
  const local = new Pouch(`stock-${count}-${process.pid}`, { adapter: 'memory' })
  await local.bulkDocs(
    records.map((record) => ({ ...record, _rev: `1-${record.sha256.slice(0, 32)}` })),
    { new_edits: false },
  )
  const remote = new Pouch(`${server.url}/sync/v1/inbox`, {
    adapter: 'http',
    fetch: withToken,
  } as PouchDB.Configuration.RemoteDatabaseConfiguration)
  server.requests()
  await local.replicate.to(remote, { batch_size: 100, batches_limit: 10, retry: false })
  return server.requests()
}

describe('what a sync asks of the network, hours after the last one', () => {
  it('is a token, the record, its receipt and the manifest for one new household', async () => {
    time += hour
    expect(await push(1)).toEqual(['POST /device/token', 'POST /sync/v1/inbox/_bulk_docs', 'POST /device/receipts', 'GET /device/manifest'])
  })

  it('is a token and the manifest when nothing is new', async () => {
    await server.receiptAll('accepted', true)
    await device.sync()
    time += hour
    expect(await push(0)).toEqual(['POST /device/token', 'GET /device/manifest'])
  })

  it('is the same four requests for a day of twenty households, where a stock replication alone asks more', async () => {
    time += hour
    const [ours, stock] = [await push(20), await stockPush(20)]
    expect(ours).toHaveLength(4)
    expect(stock.length).toBeGreaterThan(4)
    console.info(
      `20 households: ours ${ours.length} requests with token, receipts and manifest; stock PouchDB push alone ${stock.length}: ${stock.join(', ')}`,
    )
  })

  it('asks nothing and moves nothing where the phone has no network at all', async () => {
    for (const record of await sealedRecords(device, 2)) await device.put(record)
    server.requests()
    vi.stubGlobal('navigator', { onLine: false })
    const report = await device.sync()
    vi.unstubAllGlobals()
    expect(report).toMatchObject({ trouble: 'sync.offline', pushed: 0, requests: 0, states: { saved: 2 } })
    expect(server.requests()).toEqual([])
  })
})
