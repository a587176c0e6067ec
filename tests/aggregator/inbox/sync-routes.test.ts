import { gzipSync } from 'node:zlib'
import http from 'pouchdb-adapter-http'
import PouchDB from 'pouchdb-core'
import replication from 'pouchdb-replication'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { QuarantinedRecord } from '../../../aggregator/inbox/quarantine.ts'
import { release } from '../../../aggregator/inbox/quarantine.ts'
import { ProblemError } from '../../../aggregator/problem.ts'
import { memoryPouch, memoryStores } from '../../contracts/memory-pouch.ts'
import { recordId, stamped, type Pushed, type TestPhone } from '../../contracts/test-phone.ts'
import { startServer, type TestServer } from '../../contracts/test-server.ts'

let server: TestServer
let phone: TestPhone
beforeAll(async () => {
  PouchDB.plugin(http).plugin(replication)
  server = await startServer()
  phone = await server.phone()
})
afterAll(() => server.close())

const stored = async (...ids: string[]) => (await server.stores.inbox.read(ids)).map(({ _id }) => _id)
const rows = async (response: Response) => (await response.json()) as { id: string; error: string; name: string; reason: string }[]

describe('the gateway', () => {
  it('stores what a phone pushes, and a repeated push once', async () => {
    const record = phone.record()
    expect((await phone.push([record])).status).toBe(201)
    expect(await rows(await phone.push([record]))).toEqual([])
    expect(await server.stores.inbox.read([record._id])).toEqual([expect.objectContaining({ _rev: record._rev, sha256: record.sha256 })])
  })

  it('lets nobody in without a token, and says so in the words of the protocol', async () => {
    const response = await fetch(`${server.url}/sync/v1/`)
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: 'unauthorized' })
  })

  it('takes gzip', async () => {
    const record = phone.record()
    expect((await phone.push([record], { 'content-encoding': 'gzip' })).status).toBe(201)
    expect(await stored(record._id)).toEqual([record._id])
  })

  it('tells nothing about the work of others', async () => {
    expect(await (await phone.send('GET', '/sync/v1/inbox/')).json()).toEqual({
      db_name: 'inbox',
      instance_start_time: '0',
      update_seq: '0',
    })
  })

  it.each([
    ['GET', '/sync/v1/inbox/_changes'],
    ['GET', '/sync/v1/inbox/_all_docs'],
    ['POST', '/sync/v1/inbox/_bulk_get'],
    ['POST', '/sync/v1/inbox/_all_docs'],
    ['POST', '/sync/v1/inbox/_find'],
    ['POST', '/sync/v1/inbox/_purge'],
    ['POST', '/sync/v1/inbox/_temp_view'],
    ['PUT', '/sync/v1/inbox'],
    ['DELETE', '/sync/v1/inbox'],
    ['PUT', '/sync/v1/inbox/_design/x'],
    ['GET', '/sync/v1/inbox/_security'],
    ['GET', '/sync/v1/office/'],
    ['GET', '/sync/v1/quarantine/'],
    ['GET', '/sync/v1/_all_dbs'],
    ['GET', '/sync/v1/_membership'],
    ['POST', '/sync/v1/config/_bulk_docs'],
    ['PUT', '/sync/v1/config/_local/x'],
    ['PUT', '/sync/v1/config/questionnaire:x'],
  ])('does not serve %s %s', async (method, path) => {
    const response = await phone.send(method, path, method === 'GET' ? undefined : {})
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ error: 'not_found' })
  })

  it('gives no record back, not even to the phone that sent it', async () => {
    const record = phone.record()
    await phone.push([record])
    expect((await phone.send('GET', `/sync/v1/inbox/${encodeURIComponent(record._id)}`)).status).toBe(404)
  })
})

