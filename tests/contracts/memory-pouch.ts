import memory from 'pouchdb-adapter-memory'
import PouchDB from 'pouchdb-core'
import { together, type Stores } from '../../aggregator/inbox/open-stores.ts'
import { pouchStore } from '../../aggregator/inbox/pouch-store.ts'
import type { StoreHealth } from '../../aggregator/inbox/health.ts'

let opened = 0

/** A PouchDB in memory with a name of its own. */
export function memoryPouch(): PouchDB.Database {
  PouchDB.plugin(memory)
  opened += 1
  return new PouchDB(`memory-${process.pid}-${opened}`, { adapter: 'memory' })
}

export const healthy: StoreHealth = { check: () => Promise.resolve() }

/** The four stores of a deployment, in memory, through the code that runs over LevelDB. */
export function memoryStores(health: StoreHealth = healthy): Stores {
  const open = () => pouchStore(memoryPouch())
  return together(open(), open(), open(), open(), health)
}
