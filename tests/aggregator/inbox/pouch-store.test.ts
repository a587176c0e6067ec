import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openStores } from '../../../aggregator/inbox/open-stores.ts'
import { pouchStore } from '../../../aggregator/inbox/pouch-store.ts'
import { describeInboxStore, documentOf } from '../../contracts/inbox-store.ts'
import { memoryPouch } from '../../contracts/memory-pouch.ts'

const folders: string[] = []
const folder = async () => {
  const made = await mkdtemp(join(tmpdir(), 'tala-stores-'))
  folders.push(made)
  return made
}
afterAll(() => Promise.all(folders.map((each) => rm(each, { recursive: true, force: true }))))

describeInboxStore('PouchDB in memory', async () => pouchStore(memoryPouch()))

describeInboxStore('PouchDB over LevelDB', async () => {
  const { inbox } = await openStores({ dataFolder: await folder(), couchdbUrl: null, diskFloorBytes: 0 })
  return inbox as ReturnType<typeof pouchStore>
})

describe('the embedded stores', () => {
  it('go on where they were after a restart', async () => {
    const config = { dataFolder: await folder(), couchdbUrl: null, diskFloorBytes: 0 }
    const first = await openStores(config)
    await first.inbox.bulkWrite([documentOf('r1')])
    await first.office.put({ _id: 'device:1', at: 1 })
    await first.close()
    const second = await openStores(config)
    expect(await second.inbox.info()).toMatchObject({ count: 1 })
    expect(await second.office.get('device:1')).toMatchObject({ at: 1 })
    await second.close()
  })
})
