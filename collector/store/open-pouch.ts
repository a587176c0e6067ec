import idb from 'pouchdb-adapter-idb'
import http from 'pouchdb-adapter-http'
import PouchDB from 'pouchdb-core'
import replication from 'pouchdb-replication'
import { type OpenPouch, pouchOpener, withPlugins } from './pouch.ts'

/**
 * PouchDB in the browser. Adapter `idb`, not `indexeddb`: that one lost records when two tabs wrote and its purge leaves counts wrong.
 */
export function openIdbPouch(): OpenPouch {
  return pouchOpener(withPlugins(PouchDB, [idb, http], replication), { adapter: 'idb' })
}
