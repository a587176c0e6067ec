import type { OpenPouch, Pouch } from '../store/pouch.ts'
import type { OutboxRecord } from '../store/outbox.ts'
import { askJson, asSyncError, type Fetch, SyncError, troubleOf } from './request.ts'
import { post } from './enrolment.ts'

/** What one phone sends at once: a lost batch costs 5 s on a 64 kbit/s link. */
export const batchSize = 100

/** A record that the gateway will never take: forged, too large, of another device. */
export interface Refusal {
  readonly id: string
  readonly reason: string
}

/** More records than this are looked up faster as a feed than by their ids. */
export const mostDirect = 1000

/**
 * The short road: up to `batchSize` records in one `_bulk_docs` of the replication protocol, without asking first what is missing.
 * Sending a record twice changes nothing, and only receipts prove anything, so the questions of a full replication buy nothing for a few records.
 */
export async function pushDirectly(fetch: Fetch, inboxUrl: string, records: readonly OutboxRecord[]): Promise<readonly Refusal[]> {
  const answer = await askJson(fetch, `${inboxUrl}/_bulk_docs`, post({ docs: records, new_edits: false }))
  if (!Array.isArray(answer)) throw new SyncError('sync.strange-answer')
  return refusalsOf(answer)
}

/**
 * The long road: PouchDB replication of a whole outbox in batches, with its checkpoint on both sides, for a backlog.
 * @returns what the gateway refused; everything else was answered as written, which proves nothing yet.
 */
export async function replicateOutbox(pouch: OpenPouch, fetch: Fetch, outbox: Pouch, inboxUrl: string): Promise<readonly Refusal[]> {
  const refused: Refusal[] = []
  let trouble: SyncError | undefined
  const watching: Fetch = async (input, options) => {
    let response: Response
    try {
      response = await fetch(input, options)
    } catch (error) {
      trouble = asSyncError(error)
      throw error
    }
    const url = String(input instanceof Request ? input.url : input)
    if (response.ok) return url.includes('/_bulk_docs') ? await withNames(response, refused) : response
    if (response.status !== 404 && response.status !== 409) trouble = troubleOf(response, await readable(response))
    return response
  }
  const remote = pouch.remote(inboxUrl, watching)
  try {
    await outbox.replicate.to(remote, { batch_size: batchSize, batches_limit: 1, retry: false })
  } catch (error) {
    throw trouble ?? new SyncError('sync.strange-answer', null, { cause: error })
  } finally {
    await remote.close()
  }
  return refused
}

/** PouchDB passes over a refused document only when its row has a `name`; with CouchDB's `error` alone it stops everything behind it. */
async function withNames(response: Response, refused: Refusal[]): Promise<Response> {
  const rows: unknown = await readable(response)
  if (!Array.isArray(rows)) return response
  refused.push(...refusalsOf(rows))
  const named = rows.map((row: unknown) => (hasError(row) ? { ...row, name: 'forbidden' } : row))
  return new Response(JSON.stringify(named), { status: response.status, headers: { 'Content-Type': 'application/json' } })
}

async function readable(response: Response): Promise<unknown> {
  try {
    return (await response.clone().json()) as unknown
  } catch {
    return undefined
  }
}

interface ErrorRow {
  readonly id: string
  readonly error: string
  readonly reason?: string
}

const hasError = (row: unknown): row is ErrorRow => typeof row === 'object' && row !== null && 'error' in row && 'id' in row

const refusalsOf = (rows: readonly unknown[]): readonly Refusal[] =>
  rows.filter(hasError).map(({ id, error, reason }) => ({ id, reason: reason ?? error }))
