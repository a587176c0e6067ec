import { ProblemError } from '../problem.ts'
import { couchClient, type CouchAddress, type CouchClient } from './couch-client.ts'
import type { DocumentStore, DocumentToPut } from './document-store.ts'
import { livingRevisions, tombstoneOf } from './revision.ts'
import type { Change, InboxStore, StoredDocument } from './store.ts'

interface ChangesAnswer {
  readonly results: readonly {
    readonly seq: string | number
    readonly id: string
    readonly changes: readonly { readonly rev: string }[]
    readonly doc?: StoredDocument | null
  }[]
  readonly last_seq: string | number
}
type LeafRow = { readonly ok?: StoredDocument & { readonly _deleted?: boolean } }

/**
 * A database of CouchDB 3.x as the store of gateway and ingest; it is created when absent.
 * @param shards `q`: writers in parallel. Every document keeps as many copies as the cluster's `n`.
 */
export async function openCouchStore(
  address: CouchAddress,
  name: string,
  options: { readonly shards?: number } = {},
): Promise<InboxStore & DocumentStore> {
  const client = couchClient(address)
  const created = await client.send('PUT', `/${name}?q=${options.shards ?? 2}`, undefined, { accept: [201, 202, 412] })
  if (created.status === 412 || created.status < 300) return new CouchStore(client, name)
  throw new ProblemError('storage-unavailable', 'The document database cannot be created; check COUCHDB_URL and its user.')
}

class CouchStore implements InboxStore, DocumentStore {
  private readonly client: CouchClient
  private readonly name: string
  private lastSeen: string | null = null
  private readonly closing = new AbortController()

  constructor(client: CouchClient, name: string) {
    this.client = client
    this.name = name
  }

  async info() {
    const { body } = await this.ask<{ update_seq: string | number; doc_count: number }>('GET', '')
    return { updateSeq: String(body.update_seq), count: body.doc_count }
  }

  async revsDiff(wanted: Readonly<Record<string, readonly string[]>>) {
    if (Object.keys(wanted).length === 0) return {}
    return (await this.ask<Record<string, { missing: string[] }>>('POST', '/_revs_diff', wanted)).body
  }

  async bulkWrite(documents: readonly StoredDocument[]): Promise<void> {
    if (documents.length === 0) return
    const { body } = await this.ask<readonly { error?: string }[]>('POST', '/_bulk_docs', { docs: documents, new_edits: false })
    if (!Array.isArray(body) || body.some((row) => row.error)) throw unavailable('CouchDB refused a document of the batch.')
  }

  async getLocal(id: string) {
    const { status, body } = await this.ask<StoredDocument>('GET', `/_local/${encodeURIComponent(id)}`, undefined, [200, 404])
    return status === 404 ? undefined : body
  }

  async putLocal(id: string, document: Readonly<Record<string, unknown>>) {
    return this.write(`/_local/${encodeURIComponent(id)}`, { ...document, _id: `_local/${id}` })
  }

  async changes(since: string | null, limit: number) {
    const query = `?style=all_docs&include_docs=true&limit=${limit}&since=${encodeURIComponent(since ?? '0')}`
    const { body } = await this.ask<ChangesAnswer>('GET', `/_changes${query}`)
    const changes: Change[] = []
    for (const { id, seq, doc, changes: leaves } of body.results) {
      const rows = leaves.length === 1 && doc ? [{ ok: doc }] : await this.leaves([id])
      for (const { ok } of rows)
        if (ok) changes.push({ seq: String(seq), id, rev: ok._rev, deleted: ok['_deleted'] === true, document: ok })
    }
    this.lastSeen = String(body.last_seq)
    return { changes, lastSeq: this.lastSeen }
  }

  async waitForChange(signal: AbortSignal): Promise<void> {
    const since = this.lastSeen ?? (await this.info()).updateSeq
    const either = AbortSignal.any([signal, this.closing.signal])
    if (either.aborted) return
    const query = `?feed=longpoll&limit=1&timeout=25000&since=${encodeURIComponent(since)}`
    try {
      await this.client.send('GET', `/${this.name}/_changes${query}`, undefined, { accept: [200], signal: either })
    } catch (error) {
      if (!either.aborted) throw error
    }
  }

  async revisionsOf(ids: readonly string[]) {
    if (ids.length === 0) return new Map<string, string>()
    return livingRevisions((await this.ask<{ rows: readonly unknown[] }>('POST', '/_all_docs', { keys: ids })).body.rows)
  }

  async read(ids: readonly string[]) {
    return (await this.leaves(ids)).flatMap(({ ok }) => (ok && ok._deleted !== true ? [ok] : []))
  }

  async purge(ids: readonly string[]): Promise<void> {
    const living = await this.read(ids)
    if (living.length > 0) await this.bulkWrite(living.map(tombstoneOf))
    // The bodies leave CouchDB's files only when they are compacted; also when the purge before this one was killed half-way.
    if (ids.length > 0) await this.ask('POST', '/_compact', {}, [202])
  }

  async get(id: string) {
    const { status, body } = await this.ask<StoredDocument>('GET', `/${encodeURIComponent(id)}`, undefined, [200, 404])
    return status === 404 ? undefined : body
  }

  put(document: DocumentToPut) {
    return this.write(`/${encodeURIComponent(document._id)}`, document)
  }

  async list(prefix: string, { after, limit = 1000 }: { readonly after?: string; readonly limit?: number } = {}) {
    const keys = { start_key: after === undefined ? prefix : `${after}\u0000`, end_key: `${prefix}\uffff` }
    const { body } = await this.ask<{ rows: readonly { doc?: StoredDocument | null }[] }>('POST', '/_all_docs', {
      ...keys,
      limit,
      include_docs: true,
    })
    return body.rows.flatMap(({ doc }) => (doc ? [doc] : []))
  }

  async bulkGet(wanted: readonly { readonly id: string; readonly rev?: string }[]) {
    if (wanted.length === 0) return []
    const { body } = await this.ask<{ results: readonly { docs: readonly LeafRow[] }[] }>('POST', '/_bulk_get?revs=true', { docs: wanted })
    return body.results.map(({ docs }) => docs.find(({ ok }) => ok)?.ok)
  }

  async close(): Promise<void> {
    this.closing.abort()
  }

  private async leaves(ids: readonly string[]): Promise<readonly LeafRow[]> {
    if (ids.length === 0) return []
    const { body } = await this.ask<{ results: readonly { docs: readonly LeafRow[] }[] }>('POST', '/_bulk_get', {
      docs: ids.map((id) => ({ id })),
    })
    return body.results.flatMap(({ docs }) => docs)
  }

  private async write(path: string, document: Readonly<Record<string, unknown>>) {
    const { status, body } = await this.ask<{ rev: string }>('PUT', path, document, [200, 201, 202, 409])
    if (status === 409) throw new ProblemError('conflict', 'It was changed by somebody else; read it again and repeat.')
    return { rev: body.rev }
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows what CouchDB answers to its request
  private ask<T>(method: string, path: string, body?: unknown, accept: readonly number[] = [200, 201, 202]) {
    return this.client.send<T>(method, `/${this.name}${path}`, body, { accept })
  }
}

const unavailable = (detail: string) => new ProblemError('storage-unavailable', detail)
