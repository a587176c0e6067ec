declare module 'pouchdb-adapter-leveldb' {
  const plugin: PouchDB.Plugin
  export = plugin
}

declare module 'leveldown' {
  type Options = Readonly<Record<string, unknown>>
  type Callback = (error?: Error) => void
  class LevelDOWN {
    readonly status: string
    constructor(location: string)
    _open(options: Options, callback: Callback): void
    _get(key: unknown, options: Options, found: (error: Error | null, value?: unknown) => void): void
    _getMany(keys: readonly unknown[], options: Options, found: (error: Error | null, values?: readonly unknown[]) => void): void
    _put(key: unknown, value: unknown, options: Options, callback: Callback): void
    _del(key: unknown, options: Options, callback: Callback): void
    compactRange(start: unknown, end: unknown, callback: Callback): void
    _batch(operations: readonly unknown[], options: Options, callback: Callback): void
  }
  export = LevelDOWN
}
