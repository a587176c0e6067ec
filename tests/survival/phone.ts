// A phone of the simulation: the real device code over storage that can be killed, copied and watched.
import memory from 'pouchdb-adapter-memory'
import PouchDB from 'pouchdb-core'
import { createDevice, type Device } from '../../collector/sync/device.ts'
import { memoryItems } from '../../collector/sync/simulated.ts'
import type { Entry, Ledger } from '../../collector/store/entries.ts'
import { openMemoryKeep, type Keep } from '../../collector/store/keep.ts'
import { pouchOpener, type OpenPouch, type Pouch, type PouchRow } from '../../collector/store/pouch.ts'
import type { Fetch } from './inject.ts'

export class Killed extends Error {
  override name = 'Killed'
}

export interface PhoneWorld {
  readonly fetch: Fetch
  readonly now: () => number
  readonly pass: (ms: number) => void
  readonly chance: () => number
  /** Called with the ids that are about to be freed. */
  readonly freeing: (ids: readonly string[]) => void
  readonly realPouch: boolean
}

/** What lies on the phone's disk: it survives the app being killed. */
export interface Disk {
  readonly keep: Keep
  readonly entries: Map<string, Entry>
  readonly outboxes: Map<string, Pouch>
}

export const emptyDisk = (): Disk => ({ keep: openMemoryKeep(), entries: new Map(), outboxes: new Map() })

/** Opens the app on a disk. @param killAt the app dies at its n-th write; null never. */
export function openPhone(disk: Disk, world: PhoneWorld, killAt: number | null = null): Device {
  let writes = 0
  const alive = () => {
    if (killAt === null) return
    if (writes >= killAt) throw new Killed('the app was killed')
    writes += 1
  }
  const keep: Keep = {
    ...disk.keep,
    write: async (changes) => {
      alive()
      await disk.keep.write(changes)
      alive()
    },
    close() {},
  }
  const ledger: Ledger = {
    all: async () => [...disk.entries.values()],
    put: async (changed) => {
      alive()
      for (const each of changed) disk.entries.set(each.id, each)
    },
  }
  return createDevice({
    fetch: world.fetch,
    keep,
    pouch: pouchOf(disk, world, alive),
    ledger,
    items: memoryItems(),
    now: world.now,
    backOff: { wait: async (ms) => world.pass(ms), chance: world.chance, tries: 3 },
    // So that a hundred and one records are a backlog already.
    mostDirect: 100,
  })
}

function pouchOf(disk: Disk, { realPouch, freeing }: PhoneWorld, alive: () => void): OpenPouch {
  const real = realPouch ? pouchOpener(PouchDB, memory, 'memory') : undefined
  return (name) => {
    const known = disk.outboxes.get(name)
    const database = known ?? (real ? real(`phone-${process.pid}-${(opened += 1)}`) : new ModelPouch())
    disk.outboxes.set(name, database)
    return {
      put: async (document, options) => {
        alive()
        return database.put(document, options)
      },
      allDocs: (options) => database.allDocs(options),
      info: () => database.info(),
      destroy: async () => {
        alive()
        freeing((await database.allDocs({})).rows.flatMap(({ id }) => id ?? []))
        disk.outboxes.delete(name)
        await database.destroy()
      },
      // The disk outlives the app: what is closed here is opened again later.
      close: async () => {},
    }
  }
}

let opened = 0

/** As much of PouchDB as a short outbox needs. */
class ModelPouch implements Pouch {
  private readonly documents = new Map<string, NonNullable<PouchRow['doc']>>()

  async put(document: object) {
    const { _id, _rev } = document as { readonly _id: string; readonly _rev: string }
    if (!this.documents.has(_id)) this.documents.set(_id, { ...document, _id, _rev })
  }
  async allDocs({ keys, include_docs = false }: { readonly keys?: readonly string[]; readonly include_docs?: boolean }) {
    const rows = (keys ?? [...this.documents.keys()]).map((key): PouchRow => {
      const doc = this.documents.get(key)
      return doc ? { id: key, key, ...(include_docs ? { doc } : {}) } : { key, error: 'not_found' }
    })
    return { rows }
  }
  info = async () => ({ doc_count: this.documents.size })
  destroy = async () => this.documents.clear()
  close = async () => {}
}

/** A copy of everything on a phone, as a thief or a restored backup of the phone would have it. */
export async function copyDisk({ keep, entries, outboxes }: Disk): Promise<Disk> {
  const copy = emptyDisk()
  for (const shelf of ['keys', 'settings', 'records', 'questionnaires', 'items'] as const) {
    const all = await keep.all(shelf)
    await copy.keep.write(all.map(([id, value]) => [shelf, id, value] as const))
  }
  for (const [id, entry] of entries) copy.entries.set(id, entry)
  for (const [name, pouch] of outboxes) {
    const twin = new ModelPouch()
    for (const { doc } of (await pouch.allDocs({ include_docs: true })).rows) {
      if (doc) await twin.put(doc)
    }
    copy.outboxes.set(name, twin)
  }
  return copy
}
