import type { ItemShelf, ManifestItem } from '../sync/manifest.ts'
import { lockAway, type Locked, unlockValue } from '../vault/secrets.ts'
import type { Entry, Ledger } from './entries.ts'
import type { Keep, Shelf, Write } from './keep.ts'

/** One shelf of the keep, readable only with the data key of the open vault. */
export interface EncryptedShelf<T> {
  get(id: string): Promise<T | undefined>
  all(): Promise<readonly T[]>
  /** A write to hand to `keep.write`, so that several shelves change together or not at all. */
  put(id: string, value: T): Promise<Write>
  remove(id: string): Write
}

export function encryptedShelf<T>(keep: Keep, key: CryptoKey, shelf: Shelf): EncryptedShelf<T> {
  const where = (id: string) => `${shelf}/${id}`
  return {
    async get(id) {
      const locked = await keep.get<Locked>(shelf, id)
      return locked && (await unlockValue<T>(key, where(id), locked))
    },
    all: async () => Promise.all((await keep.all<Locked>(shelf)).map(([id, locked]) => unlockValue<T>(key, where(id), locked))),
    put: async (id, value) => [shelf, id, await lockAway(key, where(id), value)],
    remove: (id) => [shelf, id],
  }
}

/** A ledger that is open: its entries can be read at once. */
export interface OpenLedger extends Ledger {
  known(): readonly Entry[]
  /** For a change that belongs together with others; call `know` once it is written. */
  write(entry: Entry): Promise<Write>
  know(entry: Entry): void
}

/** The entries in memory while the phone is open, encrypted on its disk. `changed` is called after each durable change. */
export async function encryptedLedger(keep: Keep, key: CryptoKey, changed: () => void): Promise<OpenLedger> {
  const shelf = encryptedShelf<Entry>(keep, key, 'records')
  const known = new Map((await shelf.all()).map((entry) => [entry.id, entry]))
  const know = (entry: Entry) => {
    known.set(entry.id, entry)
    changed()
  }
  return {
    known: () => [...known.values()],
    all: async () => [...known.values()],
    async put(entries) {
      await keep.write(await Promise.all(entries.map((entry) => shelf.put(entry.id, entry))))
      for (const entry of entries) know(entry)
    },
    write: (entry) => shelf.put(entry.id, entry),
    know,
  }
}

/** Assignments and comments for this device. */
export function encryptedItems(keep: Keep, key: CryptoKey): ItemShelf {
  const shelf = encryptedShelf<ManifestItem & { readonly body: unknown }>(keep, key, 'items')
  const idOf = ({ kind, id }: ManifestItem) => `${kind}:${id}`
  return {
    known: async () => (await shelf.all()).map(({ kind, id, sha256 }) => ({ kind, id, sha256 })),
    put: async (items) => keep.write(await Promise.all(items.map((item) => shelf.put(idOf(item), item)))),
    remove: async (items) => keep.write(items.map((item) => shelf.remove(idOf(item)))),
  }
}