describe('one document of a push', () => {
  const device = () => phone.id
  const raw = (text: string) => JSON.parse(text) as unknown
  const changed = (change: (record: Pushed) => unknown) => () => change(phone.record())
  const refusals: [title: string, make: () => unknown][] = [
    ['of another device', () => stamped({ ...phone.record(), _id: recordId('abcdefgh23456789') })],
    ['with an id in no name space', changed((record) => ({ ...record, _id: 'household-7' }))],
    ['that is a design document', changed((record) => ({ ...record, _id: '_design/shows' }))],
    ['that is a local document', changed((record) => ({ ...record, _id: `_local/r:${device()}` }))],
    ['with a path in its id', changed((record) => ({ ...record, _id: `r:${device()}:../../01ARZ3NDEKTSV4RRFFQ69` }))],
    ['without an id', changed((record) => bare(record, '_id'))],
    ['with a number as id', changed((record) => ({ ...record, _id: 7 }))],
    ['with a forged revision 9-b', changed((record) => ({ ...record, _rev: '9-b', _revisions: { start: 9, ids: ['b'] } }))],
    ['with a second revision', changed((record) => ({ ...record, _rev: `2-${'a'.repeat(32)}` }))],
    [
      'with a history longer than its revision',
      changed((record) => ({ ...record, _revisions: { start: 1, ids: [record._rev.slice(2), 'a'.repeat(32)] } })),
    ],
    ['with the history of another revision', changed((record) => ({ ...record, _revisions: { start: 1, ids: ['a'.repeat(32)] } }))],
    ['with an extra member in its history', changed((record) => ({ ...record, _revisions: { ...record._revisions, x: 1 } }))],
    ['without a revision', changed((record) => bare(record, '_rev'))],
    ['that deletes', changed((record) => ({ ...record, _deleted: true }))],
    ['that does not delete, but says so', changed((record) => ({ ...record, _deleted: false }))],
    ['with an attachment', changed((record) => ({ ...record, _attachments: { 'a.txt': { data: 'YQ==', content_type: 'text/plain' } } }))],
    ['with a member that starts with _', changed((record) => ({ ...record, _evil: 1 }))],
    ['with __proto__', () => raw(JSON.stringify(phone.record()).replace('"kind"', '"__proto__":{"admin":true},"kind"'))],
    ['with constructor deep inside', changed((record) => ({ ...record, extra: { deeper: [{ constructor: { prototype: 1 } }] } }))],
    ['that nests a thousand levels', changed((record) => ({ ...record, extra: raw('['.repeat(1000) + ']'.repeat(1000)) }))],
    ['of 64 kB and one byte', () => sized(phone.record(), 64 * 1024 + 1)],
    ['that is a text', () => 'record'],
    ['that is null', () => null],
    ['that is a list', () => [1, 2]],
  ]
  it.each(refusals)('is refused %s, and the good one beside it is stored', async (_title, make) => {
    const good = phone.record()
    const bad = make()
    const response = await phone.push([bad, good])
    expect(response.status).toBe(201)
    const answer = await rows(response)
    expect(answer).toEqual([expect.objectContaining({ error: 'forbidden', name: 'forbidden', reason: expect.any(String) })])
    expect(await stored(good._id)).toEqual([good._id])
    const id = (bad as { _id?: unknown } | null)?._id
    if (typeof id === 'string' && !id.startsWith('_')) expect(await stored(id)).toEqual([])
  })

  const doubts: [title: string, make: () => Pushed, reason: object][] = [
    ['a member nobody knows', () => stamped({ ...phone.record(), note: 'x' } as Pushed), { code: 'envelope-malformed' }],
    [
      'a kind of a later version',
      () => stamped({ ...phone.record(), kind: 'visit' as 'interview' }),
      { code: 'envelope-malformed', name: '/kind enum' },
    ],
    ['no sealed answers', () => without(phone.record(), 'answers'), { code: 'envelope-malformed', name: '/answers required' }],
    ['an area with a NUL in it', () => stamped({ ...phone.record(), area: 'a\u0000b' }), { code: 'envelope-malformed' }],
    ['a lone surrogate', () => stamped({ ...phone.record(), area: 'a\ud800' }), { code: 'envelope-malformed' }],
    [
      'a number that JSON cannot hold',
      () => ({ ...phone.record(), finished: Number.MAX_VALUE as unknown as string }),
      { code: 'envelope-malformed' },
    ],
    ['an area the phone never worked in', () => phone.record({ area: '1234567890' }), { code: 'area-not-assigned' }],
  ]
  it.each(doubts)('with %s is kept apart, answered as success, and never enters the inbox', async (_title, make, reason) => {
    const [doubtful, good] = [make(), phone.record()]
    expect(await rows(await phone.push([doubtful, good]))).toEqual([])
    expect(await stored(doubtful._id, good._id)).toEqual([good._id])
    const [kept] = (await server.stores.quarantine.read([doubtful._id])) as QuarantinedRecord[]
    expect(kept).toMatchObject({ device: phone.id, reasons: [expect.objectContaining(reason)] })
    expect(JSON.parse(kept?.record ?? '')).toMatchObject({ _id: doubtful._id })
  })

  it('never changes a stored one: other content under its id is refused, the same content again is a success', async () => {
    const record = phone.record()
    await phone.push([record])
    const forged = stamped({ ...record, finished: '2026-11-19' })
    expect(await rows(await phone.push([forged]))).toEqual([expect.objectContaining({ id: record._id, error: 'forbidden' })])
    const resealed = { ...record, _rev: `1-${'c'.repeat(32)}`, _revisions: { start: 1, ids: ['c'.repeat(32)] } }
    expect(await rows(await phone.push([resealed]))).toEqual([])
    expect(await server.stores.inbox.read([record._id])).toEqual([
      expect.objectContaining({ _rev: record._rev, finished: record.finished }),
    ])
  })

  it('that was changed on its way counts as never arrived: it can be sent again, whole', async () => {
    const [record, other] = [phone.record(), phone.record()]
    const damaged = [
      { ...record, finished: '2026-11-20' },
      { ...other, sha256: 'f'.repeat(64) },
    ]
    expect(await rows(await phone.push(damaged))).toEqual([])
    expect(await stored(record._id, other._id)).toEqual([])
    await phone.push([record, other])
    expect(await stored(record._id, other._id)).toHaveLength(2)
  })

  it('counts once when it stands twice in a push', async () => {
    const record = phone.record()
    expect(await rows(await phone.push([record, record]))).toEqual([])
    expect(await stored(record._id)).toHaveLength(1)
  })

  it('is of 64 kB at most, and one of exactly that size is not too large', async () => {
    const [kept] = [sized(phone.record(), 64 * 1024)]
    expect(await rows(await phone.push([kept]))).toEqual([])
  })

  it('enters the inbox as it was sent when a supervisor lets it through', async () => {
    const record = phone.record({ area: '1234567890' })
    await phone.push([record])
    expect(await release([record._id], server.stores.quarantine, server.stores.inbox)).toBe(1)
    expect(await server.stores.inbox.read([record._id])).toEqual([expect.objectContaining({ _rev: record._rev, sha256: record.sha256 })])
    expect(await server.stores.quarantine.read([record._id])).toEqual([])
  })
})

