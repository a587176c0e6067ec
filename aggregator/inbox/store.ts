/** A document with its revision, as the replication protocol sends it (new_edits: false). */
export interface StoredDocument {
  readonly _id: string
  readonly _rev: string
  readonly [name: string]: unknown
}

export interface Change {
  /** Opaque; pass it back as `since`. Feeds may replay: (id, rev) decides, never the sequence. */
  readonly seq: string
  readonly id: string
  readonly rev: string
  readonly deleted: boolean
  readonly document: StoredDocument
}

/**
 * What the gateway and ingest need of a document store. PouchDB over LevelDB and CouchDB implement it; one contract suite holds both to it.
 * Every write is durable when its promise resolves.
 */
export interface InboxStore {
  info(): Promise<{ readonly updateSeq: string; readonly count: number }>
  /** Of the given id -> revisions, those the store does not have. */
  revsDiff(wanted: Readonly<Record<string, readonly string[]>>): Promise<Readonly<Record<string, { readonly missing: readonly string[] }>>>
  /** Stores the documents under their own revisions; repeating it changes nothing. */
  bulkWrite(documents: readonly StoredDocument[]): Promise<void>
  getLocal(id: string): Promise<Readonly<Record<string, unknown>> | undefined>
  /**
   * Local documents never enter the feed. The embedded store throws `conflict` when the given _rev is not the stored one; CouchDB lets the
   * last writer win, so nothing may lie here that two writers change and neither may lose.
   */
  putLocal(id: string, body: Readonly<Record<string, unknown>>): Promise<{ readonly rev: string }>
  /** All leaf revisions after `since`, oldest first. */
  changes(since: string | null, limit: number): Promise<{ readonly changes: readonly Change[]; readonly lastSeq: string }>
  /** Resolves when something may have been written after the last `changes`, or the signal is aborted. */
  waitForChange(signal: AbortSignal): Promise<void>
  /** The winning revision of each id that exists and is not deleted. */
  revisionsOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** The documents that exist, every leaf revision, deleted ones left out. */
  read(ids: readonly string[]): Promise<readonly StoredDocument[]>
  /** Removes the content for good, every revision: withdrawal. What stays is a deleted change, so that a resent copy is not stored again. */
  purge(ids: readonly string[]): Promise<void>
  close(): Promise<void>
}
