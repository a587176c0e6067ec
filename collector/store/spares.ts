// Each sealed record once more, outside IndexedDB, all of which Chromium can lose at once (0055). Cache Storage keeps a plain file for each entry.
import type { SealedRecord } from '../../schemas/generated/records.ts'
import { type Entry, safeIds } from './entries.ts'
import type { Finishing } from './finish.ts'
import { relist } from './start-again.ts'

const name = 'tala-spares'
const cache = () => caches.open(name)
/** An address that nobody serves; the id stands at its end. */
const address = (id: string) => `/spares/${id}`

/** Ids of the records that have a spare. */
const spareIds = async () => (await (await cache()).keys()).map(({ url }) => url.slice(url.lastIndexOf('/') + 1))

/** Whose records are left on a phone that knows nothing any more, and how many. */
export async function whatIsLeft(): Promise<{ readonly left?: { readonly device: string; readonly records: number } }> {
  const ids = await spareIds().catch(() => [])
  const device = ids[0]?.split(':')[1]
  return device === undefined ? {} : { left: { device, records: ids.length } }
}

export const dropSpares = () => caches.delete(name)

export interface Spares {
  keep(record: SealedRecord): Promise<void>
  /**
   * Lets the spares follow the records: gone with what is safe or withdrawn, written where one is missing, and back in the outbox when only the
   * spare is left.
   */
  follow(finishing: Finishing): Promise<void>
}

export function openSpares(): Spares {
  // Read once: a thousand cost the browser a fifth of a second.
  let here: Set<string> | undefined

  const keep = async (record: SealedRecord) => {
    await (await cache()).put(address(record._id), new Response(JSON.stringify(record)))
    here?.add(record._id)
  }

  return {
    keep,
    async follow(finishing) {
      const { ledger, outbox } = finishing
      const spares = await cache()
      here ??= new Set(await spareIds())
      const known = new Set(ledger.known().map(({ id }) => id))
      const lost = [...here].filter((id) => !known.has(id))
      const putBack = async (id: string) => outbox.put((await (await spares.match(address(id)))?.json()) as SealedRecord)
      // One that cannot be read, or finds no room, keeps no other back.
      for (const id of lost) await putBack(id).catch(() => {})
      if (lost.length > 0) await relist(finishing)
      const gone = mayGo(ledger.known())
      for (const id of here)
        if (gone.has(id)) {
          await spares.delete(address(id))
          here.delete(id)
        }
      const missing = [...known].filter((id) => !here?.has(id) && !gone.has(id))
      if (missing.length > 0) for (const { record } of await outbox.find(missing)) await keep(record)
    },
  }
}

/** Safe at the server, or taken back by the household. */
const mayGo = (entries: readonly Entry[]): ReadonlySet<string> =>
  new Set([...safeIds(entries), ...entries.flatMap(({ kind, replaces }) => (kind === 'withdrawal' && replaces ? [replaces] : []))])