describe('the whole request', () => {
  const bulk = '/sync/v1/inbox/_bulk_docs'
  it.each<[string, string, string | Uint8Array, Record<string, string>, number]>([
    ['that is not JSON', bulk, '{"docs":[', {}, 400],
    ['with NaN in it', bulk, '{"docs":[NaN],"new_edits":false}', {}, 400],
    ['without new_edits', bulk, '{"docs":[]}', {}, 400],
    ['with new_edits true', bulk, '{"docs":[],"new_edits":true}', {}, 400],
    ['of more than 1,000 documents', bulk, JSON.stringify({ docs: Array(1001).fill(0), new_edits: false }), {}, 413],
    ['of more than 8 MB', bulk, `"${'x'.repeat(8 * 1024 * 1024)}"`, {}, 413],
    ['that inflates to more than 8 MB', bulk, gzipSync(`"${'x'.repeat(9 * 1024 * 1024)}"`), { 'content-encoding': 'gzip' }, 413],
    ['that is a gzip bomb', bulk, bomb(), { 'content-encoding': 'gzip' }, 413],
    ['that is cut off inside gzip', bulk, gzipSync('{"docs":[],"new_edits":false}').subarray(0, 25), { 'content-encoding': 'gzip' }, 400],
    ['that says gzip and is not', bulk, '{"docs":[],"new_edits":false}', { 'content-encoding': 'gzip', 'x-raw': '1' }, 400],
    ['in another coding', bulk, '{}', { 'content-encoding': 'br' }, 400],
    [
      'that asks for more than 1,000 ids',
      '/sync/v1/inbox/_revs_diff',
      JSON.stringify(Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`i${at}`, []]))),
      {},
      413,
    ],
    ['that asks with a text for revisions', '/sync/v1/inbox/_revs_diff', '{"a":"1-x"}', {}, 400],
    ['that asks with a list', '/sync/v1/inbox/_revs_diff', '[]', {}, 400],
  ])('%s is turned away whole and changes nothing', async (_title, path, body, headers, status) => {
    const before = await server.stores.inbox.info()
    const { 'x-raw': asIs, ...sent } = headers
    const response = await phone.send('POST', path, asIs === undefined ? body : new TextEncoder().encode(String(body)), sent)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ error: expect.any(String), reason: expect.any(String) })
    expect(await server.stores.inbox.info()).toEqual(before)
  })

  it('survives many bombs at once: some are turned away, none stops the server', async () => {
    const one = bomb()
    const answers = await Promise.all(Array.from({ length: 100 }, () => phone.send('POST', bulk, one, { 'content-encoding': 'gzip' })))
    expect(answers.filter(({ status }) => status !== 413 && status !== 429)).toEqual([])
    expect((await phone.push([phone.record()])).status).toBe(201)
  })
})

