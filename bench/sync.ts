// npm run bench:sync -- [--records N] [--households N] [--json FILE]: what sync costs, side by side with stock PouchDB and with a gateway
// whose store keeps nothing. Ratios hold on any machine; seconds are those of this one. CouchDB too when COUCHDB_URL is set.
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { SealedRecord } from '../schemas/generated/records.ts'
import { startGateway, type Gateway } from './sync/gateway.ts'
import { householdsOfFive, sealed, sealedPlainly } from './sync/households.ts'
import { openPhone, stockPouch, type Phone } from './sync/phones.ts'
import { openLink, type Link } from './sync/slow-link.ts'

const { values } = parseArgs({
  options: {
    /** Only the slow link, to look at it alone. */
    'link-only': { type: 'boolean', default: false },
    records: { type: 'string', default: '10000' },
    households: { type: 'string', default: '1000' },
    storm: { type: 'string', default: '500' },
    json: { type: 'string' },
  },
})
const goals = {
  floor_ratio: 0.8,
  bytes_ratio_vs_stock: 4,
  bytes_per_household: 1200,
  households_1000_at_64k_s: 150,
  requests_one: 4,
  requests_none: 2,
  storm_success: 1,
}

const [embedded, floor] = [await startGateway('embedded'), await startGateway('discards')]
const couch = process.env['COUCHDB_URL'] === undefined ? undefined : await startGateway('couchdb')
let names = 0
const phoneAt = async (gateway: Pick<Gateway, 'url'>, codes: Gateway = embedded): Promise<Phone> => {
  const [code = ''] = await codes.invite(1)
  return openPhone(gateway.url, code, `phone${(names += 1)}`)
}
const sample = await householdsOfFive((await phoneAt(embedded)).enrolment, 60)

// With 0 records only bytes, link and storm are measured.
const throughput =
  Number(values.records) > 0 && !values['link-only']
    ? await measureThroughput(Number(values.records))
    : { floor_ratio: 0, floor_ratio_stock: 0, floor_ratio_raw: 0 }
const nothing = { bytes_ratio_vs_stock: 0, bytes_per_household: 0, requests_one: 0, requests_none: 0, storm_success: 0 }
const bytes = values['link-only'] ? nothing : await measureBytes()
const slow = await measureSlowLink(Number(values.households))
const storm = values['link-only'] ? { storm_success: 0, storm_p50_ms: 0, storm_p99_ms: 0 } : await measureStorm(Number(values.storm))
const result = { ...throughput, ...bytes, ...slow, ...storm }
for (const [name, goal] of Object.entries(goals)) {
  const measured = result[name as keyof typeof goals]
  const least = name.includes('ratio') || name === 'storm_success'
  console.log(
    `${name.padEnd(26)} ${String(measured).padStart(10)}   goal ${least ? '>=' : '<='} ${goal}   ${(least ? measured >= goal : measured <= goal) ? 'met' : 'MISSED'}`,
  )
}
console.log(`storm_p99_ms ${result.storm_p99_ms}`)
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(result)}\n`)
for (const each of [embedded, floor, couch]) await each?.stop()

/**
 * Pushes the same number of records to each gateway in turns, three rounds: by phones of the product, a thousand records each as one brings
 * home from far away; by stock PouchDB replication; and with bare requests. What a phone does is in both sides of its ratio.
 */
async function measureThroughput(records: number) {
  const contestants = [embedded, floor, ...(couch ? [couch] : [])]
  const best = new Map<string, number>()
  const note = (name: string, perSecond: number) => best.set(name, Math.max(best.get(name) ?? 0, perSecond))
  for (let round = 0; round < 3; round += 1) {
    for (const gateway of contestants) note(`${gateway.kind} phones`, await rateOfPhones(gateway, records))
    for (const gateway of contestants) {
      const phone = await phoneAt(gateway, gateway)
      const outbox = await outboxOf(await sealed(phone.enrolment, sample, records))
      await phone.device.sync()
      const before = await gateway.count()
      const remote = remoteInbox(phone, gateway.url)
      note(
        `${gateway.kind} replication`,
        await rate(records, async () => outbox.replicate.to(remote, { batch_size: 100, batches_limit: 1 })),
      )
      if ((await gateway.count()) !== before + records) throw new Error(`${gateway.kind} does not have every record`)
      await outbox.destroy()
    }
    for (const gateway of contestants) {
      const phone = await phoneAt(gateway, gateway)
      const documents = (await sealed(phone.enrolment, sample, records)).map((record, at) => ({
        ...record,
        _rev: `1-${String(at).padStart(32, '0')}`,
      }))
      note(`${gateway.kind} raw _bulk_docs`, await rate(records, () => pushRaw(phone, gateway.url, documents)))
    }
  }
  for (const [name, perSecond] of best) console.log(`${name.padEnd(30)} ${Math.round(perSecond)} records/s`)
  const of = (name: string) => best.get(name) ?? 0
  console.log(`phones of the product beside stock PouchDB, embedded: ${rounded(of('embedded phones') / of('embedded replication'), 2)}x`)
  return {
    floor_ratio: rounded(of('embedded phones') / of('discards phones'), 3),
    floor_ratio_stock: rounded(of('embedded replication') / of('discards replication'), 3),
    floor_ratio_raw: rounded(of('embedded raw _bulk_docs') / of('discards raw _bulk_docs'), 3),
  }
}

/** Records per second of phones that sync one after the other, receipts for half of their records included. */
async function rateOfPhones(gateway: Gateway, records: number): Promise<number> {
  const perPhone = 1000
  let ms = 0
  for (let sent = 0; sent < records; sent += perPhone) {
    const count = Math.min(perPhone, records - sent)
    const phone = await phoneAt(gateway, gateway)
    for (const record of await sealed(phone.enrolment, sample, count)) await phone.device.put(record)
    const before = await gateway.count()
    const started = performance.now()
    const { trouble, pushed } = await phone.device.sync()
    ms += performance.now() - started
    if (trouble !== null || pushed !== count || (await gateway.count()) !== before + count)
      throw new Error(`${gateway.kind} does not have every record: ${pushed} of ${count}, ${trouble ?? 'no trouble'}`)
  }
  return records / (ms / 1000)
}

async function pushRaw(phone: Phone, url: string, documents: readonly object[]): Promise<void> {
  for (let at = 0; at < documents.length; at += 500) {
    const body = JSON.stringify({ docs: documents.slice(at, at + 500), new_edits: false })
    const response = await withToken(phone)(`${url}/sync/v1/inbox/_bulk_docs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    if (response.status !== 201 || (await response.text()) !== '[]') throw new Error(`a push was answered with ${response.status}`)
  }
}

