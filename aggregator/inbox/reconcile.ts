import type { InboxStore } from './store.ts'

/** Records of one device and day: how many, and all their hashes XORed (64 hex digits). The same set gives the same tally in any order. */
export interface Tally {
  readonly count: number
  readonly xor: string
}

/** By `device day`, the day being the one the record says it was finished. */
export type Tallies = ReadonlyMap<string, Tally>

export interface Difference {
  readonly device: string
  readonly day: string
  readonly inbox: Tally
  readonly warehouse: Tally
}

const none: Tally = { count: 0, xor: '0'.repeat(64) }

/** One record into its tally. */
export function tallied(tally: Tally = none, sha256: string): Tally {
  const sum = BigInt(`0x${tally.xor}`) ^ BigInt(`0x${sha256}`)
  return { count: tally.count + 1, xor: sum.toString(16).padStart(64, '0') }
}

/** Everything that lies in the inbox now, read from its beginning. Give it the store itself: it must not move the reader of ingest. */
export async function tallyInbox(store: Pick<InboxStore, 'changes'>, pageSize = 1000): Promise<Tallies> {
  const tallies = new Map<string, Tally>()
  let since: string | null = null
  for (;;) {
    const page: Awaited<ReturnType<InboxStore['changes']>> = await store.changes(since, pageSize)
    for (const { id, deleted, document } of page.changes) {
      if (deleted) continue
      const key = `${id.split(':')[1] ?? ''} ${String(document['finished']).slice(0, 10)}`
      tallies.set(key, tallied(tallies.get(key), String(document['sha256'])))
    }
    if (page.changes.length === 0) return tallies
    since = page.lastSeq
  }
}

/** Devices and days where inbox and warehouse do not hold the same records. What was withdrawn is in neither. */
export function differences(inbox: Tallies, warehouse: Tallies): readonly Difference[] {
  const keys = [...new Set([...inbox.keys(), ...warehouse.keys()])].toSorted()
  return keys.flatMap((key) => {
    const [device = '', day = ''] = key.split(' ')
    const difference = { device, day, inbox: inbox.get(key) ?? none, warehouse: warehouse.get(key) ?? none }
    return difference.inbox.xor === difference.warehouse.xor && difference.inbox.count === difference.warehouse.count ? [] : [difference]
  })
}

export interface Reconciliation {
  readonly inbox: Pick<InboxStore, 'changes'>
  /** The warehouse's ledger in the same form, without what was withdrawn. */
  readonly ledger: () => Promise<Tallies>
  /** Reads the feed again from its beginning; loading is idempotent. */
  readonly replay: () => Promise<unknown>
}

/**
 * The nightly check. What ingest missed is read again; what still differs is an incident: records that only the warehouse has mean that
 * the inbox was restored or purged, records that only the inbox has mean that ingest cannot take them.
 */
export async function reconcile({
  inbox,
  ledger,
  replay,
}: Reconciliation): Promise<{ readonly replayed: boolean; readonly incidents: readonly Difference[] }> {
  const first = differences(await tallyInbox(inbox), await ledger())
  const missed = first.some((each) => each.inbox.count > each.warehouse.count || each.inbox.xor !== each.warehouse.xor)
  if (!missed) return { replayed: false, incidents: first }
  await replay()
  return { replayed: true, incidents: differences(await tallyInbox(inbox), await ledger()) }
}
