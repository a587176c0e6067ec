import type { Receipt } from '../../schemas/generated/records.ts'
import { type Entry, isAnswered, safeIds, settled, withReceipt } from '../store/entries.ts'
import { post } from './enrolment.ts'
import { askJson, type Fetch, SyncError } from './request.ts'

export interface ReceiptAnswer {
  readonly receipts: readonly Receipt[]
  /** Ids the server has never seen, or has with other bytes. */
  readonly resend: readonly string[]
  /** What to pass as `since` the next time. */
  readonly next: number
}

/** A question must not outgrow a slow link. */
const mostAsked = 500

/**
 * Entries to ask about: all that are not yet safe. Accepted ones too until they are backed up, for a server restored from an older backup has lost them.
 */
export function toAskAbout(entries: readonly Entry[]): readonly Entry[] {
  const safe = safeIds(entries)
  const open = entries.filter(({ id, state }) => state !== 'refused' && !safe.has(id))
  // Those that only wait for a backup must not keep the others from being asked about.
  return open.toSorted((a, b) => Number(settled.has(a.state)) - Number(settled.has(b.state))).slice(0, mostAsked)
}

/** Whether somebody waits for an answer; the question about backups alone can wait for hours. */
export const isUrgent = (entries: readonly Entry[]): boolean => entries.some((entry) => !isAnswered(entry, entries))

/** Asks what became of the records; @throws SyncError when somebody else answered. */
export async function askReceipts(fetch: Fetch, publicUrl: string, since: number, entries: readonly Entry[]): Promise<ReceiptAnswer> {
  // The answer brings the whole hash; in the question 64 bits of it tell other content, and a quarter of the bytes stays at home.
  const body = { since, unreceipted: entries.map(({ id, sha256 }) => ({ id, sha256: sha256.slice(0, 16) })) }
  const answer = await askJson(fetch, `${publicUrl}/device/receipts`, post(body))
  if (!isReceiptAnswer(answer)) throw new SyncError('sync.strange-answer')
  return answer
}

// `{}` and `[]` are what a confused proxy says: taken for an answer they would free records that never arrived.
function isReceiptAnswer(answer: unknown): answer is ReceiptAnswer {
  if (typeof answer !== 'object' || answer === null) return false
  const { receipts, resend, next } = answer as Partial<Record<keyof ReceiptAnswer, unknown>>
  return Array.isArray(receipts) && Array.isArray(resend) && typeof next === 'number'
}

/**
 * The entries that change by an answer. An entry we asked about that is neither receipted nor to be resent is at the server: received.
 * @param asked the entries whose ids were in the question.
 */
export function afterReceipts(
  all: readonly Entry[],
  asked: readonly Entry[],
  { receipts, resend }: ReceiptAnswer,
  now: string,
): readonly Entry[] {
  const byId = new Map(receipts.map((each) => [each.id, each]))
  const missing = new Set(resend)
  const wasAsked = new Set(asked.map(({ id }) => id))
  return all.flatMap((entry) => {
    const receipt = byId.get(entry.id)
    const receipted = receipt ? withReceipt(entry, receipt, now) : entry
    if (receipted !== entry) return [receipted]
    if (!wasAsked.has(entry.id)) return []
    if (missing.has(entry.id)) return entry.state === 'saved' ? [] : [{ ...entry, state: 'saved' as const, updated: now }]
    return entry.state === 'saved' || entry.state === 'sending' ? [{ ...entry, state: 'received' as const, updated: now }] : []
  })
}
