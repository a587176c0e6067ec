import { type Keep, type Shelf, shelves, type Write } from './keep.ts'

/** A browser in trouble may close the new handle too. */
const mostTries = 3

const reserveId = 'reserve'
const reserveBytes = 4_000_000

/**
 * As one blob, because Chromium gives the space of a deleted blob back at once; deleted rows keep theirs until the database is tidied up.
 * Noise, because a disk may compress.
 */
function reserve(): Blob {
  const piece = 65_536
  return new Blob(Array.from({ length: Math.ceil(reserveBytes / piece) }, () => crypto.getRandomValues(new Uint8Array(piece))))
}

/** The store could not be written; nothing was changed. `full` when the phone has no room left. */
export class KeepError extends Error {
  override name = 'KeepError'
  readonly code: 'full' | 'unavailable'
  constructor(code: KeepError['code'], options?: ErrorOptions) {
    super(code === 'full' ? 'The phone has no room left.' : "The phone's store cannot be opened.", options)
    this.code = code
  }
}

/**
 * The keep in a plain IndexedDB database, each write with strict durability: since Chrome 121 the default may lose the last writes in a power cut.
 * A handle that the browser closed (after a full disk, or cleared memory) is opened again.
 */
export async function openIndexedDbKeep(name = 'tala'): Promise<Keep> {
  let database = await open(name)

  const within = async <T>(work: (database: IDBDatabase) => Promise<T>): Promise<T> => {
    for (let tries = 1; ; tries++) {
      try {
        return await work(database)
      } catch (error) {
        if (isFull(error)) throw new KeepError('full', { cause: error })
        if (!isClosed(error) || tries === mostTries) throw error
        database = await open(name)
      }
    }
  }

  const put = async (open: IDBDatabase, writes: readonly Write[]): Promise<void> => {
    const names = [...new Set(writes.map(([shelf]) => shelf))]
    const transaction = open.transaction(names, 'readwrite', { durability: 'strict' })
    const done = committed(transaction)
    try {
      for (const each of writes) {
        const store = transaction.objectStore(each[0])
        if (each.length === 3) store.put(each[2], each[1])
        else store.delete(each[1])
      }
      transaction.commit()
    } catch (error) {
      // Without this the writes before the one that cannot be stored would be kept.
      done.catch(() => {})
      transaction.abort()
      throw error
    }
    await done
  }

  const makeRoom = () =>
    within(async (open) => {
      const held = await settled(open.transaction('settings', 'readonly').objectStore('settings').getKey(reserveId))
      if (held === undefined) return false
      await put(open, [['settings', reserveId]])
      return true
    })

  return {
    makeRoom,
    holdReserve: () =>
      within(async (open) => {
        const held = await settled(open.transaction('settings', 'readonly').objectStore('settings').getKey(reserveId))
        if (held !== undefined) return true
        try {
          await put(open, [['settings', reserveId, reserve()]])
          return true
        } catch (error) {
          if (isFull(error)) return false
          throw error
        }
      }),
    get: (shelf, id) =>
      within(async (open) => (await settled(open.transaction(shelf, 'readonly').objectStore(shelf).get(id))) as undefined),
    all: <T>(shelf: Shelf) =>
      within(async (open) => {
        const store = open.transaction(shelf, 'readonly').objectStore(shelf)
        const [ids, values] = await Promise.all([settled(store.getAllKeys()), settled(store.getAll())])
        return ids.map((id, at) => [id as string, values[at] as T] as const)
      }),
    ids: (shelf) =>
      within(async (open) => (await settled(open.transaction(shelf, 'readonly').objectStore(shelf).getAllKeys())) as string[]),
    async write(writes) {
      if (writes.length === 0) return
      try {
        await within((open) => put(open, writes))
      } catch (error) {
        // An interview that was started must be able to end: that is what the reserve is for.
        if (!(error instanceof KeepError) || error.code !== 'full' || !(await makeRoom())) throw error
        await within((open) => put(open, writes))
      }
    },
    close: () => database.close(),
  }
}

/**
 * In whatever version it lies here, one higher when a shelf is missing: the app of before must still open what the next one added to.
 */
async function open(name: string, version?: number): Promise<IDBDatabase> {
  const request = indexedDB.open(name, version)
  const missing = () => shelves.filter((shelf) => !request.result.objectStoreNames.contains(shelf))
  request.addEventListener('upgradeneeded', () => {
    for (const shelf of missing()) request.result.createObjectStore(shelf)
  })
  const database = await settled(request)
  if (missing().length > 0) {
    database.close()
    return await open(name, database.version + 1)
  }
  // A newer version of the app in another tab must be able to upgrade.
  database.addEventListener('versionchange', () => database.close())
  return database
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB failed.')))
  })
}

function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(transaction.error ?? new DOMException('The transaction ended.', 'AbortError'))
    transaction.addEventListener('complete', () => resolve())
    transaction.addEventListener('abort', fail)
    transaction.addEventListener('error', fail)
  })
}

const isFull = (error: unknown) => error instanceof DOMException && error.name === 'QuotaExceededError'

/** What Chromium says after it closed the connection itself. */
const isClosed = (error: unknown) =>
  error instanceof DOMException && ['InvalidStateError', 'AbortError', 'UnknownError'].includes(error.name)
