import LevelDOWN from 'leveldown'

type Options = Readonly<Record<string, unknown>>
type Callback = (error?: Error) => void

/** LevelDB that has every write on the disk before it answers: without `sync` a power cut drops the tail that was already acknowledged. */
export class DurableLevelDOWN extends LevelDOWN {
  override _put(key: unknown, value: unknown, options: Options, callback: Callback): void {
    super._put(key, value, { ...options, sync: true }, callback)
  }

  override _del(key: unknown, options: Options, callback: Callback): void {
    super._del(key, { ...options, sync: true }, callback)
  }

  override _batch(operations: readonly unknown[], options: Options, callback: Callback): void {
    super._batch(operations, { ...options, sync: true }, callback)
  }
}

/** PouchDB calls its `db` option without `new`, and tells stores apart by the function's name. */
export function durableLevelDown(location: string): DurableLevelDOWN {
  return new DurableLevelDOWN(location)
}
