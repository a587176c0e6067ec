import { randomBytes } from 'node:crypto'
import memory from 'pouchdb-adapter-memory'
import PouchDB from 'pouchdb-core'
import { together, type Stores } from '../../aggregator/inbox/open-stores.ts'
import { pouchStore } from '../../aggregator/inbox/pouch-store.ts'
import { couchAddress } from '../../aggregator/inbox/couch-client.ts'
import { openCouchStore } from '../../aggregator/inbox/couch-store.ts'
import { clusterHealth, type StoreHealth } from '../../aggregator/inbox/health.ts'

let opened = 0

/** A PouchDB in memory with a name of its own. */
export function memoryPouch(): PouchDB.Database {
  PouchDB.plugin(memory)
  opened += 1
  return new PouchDB(`memory-${process.pid}-${opened}`, { adapter: 'memory' })
}

export const healthy: StoreHealth = { check: () => Promise.resolve() }

/** The four stores of a deployment: in memory, or new databases of the CouchDB that COUCHDB_URL names. */
export async function testStores(): Promise<Stores> {
  const real = process.env['COUCHDB_URL']
  if (real === undefined) return memoryStores()
  const address = couchAddress(real, null)
  const prefix = `tala-test-${randomBytes(6).toString('hex')}`
  const open = (name: string) => openCouchStore(address, `${prefix}-${name}`)
  return together(await open('inbox'), await open('quarantine'), await open('config'), await open('office'), clusterHealth(address))
}

/** The four stores of a deployment, in memory, through the code that runs over LevelDB. */
export function memoryStores(health: StoreHealth = healthy): Stores {
  const open = () => pouchStore(memoryPouch())
  return together(open(), open(), open(), open(), health)
}