describe('_revs_diff', () => {
  const ask = async (wanted: object) => (await phone.send('POST', '/sync/v1/inbox/_revs_diff', wanted)).json()

  it('names what is missing of the phone itself, also counting what is kept apart', async () => {
    const [had, apart, fresh] = [phone.record(), phone.record({ area: '1234567890' }), phone.record()]
    await phone.push([had, apart])
    expect(await ask(Object.fromEntries([had, apart, fresh].map(({ _id, _rev }) => [_id, [_rev]])))).toEqual({
      [fresh._id]: { missing: [fresh._rev] },
    })
  })

  it('answers an existing record of another phone as missing', async () => {
    const other = await server.phone()
    const record = other.record()
    await other.push([record])
    expect(await ask({ [record._id]: [record._rev] })).toEqual({ [record._id]: { missing: [record._rev] } })
  })

  it('is not confused by names that objects inherit', async () => {
    expect(await ask(JSON.parse('{"__proto__":["1-a"],"constructor":["1-b"]}') as object)).toEqual(
      JSON.parse('{"__proto__":{"missing":["1-a"]},"constructor":{"missing":["1-b"]}}'),
    )
  })
})

describe('checkpoints', () => {
  const path = (id: string) => `/sync/v1/inbox/_local/${encodeURIComponent(id)}`

  it('are read back as they were written, guarded by their revision', async () => {
    expect((await phone.send('GET', path('a=='))).status).toBe(404)
    const first = await phone.send('PUT', path('a=='), { _id: '_local/a==', last_seq: 7 })
    expect(first.status).toBe(201)
    expect((await phone.send('PUT', path('a=='), { last_seq: 8 })).status).toBe(409)
    expect((await phone.send('PUT', path('a=='), { last_seq: 8, _rev: '0-1' })).status).toBe(201)
    expect(await (await phone.send('GET', path('a=='))).json()).toEqual({ _id: '_local/a==', _rev: '0-2', last_seq: 8 })
  })

  it('are the phone’s own', async () => {
    await phone.send('PUT', path('own'), { last_seq: 1 })
    expect((await (await server.phone()).send('GET', path('own'))).status).toBe(404)
  })

  it('are eight at most: the one written longest ago goes', async () => {
    const fresh = await server.phone()
    for (let at = 1; at <= 9; at += 1) expect((await fresh.send('PUT', path(`c${at}`), { last_seq: at })).status).toBe(201)
    expect((await fresh.send('GET', path('c1'))).status).toBe(404)
    expect((await fresh.send('GET', path('c2'))).status).toBe(200)
  })

  it.each([
    ['with a long id', 'x'.repeat(65), {}, 400],
    ['with a strange id', 'a/../b', {}, 400],
    ['larger than 4 kB', 'big', { x: 'x'.repeat(5000) }, 413],
    ['that are lists', 'list', [], 400],
  ])('%s are turned away', async (_title, id, body, status) => {
    expect((await phone.send('PUT', path(id), body)).status).toBe(status)
  })
})

