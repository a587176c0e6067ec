import idb from 'pouchdb-adapter-idb'
import PouchDB from 'pouchdb-core'
import { type OpenPouch, pouchOpener } from './pouch.ts'

/**
 * PouchDB in the browser. Adapter `idb`, not `indexeddb`: that one lost records when two tabs wrote and its purge leaves counts wrong.
 */
export const openIdbPouch = (): OpenPouch => pouchOpener(PouchDB, idb, 'idb')
