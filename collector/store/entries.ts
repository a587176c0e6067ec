import type { Receipt } from '../../schemas/generated/records.ts'
import type { Kind } from '../../schemas/interview/interview.ts'
import type { RecordState } from '../phone.ts'

/** What the phone remembers of a finished record, for the list and for sync; encrypted at rest. */
export interface Entry {
  readonly id: string
  readonly kind: Kind
  readonly replaces?: string
  /** Of the sealed record; a receipt counts only with this hash. */
  readonly sha256: string
  readonly state: RecordState
  readonly reasons: Receipt['reasons']
  readonly outbox: string
  /** The server says that it is in a backup: with `accepted`, the phone may let go. */
  readonly backedUp: boolean
  /** Name of the home, for the enumerator's list; empty in simulations. */
  readonly label: string
  readonly area: string
  readonly updated: string
  readonly withdrawalCode?: string
}

/** The entries of this phone; on the phone encrypted, in simulations plain. */
export interface Ledger {
  all(): Promise<readonly Entry[]>
  /** Durable when it resolves. */
  put(entries: readonly Entry[]): Promise<void>
}

/** States after which no receipt can add anything but the backup. */
export const settled: ReadonlySet<RecordState> = new Set(['accepted', 'withdrawn'])

/** The entry after a receipt; unchanged when the receipt is about other bytes. */
export function withReceipt(entry: Entry, receipt: Receipt, now: string): Entry {
  if (receipt.sha256 !== entry.sha256) return entry
  return { ...entry, state: receipt.status, reasons: receipt.reasons, backedUp: receipt.backedUp, updated: now }
}

/** Whether the phone may let go of its copies: the server has the rows, and has them twice. */
export function isSafe({ state, backedUp }: Entry): boolean {
  return settled.has(state) && backedUp
}

/**
 * Ids of records the phone may let go of: safe themselves, or held and replaced by a correction that is safe. A held record never becomes accepted;
 * without the second half its outbox would stay for ever.
 */
export function safeIds(entries: readonly Entry[]): ReadonlySet<string> {
  const safe = entries.filter(isSafe)
  const replaced = new Set(safe.flatMap(({ replaces }) => (replaces === undefined ? [] : [replaces])))
  return new Set([...safe, ...entries.filter(({ id, state }) => state === 'held' && replaced.has(id))].map(({ id }) => id))
}

/** Whether nobody waits for news of this record any more: it, or the correction that took its place, was accepted. */
export function isAnswered(entry: Entry, entries: readonly Entry[]): boolean {
  if (settled.has(entry.state) || entry.state === 'refused') return true
  return entry.state === 'held' && entries.some(({ replaces, state }) => replaces === entry.id && settled.has(state))
}