/** Bytes of both ways and requests for 1, 20 and 1,000 new households, the product beside stock PouchDB with plainly sealed records. */
async function measureBytes() {
  const link = await openLink(embedded.url, { bitsPerSecond: null, roundTripMs: 0, drop: 0 })
  const per = new Map<string, number>()
  const asked = new Map<number, number>()
  for (const count of [0, 1, 20, 1000]) {
    const ours = await pushOurs(link, count)
    asked.set(count, ours.requests)
    if (count === 0) continue
    const stock = await pushStock(link, count, sealedPlainly)
    const stockPacked = await pushStock(link, count, sealed)
    per.set(`ours ${count}`, ours.bytes / count)
    per.set(`stock ${count}`, stock / count)
    console.log(
      `${count} households: ${Math.round(ours.bytes / count)} bytes each in ${ours.requests} requests; stock PouchDB ${Math.round(stock / count)} (plain JSON sealed), ${Math.round(stockPacked / count)} (our records)`,
    )
  }
  await link.close()
  const of = (name: string) => per.get(name) ?? 0
  return {
    bytes_ratio_vs_stock: rounded(of('stock 1000') / of('ours 1000'), 2),
    bytes_per_household: Math.round(of('ours 1000')),
    requests_one: asked.get(1) ?? 0,
    requests_none: asked.get(0) ?? 0,
  }
}

async function pushOurs(link: Link, count: number): Promise<{ readonly bytes: number; readonly requests: number }> {
  const phone = await phoneAt(link)
  for (const record of await sealed(phone.enrolment, sample, count)) await phone.device.put(record)
  link.bytes()
  let requests = 0
  for (let runs = 0; runs < 5; runs += 1) {
    const report = await phone.device.sync()
    requests += report.requests
    if (report.trouble !== null) throw new Error(`${count} households: ${report.trouble}`)
    // A phone asks for at most 500 receipts in one run.
    if ((await phone.device.entries()).every(({ state }) => state === 'accepted')) break
  }
  const { up, down } = link.bytes()
  const arrived = (await phone.device.entries()).filter(({ state }) => state === 'accepted').length
  if (arrived !== count) throw new Error(`${count} households: ${arrived} arrived`)
  return { bytes: up + down, requests }
}

