// How long after a record arrived it is in the tables, while records keep coming.
import type { KeyProvider } from '../../aggregator/custody/keys.ts'
import type { InboxStore, StoredDocument } from '../../aggregator/inbox/store.ts'
import { openWarehouse } from '../../aggregator/warehouse/open-warehouse.ts'
import { feedOf } from './made-up.ts'
import { ingestOver } from './ours.ts'

export interface Arrival {
  readonly medianMs: number
  readonly worstMs: number
}

/** Releases the documents at a steady rate; the first second, in which code is compiled, is left out. */
export async function arrival(path: string, documents: readonly StoredDocument[], perSecond: number, keys: KeyProvider): Promise<Arrival> {
  const warehouse = await openWarehouse(path)
  const began = performance.now()
  const dueAt = (at: number) => began + (at / perSecond) * 1000
  const arrived = () => Math.min(documents.length, Math.floor(((performance.now() - began) / 1000) * perSecond))
  const inbox: InboxStore = {
    ...feedOf(documents),
    async changes(since, limit) {
      const from = Number(since ?? 0)
      const to = Math.min(arrived(), from + limit)
      const changes = documents.slice(from, to).map((document, at) => {
        return { seq: String(from + at + 1), id: document._id, rev: document._rev, deleted: false, document }
      })
      return { changes, lastSeq: String(Math.max(from, to)) }
    },
    waitForChange: () => new Promise((resolve) => setTimeout(resolve, 10)),
  }
  const ingest = ingestOver(inbox, warehouse, keys)
  const waits: number[] = []
  let done = 0
  const finished = new Promise<void>((resolve) => {
    ingest.onCommit(({ records }) => {
      for (const _ of records) {
        if (done >= perSecond) waits.push(performance.now() - dueAt(done))
        done++
      }
      if (done === documents.length) resolve()
    })
  })
  ingest.follow()
  await finished
  await ingest.stop()
  await warehouse.close()
  const inOrder = waits.toSorted((a, b) => a - b)
  return { medianMs: inOrder[inOrder.length >> 1] ?? Number.NaN, worstMs: inOrder.at(-1) ?? Number.NaN }
}
