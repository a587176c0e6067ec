import { ProblemError } from '../problem.ts'
import type { DocumentStore, DocumentToPut } from './document-store.ts'
import { livingLeaf, tombstoneOf, type RevisionTree } from './revision.ts'
import type { Change, InboxStore, StoredDocument } from './store.ts'

type Database = PouchDB.Database
type LeafRow = { readonly ok?: StoredDocument & { readonly _deleted?: boolean } }

/** What the files below a PouchDB database are asked for directly. */
export interface StoreFiles {
  /** Of the given ids, those that may be stored, deleted or not. */
  everStored(ids: readonly string[]): Promise<readonly string[]>
  /** Takes what was deleted out of the files. */
  forgetDeleted(): Promise<void>
}

/** A PouchDB database as the store of gateway and ingest. The adapter below it decides how durable a write is. */
export function pouchStore(database: PouchDB.Database, files: StoreFiles = inMemory): InboxStore & DocumentStore {
  return new PouchStore(database, files)
}

const inMemory: StoreFiles = { everStored: (ids) => Promise.resolve(ids), forgetDeleted: () => Promise.resolve() }

class PouchStore implements InboxStore, DocumentStore {
  private readonly database: Database
  private readonly files: StoreFiles
  private writes = 0
  private seenWrites = 0
  private readonly waiting = new Set<() => void>()
  private readonly locals = new Map<string, StoredDocument>()

  constructor(database: Database, files: StoreFiles) {
    this.database = database
    this.files = files
  }

  async info() {
    const { update_seq, doc_count } = await guarded(this.database.info())
    return { updateSeq: String(update_seq), count: doc_count }
  }

  async revsDiff(wanted: Readonly<Record<string, readonly string[]>>) {
    const stored = new Set(await this.everStored(Object.keys(wanted)))
    const asked = Object.entries(wanted)
    const missing = asked.filter(([id]) => !stored.has(id)).map(([id, revisions]) => [id, { missing: revisions }] as const)
    if (stored.size === 0) return Object.fromEntries(missing)
    const known = await guarded(this.database.revsDiff(Object.fromEntries(asked.filter(([id]) => stored.has(id)))))
    return { ...Object.fromEntries(missing), ...known }
  }

  async bulkWrite(documents: readonly StoredDocument[]): Promise<void> {
    if (documents.length === 0) return
    const rows = await guarded(this.database.bulkDocs(documents, { new_edits: false }))
    if (rows.some((row) => 'error' in row && row.error)) throw unavailable(new Error('bulkDocs refused a document'))
    this.wrote()
  }

  // Nobody else has an embedded store open, so what was written last is what is there.
  async getLocal(id: string) {
    const known = this.locals.get(id)
    if (known) return known
    const found = await absentIfMissing(this.database.get(`_local/${id}`) as Promise<StoredDocument>)
    if (found) this.remember(id, found)
    return found
  }

  async putLocal(id: string, body: Readonly<Record<string, unknown>>) {
    this.locals.delete(id)
    const { rev } = await guarded(this.database.put({ ...body, _id: `_local/${id}` }))
    this.remember(id, { ...body, _id: `_local/${id}`, _rev: rev })
    return { rev }
  }

  private remember(id: string, local: StoredDocument): void {
    if (this.locals.size >= 1000) this.locals.clear()
    this.locals.set(id, local)
  }

  async changes(since: string | null, limit: number) {
    const seen = this.writes
    const start = since === null ? 0 : Number(since)
    const feed = await guarded(this.database.changes({ since: start, limit, include_docs: true, style: 'all_docs', return_docs: true }))
    const changes: Change[] = []
    for (const { id, seq, doc, changes: leaves } of feed.results) {
      const rows = leaves.length === 1 && doc ? [{ ok: doc as StoredDocument }] : await this.leaves(id)
      for (const { ok } of rows)
        if (ok) changes.push({ seq: String(seq), id, rev: ok._rev, deleted: ok['_deleted'] === true, document: ok })
    }
    this.seenWrites = seen
    return { changes, lastSeq: String(feed.last_seq) }
  }

