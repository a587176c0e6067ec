import type { InboxStore } from './store.ts'

/** Records of one device and day: how many, and all their hashes XORed (64 hex digits). The same set gives the same tally in any order. */
export interface Tally {
  readonly count: number
  readonly xor: string
}

/** By `device day`, the day being the one on which the record got its id, by the device's clock (UTC). */
export type Tallies = ReadonlyMap<string, Tally>

export interface Difference {
  readonly device: string
  readonly day: string
  readonly inbox: Tally
  readonly warehouse: Tally
}

const none: Tally = { count: 0, xor: '0'.repeat(64) }

/** One record into its tally. A record that came without a hash is counted only. */
export function tallied(tally: Tally = none, sha256: string): Tally {
  const sum = BigInt(`0x${tally.xor}`) ^ BigInt(`0x0${sha256}`)
  return { count: tally.count + 1, xor: sum.toString(16).padStart(64, '0') }
}

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Where a record is counted: only its id says so, for a record that cannot be read has nothing else. */
export function deviceDay(id: string): string {
  const [, device = '', ulid = ''] = id.split(':')
  let ms = 0
  for (const digit of ulid.slice(0, 10)) ms = ms * 32 + Math.max(0, crockford.indexOf(digit))
  // The largest time a date can hold; an id may claim more.
  return `${device} ${new Date(Math.min(ms, 8.64e15)).toISOString().slice(0, -14)}`
}

/** What lies in the document stores, read from their beginning. */
export interface Inventory {
  readonly tallies: Tallies
  /** Taken out on purpose: withdrawn, or kept as long as the law allows. */
  readonly removed: ReadonlySet<string>
}

/** Give it the stores themselves: it must not move the reader of ingest. A record that left quarantine counts in the inbox. */
export async function takeInventory(
  inbox: Pick<InboxStore, 'changes'>,
  quarantine: Pick<InboxStore, 'changes'>,
  isWithdrawn: (id: string) => boolean = () => false,
  pageSize = 1000,
): Promise<Inventory> {
  const tallies = new Map<string, Tally>()
  const removed = new Set<string>()
  const apart = new Map<string, unknown>()
  const add = (id: string, sha256: unknown) => {
    if (!isWithdrawn(id)) tallies.set(deviceDay(id), tallied(tallies.get(deviceDay(id)), typeof sha256 === 'string' ? sha256 : ''))
  }
  for await (const { id, deleted, document } of everything(quarantine, pageSize)) if (!deleted) apart.set(id, document['sha256'])
  for await (const { id, deleted, document } of everything(inbox, pageSize)) {
    apart.delete(id)
    if (deleted) removed.add(id)
    else add(id, document['sha256'])
  }
  for (const [id, sha256] of apart) add(id, sha256)
  return { tallies, removed }
}

async function* everything(store: Pick<InboxStore, 'changes'>, pageSize: number) {
  let since: string | null = null
  for (;;) {
    const page: Awaited<ReturnType<InboxStore['changes']>> = await store.changes(since, pageSize)
    if (page.changes.length === 0) return
    yield* page.changes
    since = page.lastSeq
  }
}

/** Devices and days where inbox and warehouse do not hold the same records. */
export function differences(inbox: Tallies, warehouse: Tallies): readonly Difference[] {
  const keys = [...new Set([...inbox.keys(), ...warehouse.keys()])].toSorted()
  return keys.flatMap((key) => {
    const [device = '', day = ''] = key.split(' ')
    const difference = { device, day, inbox: inbox.get(key) ?? none, warehouse: warehouse.get(key) ?? none }
    return difference.inbox.xor === difference.warehouse.xor && difference.inbox.count === difference.warehouse.count ? [] : [difference]
  })
}

export interface Reconciliation {
  /** Both sides, freshly read. */
  readonly look: () => Promise<{ readonly inbox: Tallies; readonly warehouse: Tallies }>
  /** Reads the feed again from its beginning; loading is idempotent. */
  readonly replay: () => Promise<unknown>
}

export interface Reconciled {
  readonly records: number
  readonly devices: number
  readonly replayed: boolean
  readonly incidents: readonly Difference[]
}

/**
 * The nightly check. What ingest missed is read again; what still differs is an incident: records that only the warehouse has mean that
 * the inbox was restored, records that only the inbox has mean that ingest cannot take them.
 */
export async function reconcile({ look, replay }: Reconciliation): Promise<Reconciled> {
  const first = await look()
  const found = differences(first.inbox, first.warehouse)
  if (found.length === 0) return { ...sizeOf(first.inbox), replayed: false, incidents: [] }
  const missed = found.some(
    ({ inbox, warehouse }) => inbox.count > warehouse.count || (inbox.count === warehouse.count && inbox.xor !== warehouse.xor),
  )
  if (missed) await replay()
  const second = await look()
  // What arrived between the two readings differs only once.
  const before = new Set(found.map(({ device, day }) => `${device} ${day}`))
  const incidents = differences(second.inbox, second.warehouse).filter(({ device, day }) => before.has(`${device} ${day}`))
  return { ...sizeOf(second.inbox), replayed: missed, incidents }
}

function sizeOf(tallies: Tallies): Pick<Reconciled, 'records' | 'devices'> {
  const records = [...tallies.values()].reduce((sum, { count }) => sum + count, 0)
  return { records, devices: new Set([...tallies.keys()].map((key) => key.split(' ')[0])).size }
}
