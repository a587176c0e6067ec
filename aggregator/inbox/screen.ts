// Judges one document of a push by itself: a bad one can neither block the others, nor disappear, nor reach the store.
import { createHash } from 'node:crypto'
import { sealedContent } from '../../schemas/canonical.ts'
import type { SealedRecord } from '../../schemas/generated/records.ts'
import type { Caller } from './caller.ts'
import { isPlainJson } from './plain-json.ts'
import type { StoredDocument } from './store.ts'

export interface Reason {
  readonly code: string
  readonly name?: string
}

export type Verdict =
  | { readonly kind: 'accept'; readonly document: StoredDocument & SealedRecord }
  /** Kept apart with its reasons, and answered as success: the phone goes on, a receipt says what is wrong. */
  | { readonly kind: 'quarantine'; readonly document: StoredDocument; readonly reasons: readonly Reason[] }
  /**
   * Changed on its way: neither kept nor named in the answer, as if it had never arrived. The phone's next question for receipts says that
   * it is missing, and it is sent again; a refusal would end the tries for a record that is whole on the phone.
   */
  | { readonly kind: 'damaged'; readonly id: string; readonly reason: string }
  /** Not kept: the phone lists it as refused and keeps its copy. */
  | { readonly kind: 'refuse'; readonly id: string; readonly reason: string }

/** Breaches of the form of a sealed record: names of members, never values. */
export type EnvelopeCheck = (document: unknown) => readonly Reason[]

export const documentBytes = 64 * 1024

export function screen(document: unknown, caller: Caller, check: EnvelopeCheck): Verdict {
  const refuse = (reason: string): Verdict => ({ kind: 'refuse', id: idOf(document), reason })
  if (!isObject(document)) return refuse('Each document must be an object.')
  if (!isPlainJson(document)) return refuse('The document nests too deep or uses a name that is not allowed.')
  if (!isOwnId(document['_id'], caller.device)) return refuse('The id does not belong to this device.')
  if (Buffer.byteLength(JSON.stringify(document)) > documentBytes) return refuse('The document is larger than 64 kB.')
  const rev = firstRevision(document)
  if (rev === undefined)
    return refuse('Only new documents are taken: first revision, no deletion, no attachment, no other member that starts with _.')
  const stored: StoredDocument = { ...document, _id: document['_id'], _rev: rev, _revisions: { start: 1, ids: [rev.slice(2)] } }
  const reasons = check(withoutHistory(document))
  if (reasons.length > 0) return { kind: 'quarantine', document: stored, reasons }
  const record = stored as StoredDocument & SealedRecord
  if (contentHash(record) !== record.sha256)
    return { kind: 'damaged', id: record._id, reason: 'The document does not have the hash it is stamped with.' }
  if (caller.areas.length > 0 && !caller.areas.includes(record.area)) {
    return { kind: 'quarantine', document: stored, reasons: [{ code: 'area-not-assigned' }] }
  }
  return { kind: 'accept', document: record }
}

/** SHA-256 (hex) that the record must carry; receipts repeat it. */
export function contentHash(record: object): string {
  return createHash('sha256').update(sealedContent(record)).digest('hex')
}

/** Ids carry their device, so that nobody can write, or ask for, the record of another. */
export function isOwnId(id: unknown, device: string): id is string {
  return typeof id === 'string' && /^r:[a-z0-9]{8,32}:[0-9A-HJKMNP-TV-Z]{26}$/.test(id) && id.startsWith(`r:${device}:`)
}

/** The revision when it is a first one with a history of only itself; forged histories, deletions and attachments have none. */
function firstRevision(document: Readonly<Record<string, unknown>>): string | undefined {
  const rev = document['_rev']
  if (typeof rev !== 'string' || !/^1-[0-9a-f]{32}$/.test(rev)) return undefined
  for (const name of Object.keys(document)) {
    if (name.startsWith('_') && name !== '_id' && name !== '_rev' && name !== '_revisions') return undefined
  }
  const history = document['_revisions']
  if (history === undefined) return rev
  if (!isObject(history) || Object.keys(history).toSorted().join() !== 'ids,start') return undefined
  const { start, ids } = history
  return start === 1 && Array.isArray(ids) && ids.length === 1 && ids[0] === rev.slice(2) ? rev : undefined
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

function withoutHistory(document: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { _revisions: _, ...rest } = document
  return rest
}

/** What may be repeated in the answer: the id as sent, cut. */
function idOf(document: unknown): string {
  const id = isObject(document) ? document['_id'] : undefined
  return typeof id === 'string' ? id.slice(0, 200) : ''
}
