import { beforeEach, describe, expect, it } from 'vitest'
import { pouchStore } from '../../../aggregator/inbox/pouch-store.ts'
import { rewindSafeFeed } from '../../../aggregator/inbox/rewind-safe-feed.ts'
import type { InboxStore } from '../../../aggregator/inbox/store.ts'
import { describeInboxStore, documentOf } from '../../contracts/inbox-store.ts'
import { memoryPouch } from '../../contracts/memory-pouch.ts'

describeInboxStore('PouchDB with a feed that notices rewinding', async () => {
  const store = pouchStore(memoryPouch())
  return Object.assign(rewindSafeFeed(store) as typeof store, {})
})

describe('a feed position', () => {
  let rewinds = 0
  const feedOf = (store: InboxStore) => rewindSafeFeed(store, () => (rewinds += 1))
  const ids = async (store: InboxStore, since: string | null) => {
    const { changes, lastSeq } = await feedOf(store).changes(since, 100)
    return { ids: changes.map(({ id }) => id), lastSeq }
  }
  beforeEach(() => {
    rewinds = 0
  })

  it('goes on where it was, also in another process', async () => {
    const store = pouchStore(memoryPouch())
    await store.bulkWrite([documentOf('a'), documentOf('b')])
    const first = await ids(store, null)
    await store.bulkWrite([documentOf('c')])
    expect((await ids(store, first.lastSeq)).ids).toEqual(['c'])
    expect(rewinds).toBe(0)
  })

  it('of a store that was restored and has grown past it again is not believed: nothing is skipped', async () => {
    const before = pouchStore(memoryPouch())
    await before.bulkWrite(['a', 'b', 'c', 'd'].map((id) => documentOf(id)))
    const { lastSeq } = await ids(before, null)
    const restored = pouchStore(memoryPouch())
    await restored.bulkWrite(['a', 'e', 'f', 'g', 'h', 'i'].map((id) => documentOf(id)))
    expect((await restored.changes(lastSeq.split('~')[0] ?? null, 100)).changes.map(({ id }) => id)).toEqual(['h', 'i'])
    expect((await ids(restored, lastSeq)).ids).toEqual(['a', 'e', 'f', 'g', 'h', 'i'])
    expect(rewinds).toBe(1)
  })

  it('of a reader that was itself restored to an older state still holds', async () => {
    const store = pouchStore(memoryPouch())
    await store.bulkWrite([documentOf('a')])
    const old = await ids(store, null)
    await store.bulkWrite([documentOf('b')])
    await ids(store, old.lastSeq)
    expect((await ids(store, old.lastSeq)).ids).toEqual(['b'])
    expect(rewinds).toBe(0)
  })

  it('made up by nobody is not believed', async () => {
    const store = pouchStore(memoryPouch())
    await store.bulkWrite([documentOf('a')])
    expect((await ids(store, '1~made-up')).ids).toEqual(['a'])
    expect((await ids(store, '1')).ids).toEqual(['a'])
  })
})
