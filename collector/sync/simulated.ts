import type { Entry, Ledger } from '../store/entries.ts'
import type { ItemShelf, ManifestItem } from './manifest.ts'

/** Entries in memory, for devices that have no screen and no PIN. */
export function memoryLedger(): Ledger {
  const entries = new Map<string, Entry>()
  return {
    all: async () => [...entries.values()],
    async put(changed) {
      for (const entry of changed) entries.set(entry.id, entry)
    },
  }
}

export function memoryItems(): ItemShelf {
  const items = new Map<string, ManifestItem>()
  return {
    known: async () => [...items.values()],
    async put(fetched) {
      for (const item of fetched) items.set(`${item.kind}:${item.id}`, item)
    },
    async remove(gone) {
      for (const { kind, id } of gone) items.delete(`${kind}:${id}`)
    },
  }
}