  waitForChange(signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.writes !== this.seenWrites) return Promise.resolve()
    return new Promise((resolve) => {
      const wake = () => {
        this.waiting.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.waiting.add(wake)
      signal.addEventListener('abort', wake)
    })
  }

  async revisionsOf(ids: readonly string[]) {
    const stored = await this.everStored(ids)
    const found = await Promise.all(stored.map(async (id) => [id, livingLeaf(await this.revisionTree(id))] as const))
    return new Map(found.flatMap(([id, rev]) => (rev === undefined ? [] : [[id, rev] as const])))
  }

  async read(ids: readonly string[]) {
    const rows = await Promise.all(ids.map((id) => this.leaves(id)))
    return rows.flat().flatMap(({ ok }) => (ok && ok._deleted !== true ? [ok] : []))
  }

  async purge(ids: readonly string[]): Promise<void> {
    const living = await this.read(ids)
    if (living.length > 0) {
      await guarded(this.database.bulkDocs(living.map(tombstoneOf), { new_edits: false }))
      for (const id of new Set(living.map(({ _id }) => _id))) await guarded(this.database.compactDocument(id, 0))
      this.wrote()
    }
    // Also when all were gone already: the purge before this one may have been killed half-way.
    if (ids.length > 0) await guarded(this.files.forgetDeleted())
  }

  get(id: string) {
    return absentIfMissing(this.database.get(id) as Promise<StoredDocument>)
  }

  async put(document: DocumentToPut) {
    const { rev } = await guarded(this.database.put(document))
    this.wrote()
    return { rev }
  }

  async list(prefix: string, { after, limit = 1000 }: { readonly after?: string; readonly limit?: number } = {}) {
    const startkey = after === undefined ? prefix : `${after}\u0000`
    const { rows } = await guarded(this.database.allDocs({ startkey, endkey: `${prefix}\uffff`, limit, include_docs: true }))
    return rows.flatMap((row) => ('doc' in row && row.doc ? [row.doc as StoredDocument] : []))
  }

  async bulkGet(wanted: readonly { readonly id: string; readonly rev?: string }[]) {
    const one = ({ id, rev }: { readonly id: string; readonly rev?: string }) =>
      absentIfMissing(this.database.get(id, { revs: true, ...(rev === undefined ? {} : { rev }) }) as Promise<StoredDocument>)
    return Promise.all(wanted.map(one))
  }

  async close(): Promise<void> {
    for (const wake of this.waiting) wake()
    await this.database.close()
  }

  private async leaves(id: string): Promise<readonly LeafRow[]> {
    const rows = await absentIfMissing(this.database.get(id, { open_revs: 'all' }) as Promise<readonly LeafRow[]>)
    return rows ?? []
  }

  /** Records that a phone pushes are nearly always new: PouchDB is asked about the others only. */
  private everStored(ids: readonly string[]): Promise<readonly string[]> {
    return guarded(this.files.everStored(ids))
  }

  // One look-up by key; `allDocs({ keys })` opens an iterator for each and made a push five times slower.
  private revisionTree(id: string): Promise<RevisionTree> {
    return new Promise((resolve, reject) => {
      this.database._getRevisionTree(id, (error, tree) => {
        if (tree) resolve(tree)
        else if (statusOf(error) === 404) resolve([])
        else reject(unavailable(error))
      })
    })
  }

  private wrote(): void {
    this.writes += 1
    for (const wake of this.waiting) wake()
  }
}

const statusOf = (error: unknown) => (error as { status?: unknown } | null)?.status

async function absentIfMissing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found
  } catch (error) {
    if (statusOf(error) === 404) return undefined
    throw unavailable(error)
  }
}

async function guarded<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (statusOf(error) === 409) {
      throw new ProblemError('conflict', 'It was changed by somebody else; read it again and repeat.', {}, { cause: error })
    }
    throw unavailable(error)
  }
}

const unavailable = (cause: unknown) =>
  new ProblemError('storage-unavailable', 'The document store does not answer; send again later.', {}, { cause })
