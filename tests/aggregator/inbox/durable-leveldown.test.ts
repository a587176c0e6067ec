import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import LevelDOWN from 'leveldown'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openStores, type Stores } from '../../../aggregator/inbox/open-stores.ts'
import type { StoredDocument } from '../../../aggregator/inbox/store.ts'

let folder: string
let stores: Stores
const open = () => openStores({ dataFolder: folder, couchdbUrl: null, diskFloorBytes: 0 })
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tala-level-'))
  stores = await open()
})
afterEach(async () => {
  await stores.close()
  rmSync(folder, { recursive: true, force: true })
})

const id = (number: number) => `r:device01:${String(number).padStart(26, '0')}`
/** Too random to be compressed, and found by its first half wherever it lies. */
const noise = (number: number) => createHash('sha512').update(String(number)).digest('base64url')
const document = (number: number): StoredDocument => ({
  _id: id(number),
  _rev: `1-${String(number).padStart(32, 'a')}`,
  body: `begin${noise(number)}`,
  filler: 'x'.repeat(500),
})
const filesWith = (text: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(text))

describe('a purge of the embedded store', () => {
  it('leaves nothing in its files, whether they were written before, after or in between restarts', async () => {
    for (let from = 0; from < 3000; from += 500) await stores.inbox.bulkWrite(Array.from({ length: 500 }, (_, at) => document(from + at)))
    await stores.close()
    stores = await open()
    await stores.inbox.bulkWrite(Array.from({ length: 500 }, (_, at) => document(3000 + at)))
    const gone = [0, 17, 1500, 2999, 3000, 3499]
    for (const each of gone) expect(filesWith(noise(each).slice(0, 24))).not.toEqual([])
    await stores.inbox.purge(gone.map(id))
    for (const each of gone) expect(filesWith(noise(each).slice(0, 24))).toEqual([])
    expect(await stores.inbox.read([id(1), id(3001)])).toHaveLength(2)
  })

  it('finishes what one before it left, when that was killed between deleting and forgetting', async () => {
    await stores.inbox.bulkWrite([document(1), document(2)])
    await stores.inbox.purge([id(1)])
    await stores.inbox.purge([id(1)])
    expect(filesWith(noise(1).slice(0, 24))).toEqual([])
    expect(filesWith(noise(2).slice(0, 24))).not.toEqual([])
  })
})

describe('the embedded store', () => {
  it('finds in one question what is there and what is not', async () => {
    await stores.inbox.bulkWrite([document(1), document(3)])
    expect(await stores.inbox.revisionsOf([1, 2, 3, 4].map(id))).toEqual(new Map([1, 3].map((each) => [id(each), document(each)._rev])))
  })

  it('misses new ones and other revisions, not what is stored; a purged one may be asked for, but is stored no more', async () => {
    await stores.inbox.bulkWrite([document(1), document(2)])
    await stores.inbox.purge([id(2)])
    const other = `1-${'b'.repeat(32)}`
    const wanted = { [id(1)]: [document(1)._rev, other], [id(2)]: [document(2)._rev], [id(3)]: [document(3)._rev] }
    expect(await stores.inbox.revsDiff(wanted)).toEqual({
      [id(1)]: { missing: [other] },
      [id(2)]: { missing: [document(2)._rev] },
      [id(3)]: { missing: [document(3)._rev] },
    })
    await stores.inbox.bulkWrite([document(2)])
    expect(await stores.inbox.revisionsOf(Object.keys(wanted))).toEqual(new Map([[id(1), document(1)._rev]]))
  })

  it('answers at once after a restart, before anything else was asked', async () => {
    await stores.inbox.bulkWrite([document(1)])
    await stores.close()
    stores = await open()
    expect([...(await stores.inbox.revisionsOf([id(1), id(2)])).keys()]).toEqual([id(1)])
  })

  it('has the checkpoint of a phone after a restart, as the last write left it', async () => {
    await stores.inbox.putLocal('checkpoints:device01', { entries: { a: 1 } })
    const { _rev } = (await stores.inbox.getLocal('checkpoints:device01')) ?? {}
    await stores.inbox.putLocal('checkpoints:device01', { _rev, entries: { a: 2 } })
    const written = await stores.inbox.getLocal('checkpoints:device01')
    await stores.close()
    stores = await open()
    expect(await stores.inbox.getLocal('checkpoints:device01')).toEqual(written)
    expect(written).toMatchObject({ entries: { a: 2 } })
  })

  it('waits for the disk with everything but the checkpoint of a phone', async () => {
    const batches = vi.spyOn(LevelDOWN.prototype, '_batch')
    await stores.inbox.bulkWrite([document(1)])
    await stores.inbox.putLocal('feed-positions', { words: [] })
    await stores.inbox.putLocal('checkpoints:device01', { entries: {} })
    const keysOf = (waits: boolean) =>
      batches.mock.calls
        .filter(([, { sync }]) => sync === waits)
        .flatMap(([operations]) => operations.map((each) => String((each as { readonly key: unknown }).key)))
    expect(keysOf(false)).toEqual([expect.stringMatching(/_local\/checkpoints:device01$/)])
    expect(keysOf(true).filter((key) => key.includes(id(1)) || key.includes('feed-positions'))).toHaveLength(2)
    batches.mockRestore()
  })
})