describe('when the store cannot keep a promise', () => {
  it('the gateway answers 503 and takes nothing, and takes it later', async () => {
    let full = true
    const check = () => (full ? Promise.reject(new ProblemError('storage-full', 'Send again later.')) : Promise.resolve())
    const floor = await startServer({ stores: memoryStores({ check }) })
    const there = await floor.phone()
    const record = there.record()
    const response = await there.push([record])
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ error: 'storage-full' })
    expect((await there.send('PUT', '/sync/v1/inbox/_local/a', {})).status).toBe(503)
    full = false
    expect((await there.push([record])).status).toBe(201)
    await floor.close()
  })

  it('a store that fails in the middle is a 503, not a success', async () => {
    const stores = memoryStores()
    const failing = await startServer({
      stores: {
        ...stores,
        inbox: Object.assign(Object.create(stores.inbox) as typeof stores.inbox, {
          bulkWrite: () => Promise.reject(new ProblemError('storage-unavailable', 'Send again later.')),
        }),
      },
    })
    const there = await failing.phone()
    expect((await there.push([there.record()])).status).toBe(503)
    await failing.close()
  })
})

describe('stock PouchDB', () => {
  const remote = (database: string, of = phone) =>
    new PouchDB(`${server.url}/sync/v1/${database}`, {
      adapter: 'http',
      skip_setup: true,
      fetch: (url: string | Request, options: RequestInit = {}) => {
        const headers = new Headers(options.headers)
        headers.set('authorization', `Bearer ${of.tokens.accessToken}`)
        return fetch(url, { ...options, headers })
      },
    } as PouchDB.Configuration.RemoteDatabaseConfiguration)

  it('pushes an outbox, passes over a refused record, and has nothing to do the second time', async () => {
    const outbox = memoryPouch()
    const good = Array.from({ length: 120 }, () => phone.record())
    await outbox.bulkDocs([...good, sized(phone.record(), 64 * 1024 + 1)], { new_edits: false })
    const first = await outbox.replicate.to(remote('inbox'), { batch_size: 50 })
    expect(first).toMatchObject({ ok: true, docs_written: 120, doc_write_failures: 1 })
    expect(await stored(...good.map(({ _id }) => _id))).toHaveLength(120)
    const second = await outbox.replicate.to(remote('inbox'), { batch_size: 50 })
    expect(second).toMatchObject({ docs_read: 0 })
  })

  it('pulls config and learns of new versions', async () => {
    const local = memoryPouch()
    expect(await local.replicate.from(remote('config'), { checkpoint: 'target' })).toMatchObject({ ok: true, docs_written: 1 })
    expect(await local.get('questionnaire:household:1')).toMatchObject({
      schema: 'questionnaire-document/1',
      questionnaire: { version: '1' },
    })
    await server.stores.config.put({ _id: 'words:fil', schema: 'words/1' })
    expect(await local.replicate.from(remote('config'), { checkpoint: 'target' })).toMatchObject({ docs_written: 1 })
    expect(await local.replicate.from(remote('config'))).toMatchObject({ docs_written: 0 })
  })
})

function sized(record: Pushed, bytes: number): Pushed {
  const { sealed } = record.answers
  const grown = (length: number) => stamped({ ...record, answers: { ...record.answers, sealed: sealed + 'x'.repeat(length) } })
  const missing = bytes - Buffer.byteLength(JSON.stringify(grown(0)))
  return grown(missing)
}

function without(record: Pushed, name: keyof Pushed): Pushed {
  return stamped(bare(record, name))
}

function bare(record: Pushed, name: keyof Pushed): Pushed {
  return Object.fromEntries(Object.entries(record).filter(([each]) => each !== name)) as unknown as Pushed
}

/** Zeros deflate a thousandfold: 64 MB in 64 kB. */
function bomb(): Uint8Array {
  return gzipSync(new Uint8Array(64 * 1024 * 1024), { level: 1 })
}
