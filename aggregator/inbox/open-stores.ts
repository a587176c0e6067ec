import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import levelAdapter from 'pouchdb-adapter-leveldb'
import PouchDB from 'pouchdb-core'
import type { Config } from '../config.ts'
import { couchAddress, type CouchAddress } from './couch-client.ts'
import { openCouchStore } from './couch-store.ts'
import type { DocumentStore } from './document-store.ts'
import { durableLevelDown, filesOf } from './durable-leveldown.ts'
import { clusterHealth, diskHealth, type StoreHealth } from './health.ts'
import { pouchStore } from './pouch-store.ts'
import { rewindSafeFeed } from './rewind-safe-feed.ts'
import type { InboxStore } from './store.ts'

/** The document databases of a deployment. */
export interface Stores {
  /** Sealed records as phones sent them; append only. */
  readonly inbox: InboxStore
  /** The same without memory of who read how far: for readers that look at everything each time. */
  readonly inboxAsStored: InboxStore
  /** Well-formed records that break a rule of the envelope, each with its reasons; see quarantine.ts. */
  readonly quarantine: InboxStore
  /** What is the same for every phone: questionnaires, code lists. Phones pull it, nobody pushes. */
  readonly config: DocumentStore
  /** Rounds, invitations, devices, assignments. Never leaves the server. */
  readonly office: DocumentStore
  /** Whether records may be accepted now. */
  readonly health: StoreHealth
  close(): Promise<void>
}

/** Opens the embedded stores below `dataFolder`, or those of CouchDB when `couchdbUrl` is set. */
export async function openStores(
  config: Pick<Config, 'dataFolder' | 'couchdbUrl' | 'diskFloorBytes'>,
  login: { readonly user: string; readonly password: string } | null = null,
): Promise<Stores> {
  return config.couchdbUrl === null ? openEmbedded(config) : openCouch(couchAddress(config.couchdbUrl, login))
}

async function openEmbedded({ dataFolder, diskFloorBytes }: Pick<Config, 'dataFolder' | 'diskFloorBytes'>): Promise<Stores> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  PouchDB.plugin(levelAdapter)
  const options = { adapter: 'leveldb', db: durableLevelDown } as PouchDB.Configuration.DatabaseConfiguration
  const open = async (name: string, more: PouchDB.Configuration.DatabaseConfiguration = {}) => {
    const database = new PouchDB(join(dataFolder, name), { ...options, ...more })
    // PouchDB opens its files when it is first used, and they are asked directly too.
    await database.info()
    return pouchStore(database, filesOf(join(dataFolder, name)))
  }
  // What the office replaces (when a phone was last seen, a log without its old entries) must not live on in an earlier revision.
  const office = await open('office', { auto_compaction: true })
  return together(await open('inbox'), await open('quarantine'), await open('config'), office, diskHealth(dataFolder, diskFloorBytes))
}

async function openCouch(address: CouchAddress): Promise<Stores> {
  // Eight shards let eight writers of the inbox work at once; the others are small.
  const inbox = await openCouchStore(address, 'inbox', { shards: 8 })
  const [quarantine, config, office] = [
    await openCouchStore(address, 'quarantine'),
    await openCouchStore(address, 'config'),
    await openCouchStore(address, 'office'),
  ]
  return together(inbox, quarantine, config, office, clusterHealth(address))
}

type Both = InboxStore & DocumentStore

/** Stores that are open already, under one handle. */
export function together(
  inboxAsStored: InboxStore,
  quarantine: InboxStore,
  config: DocumentStore,
  office: DocumentStore,
  health: StoreHealth,
): Stores {
  const inbox = rewindSafeFeed(inboxAsStored)
  return {
    inbox,
    inboxAsStored,
    quarantine,
    config,
    office,
    health,
    async close() {
      for (const store of [inboxAsStored, quarantine, config, office] as Pick<Both, 'close'>[]) await store.close()
    },
  }
}
