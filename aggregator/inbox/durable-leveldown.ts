import LevelDOWN from 'leveldown'
import type { StoreFiles } from './pouch-store.ts'

type Options = Readonly<Record<string, unknown>>
type Callback = (error?: Error) => void
type Found = (error: Error | null, value?: unknown) => void
interface Wanted {
  readonly key: unknown
  readonly asBuffer: boolean
  readonly found: Found
}

/**
 * LevelDB that has every write on the disk before it answers: without `sync` a power cut drops the tail that was already acknowledged.
 * Only checkpoints of phones do not wait.
 */
export class DurableLevelDOWN extends LevelDOWN {
  /**
   * Sealed records do not compress, and a backlog of many phones should not wait for LevelDB to sort what it just wrote. LevelDB writes block
   * by block: in its own blocks of 4 kB a record or two have room, and sorting costs half as much again.
   */
  override _open(options: Options, callback: Callback): void {
    super._open({ ...options, compression: false, writeBufferSize: 32 * 1024 * 1024, blockSize: 64 * 1024 }, callback)
  }

  #wanted: Wanted[] = []

  /** PouchDB looks a batch up document by document: what is asked in one turn goes to LevelDB as one question. */
  override _get(key: unknown, { asBuffer }: Options, found: Found): void {
    this.#wanted.push({ key, asBuffer: asBuffer !== false, found })
    if (this.#wanted.length === 1) process.nextTick(() => this.#lookUp())
  }

  #lookUp(): void {
    const wanted = this.#wanted
    this.#wanted = []
    for (const asBuffer of [true, false]) {
      const alike = wanted.filter((each) => each.asBuffer === asBuffer)
      const all = (error: Error) => alike.forEach(({ found }) => found(error))
      if (alike.length === 0) continue
      if (this.status !== 'open') all(new Error('The store is closed.'))
      else {
        const keys = alike.map(({ key }) => key)
        this._getMany(keys, { asBuffer, fillCache: true }, (error, values = []) => {
          if (error) return all(error)
          alike.forEach(({ found }, at) => (values[at] === undefined ? found(absent) : found(null, values[at])))
        })
      }
    }
  }

  override _put(key: unknown, value: unknown, options: Options, callback: Callback): void {
    super._put(key, value, { ...options, sync: true }, callback)
  }

  override _del(key: unknown, options: Options, callback: Callback): void {
    super._del(key, { ...options, sync: true }, callback)
  }

  override _batch(operations: readonly unknown[], options: Options, callback: Callback): void {
    super._batch(operations, { ...options, sync: !operations.every(isCheckpoint) }, callback)
  }

  /** Which documents have ever been stored, in one question; PouchDB's own answer for an absent one costs three errors with their stacks. */
  everStored(ids: readonly string[]): Promise<readonly string[]> {
    return new Promise((resolve, reject) => {
      this._getMany(
        ids.map((id) => `\xffdocument-store\xff${id}`),
        { asBuffer: true, fillCache: true },
        (error, values = []) => (error ? reject(error) : resolve(ids.filter((_id, at) => values[at] !== undefined))),
      )
    })
  }

  /**
   * Writes every file anew without what was deleted. LevelDB does not touch the lowest level it has, so a range over all keys is written
   * first: what it covers has to be merged downwards.
   */
  async forgetDeleted(): Promise<void> {
    const edges = [Buffer.from([0]), Buffer.alloc(4, 0xff)]
    for (let pass = 0; pass < 2; pass++) {
      for (const type of ['put', 'del']) await this.#written(edges.map((key) => ({ type, key, value: Buffer.from('edge') })))
      await new Promise<void>((resolve, reject) => {
        this.compactRange(edges[0], edges[1], (error) => (error ? reject(error) : resolve()))
      })
    }
  }

  #written(operations: readonly unknown[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this._batch(operations, {}, (error) => (error ? reject(error) : resolve()))
    })
  }
}

/** A checkpoint of a phone that a power cut takes only makes the phone compare its records again. */
const isCheckpoint = (operation: unknown) =>
  String((operation as { readonly key?: unknown }).key).startsWith('\xfflocal-store\xff_local/checkpoints:')

// The word by which the layers above tell an absent key from a broken disk.
const absent = new Error('NotFound: ')

/** PouchDB keeps the store to itself, and tells stores apart by the name of this function, which it calls without `new`. */
const opened = new Map<string, DurableLevelDOWN>()

export function durableLevelDown(location: string): DurableLevelDOWN {
  const store = new DurableLevelDOWN(location)
  opened.set(location, store)
  return store
}

/** What an open store can do beyond PouchDB. */
export function filesOf(location: string): StoreFiles {
  const store = () => {
    const found = opened.get(location)
    if (found?.status !== 'open') throw new Error('The store is closed.')
    return found
  }
  return {
    everStored: async (ids) => store().everStored(ids),
    forgetDeleted: async () => store().forgetDeleted(),
  }
}
