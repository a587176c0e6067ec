import { entryOf } from '../sync/device.ts'
import type { Finishing } from './finish.ts'
import type { Keep, Shelf } from './keep.ts'

/** What only the lost data key could read. */
const readable: readonly Shelf[] = ['drafts', 'journal', 'records', 'copies', 'items']

/** Clears everything that was locked under a key nobody has any more, and the vault itself, in one write. */
export async function forgetReadable(keep: Keep): Promise<void> {
  const gone = await Promise.all(readable.map(async (shelf) => (await keep.ids(shelf)).map((id) => [shelf, id] as const)))
  await keep.write([
    ...gone.flat(),
    ['keys', 'vault'],
    ['settings', 'closed'],
    ['settings', 'manifest-seen'],
    ['settings', 'receipts-since'],
  ])
}

/** Lists again the sealed records of the outboxes that have no summary line: their states come back with the next receipts. */
export async function relist({ keep, outbox, ledger, now }: Finishing): Promise<void> {
  const known = new Set([...ledger.known().map(({ id }) => id), ...(await keep.ids('copies'))])
  const missing = [...(await outbox.ids())].filter((id) => !known.has(id))
  if (missing.length === 0) return
  await ledger.put((await outbox.find(missing)).map(({ record, outbox: name }) => entryOf(record, name, new Date(now()).toISOString(), '')))
}
