// The part of PouchDB 9 that Tala uses. The published types declare a Buffer of their own, which breaks Node's everywhere.

declare namespace PouchDB {
  type Plugin = (pouch: Static) => void

  namespace Configuration {
    interface DatabaseConfiguration {
      readonly adapter?: string
      readonly name?: string
      readonly auto_compaction?: boolean
      /** A LevelDB of one's own, for the adapters `leveldb` and `memory`. */
      readonly db?: (location: string) => unknown
    }
    interface RemoteDatabaseConfiguration extends DatabaseConfiguration {
      readonly skip_setup?: boolean
      readonly fetch?: (url: string | Request, options?: RequestInit) => Promise<Response>
    }
  }

  interface Static {
    new (name: string, options?: Configuration.DatabaseConfiguration): Database
    plugin(plugin: Plugin | object): Static
    defaults(options: Configuration.DatabaseConfiguration): Static
  }

  interface Row {
    readonly id: string
    readonly rev?: string
    readonly error?: unknown
  }
  interface ChangeRow {
    readonly id: string
    readonly seq: number | string
    readonly deleted?: boolean
    readonly changes: readonly { readonly rev: string }[]
    readonly doc?: Record<string, unknown>
  }

  interface Database {
    readonly name: string
    info(): Promise<{ readonly update_seq: number | string; readonly doc_count: number }>
    get(id: string, options?: { readonly rev?: string; readonly revs?: boolean; readonly open_revs?: 'all' }): Promise<unknown>
    put(document: object): Promise<{ readonly rev: string }>
    bulkDocs(documents: readonly object[], options?: { readonly new_edits?: boolean }): Promise<readonly Row[]>
    allDocs(
      options: object,
    ): Promise<{ readonly rows: readonly { readonly id: string; readonly value?: { readonly rev: string }; readonly doc?: object }[] }>
    revsDiff(wanted: Readonly<Record<string, readonly string[]>>): Promise<Record<string, { readonly missing: readonly string[] }>>
    changes(options: object): Promise<{ readonly results: readonly ChangeRow[]; readonly last_seq: number | string }>
    _getRevisionTree(id: string, callback: (error: unknown, tree?: import('./aggregator/inbox/revision.ts').RevisionTree) => void): void
    compactDocument(id: string, maxHeight: number): Promise<unknown>
    replicate: {
      to(target: Database, options?: object): PromiseLike<Replicated>
      from(source: Database, options?: object): PromiseLike<Replicated>
    }
    close(): Promise<void>
    destroy(): Promise<void>
  }
  interface Replicated {
    readonly ok: boolean
    readonly docs_read: number
    readonly docs_written: number
    readonly doc_write_failures: number
  }
}

declare module 'pouchdb-core' {
  const PouchDB: PouchDB.Static
  export = PouchDB
}
