import type { Entry } from '../store/entries.ts'
import { firstRevision, type OutboxRecord } from '../store/outbox.ts'
import { post } from './enrolment.ts'
import { askJson, type Fetch, gzipped, SyncError } from './request.ts'

/** What one phone sends at once: a lost batch costs 5 s on a 64 kbit/s link. */
export const batchSize = 100

/** A record that the gateway will never take: forged, too large, of another device. */
export interface Refusal {
  readonly id: string
  readonly reason: string
}

/** With more records than this the phone asks first what is missing: a phone that was restored may have sent them all before. */
export const mostDirect = 1000

/** The request of `_bulk_docs` for up to `batchSize` records. */
export const packRecords = (records: readonly OutboxRecord[]): Promise<RequestInit> => gzipped(post({ docs: records, new_edits: false }))

/**
 * Up to `batchSize` records in one `_bulk_docs` of the replication protocol. Sending a record twice changes nothing, and only receipts prove
 * anything: the phone's own list of what is unproven takes the place of a checkpoint.
 */
export async function pushDirectly(fetch: Fetch, inboxUrl: string, packed: RequestInit): Promise<readonly Refusal[]> {
  const answer = await askJson(fetch, `${inboxUrl}/_bulk_docs`, packed)
  if (!Array.isArray(answer)) throw new SyncError('sync.strange-answer')
  return refusalsOf(answer)
}

/** Ids in one question: with their revisions 40 kB before gzip. */
const mostAsked = 500

/**
 * Of a backlog, what the server does not have, by `_revs_diff` of the replication protocol. Whoever answers may lie: receipts find what it kept back.
 */
export async function missingAt(fetch: Fetch, inboxUrl: string, entries: readonly Entry[]): Promise<readonly Entry[]> {
  const missing: Entry[] = []
  for (let at = 0; at < entries.length; at += mostAsked) {
    const asked = entries.slice(at, at + mostAsked)
    const question = Object.fromEntries(asked.map((entry) => [entry.id, [firstRevision(entry)]]))
    const answer = await askJson(fetch, `${inboxUrl}/_revs_diff`, post(question))
    if (typeof answer !== 'object' || answer === null) throw new SyncError('sync.strange-answer')
    missing.push(...asked.filter(({ id }) => id in answer))
  }
  return missing
}

interface ErrorRow {
  readonly id: string
  readonly error: string
  readonly reason?: string
}

const hasError = (row: unknown): row is ErrorRow => typeof row === 'object' && row !== null && 'error' in row && 'id' in row

const refusalsOf = (rows: readonly unknown[]): readonly Refusal[] =>
  rows.filter(hasError).map(({ id, error, reason }) => ({ id, reason: reason ?? error }))
