import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DocumentStore } from '../../aggregator/inbox/document-store.ts'
import type { Change, InboxStore, StoredDocument } from '../../aggregator/inbox/store.ts'
import { ProblemError } from '../../aggregator/problem.ts'

type Store = InboxStore & DocumentStore

/** What the gateway, ingest and field work rely on; every store is held to it. */
export function describeInboxStore(title: string, open: () => Promise<Store>): void {
  describe(`the inbox store (${title})`, () => {
    let store: Store
    beforeAll(async () => {
      store = await open()
    })
    afterAll(() => store.close())

    it('keeps a document under the revision it came with', async () => {
      const one = documentOf('a1')
      await store.bulkWrite([one])
      expect(await store.read(['a1'])).toEqual([expect.objectContaining({ _id: 'a1', _rev: one._rev, body: 'a1' })])
      expect(await store.revisionsOf(['a1', 'never'])).toEqual(new Map([['a1', one._rev]]))
    })

    it('stores a repeated push once', async () => {
      const documents = [documentOf('b1'), documentOf('b2')]
      await store.bulkWrite(documents)
      const before = await store.info()
      await store.bulkWrite(documents)
      expect(await store.info()).toEqual(before)
    })

    it('says which revisions it lacks, and nothing of those it has', async () => {
      await store.bulkWrite([documentOf('c1')])
      const missing = await store.revsDiff({ c1: [documentOf('c1')._rev], c2: [documentOf('c2')._rev] })
      expect(Object.keys(missing)).toEqual(['c2'])
      expect(missing['c2']?.missing).toEqual([documentOf('c2')._rev])
      expect(await store.revsDiff({})).toEqual({})
    })

    it('reads out every document exactly once in pages, each page going on where the last one ended', async () => {
      const ids = Array.from({ length: 25 }, (_, at) => `d${String(at).padStart(2, '0')}`)
      await store.bulkWrite(ids.map((id) => documentOf(id)))
      const seen = await readAll(store, 7)
      expect(
        seen
          .filter(({ id }) => id.startsWith('d'))
          .map(({ id }) => id)
          .toSorted(),
      ).toEqual(ids)
      expect(seen.find(({ id }) => id === 'd03')?.document).toMatchObject({ body: 'd03', _rev: documentOf('d03')._rev })
    })

    it('ends a feed that was read to its end', async () => {
      const { lastSeq } = await store.changes(null, 1000)
      expect((await store.changes(lastSeq, 1000)).changes).toEqual([])
    })

    it('shows every leaf when two revisions of one id exist', async () => {
      const [one, two] = [documentOf('e1', 'first'), documentOf('e1', 'second')]
      await store.bulkWrite([one])
      await store.bulkWrite([two])
      const rows = (await readAll(store, 100)).filter(({ id }) => id === 'e1')
      expect(rows.map(({ rev }) => rev).toSorted()).toEqual([one._rev, two._rev].toSorted())
      expect(await store.read(['e1'])).toHaveLength(2)
    })

    it('wakes who waits when something is written', async () => {
      await store.changes((await store.info()).updateSeq, 10)
      const stop = new AbortController()
      const woken = store.waitForChange(stop.signal).then(() => 'woken')
      await store.bulkWrite([documentOf('f1')])
      expect(await Promise.race([woken, later(5000)])).toBe('woken')
      stop.abort()
    })

    it('does not sleep over what was written before the waiting began', async () => {
      await readAll(store, 100)
      await store.bulkWrite([documentOf('f2')])
      const stop = new AbortController()
      expect(await Promise.race([store.waitForChange(stop.signal).then(() => 'woken'), later(5000)])).toBe('woken')
      stop.abort()
    })

    it('stops waiting when told to', async () => {
      await readAll(store, 100)
      const stop = new AbortController()
      const waiting = store.waitForChange(stop.signal).then(() => 'stopped')
      stop.abort()
      expect(await Promise.race([waiting, later(5000)])).toBe('stopped')
    })

    it('removes the content of a purged document, and a resent copy does not bring it back', async () => {
      const gone = documentOf('g1')
      await store.bulkWrite([gone, documentOf('g2')])
      await store.purge(['g1', 'never-there'])
      await store.bulkWrite([gone])
      expect(await store.read(['g1', 'g2'])).toEqual([expect.objectContaining({ _id: 'g2' })])
      expect([...(await store.revisionsOf(['g1', 'g2'])).keys()]).toEqual(['g2'])
      const rows = (await readAll(store, 100)).filter(({ id }) => id === 'g1')
      expect(rows.every(({ deleted, document }) => deleted && document['body'] === undefined)).toBe(true)
    })

    it('keeps local documents, out of the feed', async () => {
      expect(await store.getLocal('h1')).toBeUndefined()
      const { rev } = await store.putLocal('h1', { at: 1 })
      const next = await store.putLocal('h1', { at: 2, _rev: rev })
      expect(await store.getLocal('h1')).toMatchObject({ at: 2, _rev: next.rev })
      expect((await readAll(store, 100)).some(({ id }) => id.includes('h1'))).toBe(false)
    })
  })

  describe(`the document store (${title})`, () => {
    let store: Store
    beforeAll(async () => {
      store = await open()
    })
    afterAll(() => store.close())

    it('creates, reads and replaces a document by its revision', async () => {
      expect(await store.get('k:1')).toBeUndefined()
      const { rev } = await store.put({ _id: 'k:1', at: 1 })
      const next = await store.put({ _id: 'k:1', _rev: rev, at: 2 })
      expect(await store.get('k:1')).toMatchObject({ at: 2, _rev: next.rev })
    })

    it('lets only one of two writers win', async () => {
      const { rev } = await store.put({ _id: 'l:1', at: 0 })
      const tries = await Promise.allSettled([1, 2, 3].map((at) => store.put({ _id: 'l:1', _rev: rev, at })))
      expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      await expect(store.put({ _id: 'l:1', at: 9 })).rejects.toThrow(conflict)
      expect(
        tries.filter((each) => each.status === 'rejected' && each.reason instanceof ProblemError && each.reason.type === 'conflict'),
      ).toHaveLength(2)
    })

    it('lists by prefix, in pages', async () => {
      for (const at of [1, 2, 3, 4]) await store.put({ _id: `m:${at}`, at })
      await store.put({ _id: 'n:1', at: 9 })
      const first = await store.list('m:', { limit: 3 })
      const rest = await store.list('m:', { limit: 3, after: 'm:3' })
      expect([...first, ...rest].map(({ _id }) => _id)).toEqual(['m:1', 'm:2', 'm:3', 'm:4'])
    })

    it('hands out documents with their history, as replication wants them', async () => {
      const { rev } = await store.put({ _id: 'o:1', at: 1 })
      const [found, absent] = await store.bulkGet([{ id: 'o:1', rev }, { id: 'o:2' }])
      expect(found).toMatchObject({ _id: 'o:1', _rev: rev, at: 1, _revisions: { start: 1, ids: [rev.slice(2)] } })
      expect(absent).toBeUndefined()
    })
  })
}

export function documentOf(id: string, body = id): StoredDocument {
  return { _id: id, _rev: `1-${createHash('md5').update(body).digest('hex')}`, body }
}

async function readAll(store: Store, limit: number) {
  const all: Change[] = []
  let since: string | null = null
  for (;;) {
    const page: Awaited<ReturnType<Store['changes']>> = await store.changes(since, limit)
    if (page.changes.length === 0) return all
    all.push(...page.changes)
    since = page.lastSeq
  }
}

const conflict = expect.objectContaining({ type: 'conflict' })
const later = (ms: number) => new Promise<string>((resolve) => setTimeout(() => resolve('too late'), ms).unref())
