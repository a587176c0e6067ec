import type { Reason } from './screen.ts'
import type { InboxStore, StoredDocument } from './store.ts'

/** A record that was kept apart. The record is held as text: whatever is in it can do nothing to a store or its readers. */
export interface QuarantinedRecord extends StoredDocument {
  readonly schema: 'quarantined/1'
  readonly device: string
  /** ISO 8601, the server's clock. */
  readonly received: string
  /** What it claims to be its hash; empty when it claims none. */
  readonly sha256: string
  readonly reasons: readonly Reason[]
  /** JSON of the document as it was sent. */
  readonly record: string
}

export function quarantined(document: StoredDocument, device: string, reasons: readonly Reason[], now: Date): QuarantinedRecord {
  const { _id, _rev, _revisions } = document
  const sha256 = typeof document['sha256'] === 'string' && /^[0-9a-f]{64}$/.test(document['sha256']) ? document['sha256'] : ''
  const received = now.toISOString()
  return { _id, _rev, _revisions, schema: 'quarantined/1', device, received, sha256, reasons, record: JSON.stringify(document) }
}

/** A supervisor lets a record through: it enters the inbox as it was sent, and ingest judges it like any other. */
export async function release(ids: readonly string[], quarantine: InboxStore, inbox: InboxStore): Promise<number> {
  const kept = (await quarantine.read(ids)) as readonly QuarantinedRecord[]
  await inbox.bulkWrite(kept.map(({ record }) => JSON.parse(record) as StoredDocument))
  await quarantine.purge(kept.map(({ _id }) => _id))
  return kept.length
}
