// The document store of simulated servers: fast, can be copied and put back like a backup, and dies when told to. The contract suite of
// the real stores holds it to the same behaviour.
import { createHash } from 'node:crypto'
import type { DocumentStore, DocumentToPut } from '../../aggregator/inbox/document-store.ts'
import { partsOf, tombstoneOf } from '../../aggregator/inbox/revision.ts'
import type { Change, InboxStore, StoredDocument } from '../../aggregator/inbox/store.ts'
import { ProblemError } from '../../aggregator/problem.ts'

interface Kept {
  /** JSON of each leaf by revision. */
  readonly leaves: Map<string, string>
  readonly known: Set<string>
  seq: number
}
export interface StoreCopy {
  readonly documents: readonly (readonly [
    string,
    { leaves: readonly (readonly [string, string])[]; known: readonly string[]; seq: number },
  ])[]
  readonly local: readonly (readonly [string, string])[]
  readonly seq: number
}

export class ModelStore implements InboxStore, DocumentStore {
  private documents = new Map<string, Kept>()
  private local = new Map<string, string>()
  private seq = 0
  private waiting = new Set<() => void>()
  private seen = -1
  /** Called around each write; throwing is dying. */
  onWrite: (moment: 'before' | 'after') => void = () => {}

  copy(): StoreCopy {
    const documents = [...this.documents].map(
      ([id, { leaves, known, seq }]) => [id, { leaves: [...leaves], known: [...known], seq }] as const,
    )
    return { documents, local: [...this.local], seq: this.seq }
  }

  putBack({ documents, local, seq }: StoreCopy): void {
    this.documents = new Map(
      documents.map(([id, each]) => [id, { leaves: new Map(each.leaves), known: new Set(each.known), seq: each.seq }]),
    )
    this.local = new Map(local)
    this.seq = seq
    this.seen = -1
  }

  /** Every byte of it, to look for what must not be there. */
  bytes(): string {
    return [...this.documents.values()].flatMap(({ leaves }) => [...leaves.values()]).join('\n') + [...this.local.values()].join('\n')
  }

  async info() {
    return { updateSeq: String(this.seq), count: [...this.documents.keys()].filter((id) => this.winner(id)).length }
  }

  async revsDiff(wanted: Readonly<Record<string, readonly string[]>>) {
    const missing = Object.entries(wanted).map(
      ([id, revs]) => [id, { missing: revs.filter((rev) => !this.documents.get(id)?.known.has(rev)) }] as const,
    )
    return Object.fromEntries(missing.filter(([, each]) => each.missing.length > 0))
  }

  async bulkWrite(documents: readonly StoredDocument[]) {
    this.onWrite('before')
    for (const each of documents) this.store(each)
    this.onWrite('after')
  }

  async getLocal(id: string) {
    const found = this.local.get(id)
    return found === undefined ? undefined : (JSON.parse(found) as StoredDocument)
  }

  async putLocal(id: string, body: Readonly<Record<string, unknown>>) {
    const before = await this.getLocal(id)
    if (before?._rev !== body['_rev']) throw conflict()
    this.onWrite('before')
    const rev = `0-${before ? Number(partsOf(before._rev).hash) + 1 : 1}`
    this.local.set(id, JSON.stringify({ ...body, _id: `_local/${id}`, _rev: rev }))
    this.onWrite('after')
    return { rev }
  }

  async changes(since: string | null, limit: number) {
    const after = Number(since ?? 0)
    const later = [...this.documents].filter(([, { seq }]) => seq > after).toSorted(([, a], [, b]) => a.seq - b.seq)
    const page = later.slice(0, limit)
    this.seen = this.seq
    const changes = page.flatMap(([id, { leaves, seq }]) => [...leaves].map(([rev, text]) => asChange(id, rev, seq, text)))
    return { changes, lastSeq: String(page.at(-1)?.[1].seq ?? Math.max(after, this.seq)) }
  }

  waitForChange(signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.seq !== this.seen) return Promise.resolve()
    return new Promise((resolve) => {
      const wake = () => {
        this.waiting.delete(wake)
        resolve()
      }
      this.waiting.add(wake)
      signal.addEventListener('abort', wake)
    })
  }

  async revisionsOf(ids: readonly string[]) {
    return new Map(ids.flatMap((id) => this.winner(id) ?? []).map(({ _id, _rev }) => [_id, _rev]))
  }

  async read(ids: readonly string[]) {
    return ids.flatMap((id) => this.living(id))
  }

  async purge(ids: readonly string[]) {
    const tombstones = ids.flatMap((id) => this.living(id)).map(tombstoneOf)
    for (const each of tombstones) this.store(each)
  }

  async get(id: string) {
    const winner = this.winner(id)
    if (!winner) return undefined
    const { _revisions: _history, ...document } = winner
    return document as StoredDocument
  }

  async put(document: DocumentToPut) {
    const before = this.winner(document._id)
    if (before?._rev !== document._rev) throw conflict()
    this.onWrite('before')
    const generation = before ? partsOf(before._rev).generation + 1 : 1
    const text = JSON.stringify(document)
    const hash = createHash('md5').update(text).digest('hex')
    const ids = [hash, ...(before ? [partsOf(before._rev).hash] : [])]
    this.store({ ...document, _rev: `${generation}-${hash}`, _revisions: { start: generation, ids } })
    this.onWrite('after')
    return { rev: `${generation}-${hash}` }
  }

  async list(prefix: string, { after = '', limit = 1000 }: { readonly after?: string; readonly limit?: number } = {}) {
    const ids = [...this.documents.keys()].filter((id) => id.startsWith(prefix) && id > after && this.winner(id)).toSorted()
    return (await Promise.all(ids.slice(0, limit).map((id) => this.get(id)))).flatMap((each) => each ?? [])
  }

  async bulkGet(wanted: readonly { readonly id: string; readonly rev?: string }[]) {
    return wanted.map(({ id, rev }) => this.living(id).find((each) => rev === undefined || each._rev === rev))
  }

  async close() {
    for (const wake of this.waiting) wake()
  }

  private store(document: StoredDocument): void {
    const kept = this.documents.get(document._id) ?? { leaves: new Map<string, string>(), known: new Set<string>(), seq: 0 }
    if (kept.known.has(document._rev)) return
    const { generation } = partsOf(document._rev)
    const history = document['_revisions'] as { ids: readonly string[] } | undefined
    const parent = history?.ids[1] === undefined ? undefined : `${generation - 1}-${history.ids[1]}`
    if (parent !== undefined) kept.leaves.delete(parent)
    kept.leaves.set(
      document._rev,
      JSON.stringify({ ...document, _revisions: history ?? { start: generation, ids: [partsOf(document._rev).hash] } }),
    )
    kept.known.add(document._rev)
    this.seq += 1
    kept.seq = this.seq
    this.documents.set(document._id, kept)
    for (const wake of this.waiting) wake()
  }

  private living(id: string): readonly StoredDocument[] {
    const all = [...(this.documents.get(id)?.leaves.values() ?? [])].map(
      (text) => JSON.parse(text) as StoredDocument & { _deleted?: boolean },
    )
    return all.filter(({ _deleted }) => _deleted !== true)
  }

  private winner(id: string): StoredDocument | undefined {
    return this.living(id).toSorted((a, b) => (a._rev < b._rev ? 1 : -1))[0]
  }
}

function asChange(id: string, rev: string, seq: number, text: string): Change {
  const document = JSON.parse(text) as StoredDocument
  return { seq: String(seq), id, rev, deleted: document['_deleted'] === true, document }
}

const conflict = () => new ProblemError('conflict', 'Read it again and repeat.')