async function pushStock(link: Link, count: number, seal: typeof sealed): Promise<number> {
  const phone = await phoneAt(link)
  const outbox = await outboxOf(await seal(phone.enrolment, sample, count))
  await phone.device.sync()
  const remote = remoteInbox(phone, link.url)
  link.bytes()
  await outbox.replicate.to(remote)
  const { up, down } = link.bytes()
  await outbox.destroy()
  return up + down
}

/** A thousand households over 64 kbit/s, 300 ms, and a broken connection at every twentieth request. */
async function measureSlowLink(count: number) {
  // With this seed one connection breaks among the fourteen that carry the households.
  let seed = 27
  const chance = () => (seed = (seed * 16807) % 2147483647) / 2147483647
  const link = await openLink(embedded.url, { bitsPerSecond: 64_000, roundTripMs: 300, drop: 0.05 }, chance)
  const phone = await phoneAt(link)
  for (const record of await sealed(phone.enrolment, sample, count)) await phone.device.put(record)
  link.bytes()
  const dropsBefore = link.drops()
  const started = performance.now()
  let accepted = 0
  for (let runs = 0; accepted < count && runs < 20; runs += 1) {
    const { trouble, requests } = await phone.device.sync()
    accepted = (await phone.device.entries()).filter(({ state }) => state === 'accepted').length
    console.log(
      `  after ${Math.round((performance.now() - started) / 1000)} s ${accepted} accepted, ${requests} requests, ${trouble ?? 'no trouble'}`,
    )
  }
  const seconds = (performance.now() - started) / 1000
  const { up, down } = link.bytes()
  const drops = link.drops() - dropsBefore
  await link.close()
  console.log(
    `${accepted} of ${count} households over 64 kbit/s, 300 ms, 5 % drops (${drops}): ${Math.round(seconds)} s, ${up} bytes up, ${down} down`,
  )
  return { households_1000_at_64k_s: accepted === count ? rounded((seconds * 1000) / count, 1) : Number.MAX_SAFE_INTEGER }
}

/** Many phones of 20 records each in the same minute, 64 at once. */
async function measureStorm(phones: number) {
  const codes = await embedded.invite(phones)
  const all: Phone[] = []
  for (const code of codes) {
    const phone = await openPhone(embedded.url, code, `storm${(names += 1)}`)
    for (const record of await sealed(phone.enrolment, sample, 20)) await phone.device.put(record)
    all.push(phone)
  }
  const before = await embedded.count()
  const times: number[] = []
  let next = 0
  const started = performance.now()
  const work = async () => {
    for (let phone = all[next++]; phone; phone = all[next++]) {
      const from = performance.now()
      await phone.device.sync()
      times.push(performance.now() - from)
    }
  }
  await Promise.all(Array.from({ length: 64 }, work))
  const seconds = (performance.now() - started) / 1000
  const stored = (await embedded.count()) - before
  const safe = await Promise.all(all.map(async ({ device }) => (await device.entries()).filter(({ state }) => state === 'accepted').length))
  times.sort((a, b) => a - b)
  const at = (share: number) => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0)
  console.log(
    `storm of ${phones} phones: ${Math.round(phones / seconds)} phones/s, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, ${stored} records stored`,
  )
  return {
    storm_success: rounded(
      Math.min(
        stored,
        safe.reduce((sum, each) => sum + each, 0),
      ) /
        (phones * 20),
      4,
    ),
    storm_p50_ms: at(0.5),
    storm_p99_ms: at(0.99),
  }
}

async function outboxOf(records: readonly SealedRecord[]): Promise<PouchDB.Database> {
  const Pouch = stockPouch()
  const outbox = new Pouch(`bench-${process.pid}-${(names += 1)}`, { adapter: 'memory' })
  await outbox.bulkDocs(records)
  return outbox
}

function remoteInbox(phone: Phone, url: string): PouchDB.Database {
  const Pouch = stockPouch()
  return new Pouch(`${url}/sync/v1/inbox`, {
    adapter: 'http',
    fetch: withToken(phone),
  } as PouchDB.Configuration.RemoteDatabaseConfiguration)
}

function withToken(phone: Phone): typeof fetch {
  return (input, options) => {
    const headers = new Headers(options?.headers)
    headers.set('Authorization', phone.token())
    return fetch(input, { ...options, headers })
  }
}

async function rate(records: number, work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return records / ((performance.now() - started) / 1000)
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
