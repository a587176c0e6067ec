import type { Change, StoredDocument } from './store.ts'

/** A document as it is written: without `_rev` it must not exist yet, with one it replaces that revision. */
export interface DocumentToPut {
  readonly _id: string
  readonly _rev?: string
  readonly [name: string]: unknown
}

/**
 * Few, small documents that are read and replaced by id: what phones pull (config), devices, invitations and rounds (office).
 * The same two stores implement it as InboxStore; a replaced revision is the lock, so that two gateways never overwrite each other.
 */
export interface DocumentStore {
  get(id: string): Promise<StoredDocument | undefined>
  /** @throws ProblemError `conflict` when somebody else wrote first: read again, decide again. */
  put(document: DocumentToPut): Promise<{ readonly rev: string }>
  /** Documents whose id starts with the prefix, by id, after `after`, at most `limit`. */
  list(prefix: string, options?: { readonly after?: string; readonly limit?: number }): Promise<readonly StoredDocument[]>
  changes(since: string | null, limit: number): Promise<{ readonly changes: readonly Change[]; readonly lastSeq: string }>
  /** Leaf or given revisions with `_revisions`, as replication wants them; undefined where there is none. */
  bulkGet(wanted: readonly { readonly id: string; readonly rev?: string }[]): Promise<readonly (StoredDocument | undefined)[]>
  info(): Promise<{ readonly updateSeq: string; readonly count: number }>
  close(): Promise<void>
}
