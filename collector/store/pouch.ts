/**
 * All that Tala uses of PouchDB, so that one file per platform opens it: adapter `idb` on the phone, `memory` in simulations.
 * Upstream is slow to move: keep this list short.
 */
export interface Pouch {
  /** Under the document's own `_rev`; repeating it changes nothing. */
  put(document: object, options: { readonly new_edits: false }): Promise<unknown>
  allDocs(options: { readonly keys?: readonly string[]; readonly include_docs?: boolean }): Promise<{ readonly rows: readonly PouchRow[] }>
  info(): Promise<{ readonly doc_count: number }>
  destroy(): Promise<unknown>
  close(): Promise<unknown>
  readonly replicate: {
    to(target: Pouch, options: ReplicationOptions): Promise<unknown>
    from(source: Pouch, options: ReplicationOptions): Promise<unknown>
  }
}

export interface PouchRow {
  readonly id?: string
  readonly key?: string
  /** `not_found` for a key that is not there. */
  readonly error?: string
  readonly doc?: { readonly _id: string; readonly _rev: string; readonly [name: string]: unknown }
}

export interface ReplicationOptions {
  readonly batch_size: number
  readonly batches_limit: number
  readonly retry: false
  readonly checkpoint?: 'target' | 'source'
}

/** Opens a local database by name, or with `fetch` a remote one by URL. */
export interface OpenPouch {
  local(name: string): Pouch
  remote(url: string, fetch: typeof globalThis.fetch): Pouch
}

/** Both kinds through one PouchDB constructor with its plugins installed. */
export function pouchOpener(PouchDB: PouchDB.Static, local: PouchDB.Configuration.DatabaseConfiguration): OpenPouch {
  return {
    local: (name) => new PouchDB(name, local) as unknown as Pouch,
    // `skip_setup`: the database is there; asking first would be one more round trip.
    remote: (url, fetch) =>
      new PouchDB(url, {
        adapter: 'http',
        skip_setup: true,
        fetch,
      } as PouchDB.Configuration.RemoteDatabaseConfiguration) as unknown as Pouch,
  }
}

/** Installs adapters and replication; a second call, by another part of a test, changes nothing. */
export function withPlugins(PouchDB: PouchDB.Static, adapters: readonly PouchDB.Plugin[], replication: PouchDB.Plugin): PouchDB.Static {
  for (const adapter of adapters) PouchDB.plugin(adapter)
  // The replication plugin defines a property that cannot be defined twice.
  return 'replicate' in PouchDB ? PouchDB : PouchDB.plugin(replication)
}
