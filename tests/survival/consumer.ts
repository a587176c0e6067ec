// Ingest of simulated servers: the feed into rows and receipts, position in the same commit. The real one, over DuckDB, runs in the
// survival of processes; this one can be copied, put back, and robbed of its safeguards.
import type { Receipt } from '../../schemas/generated/records.ts'
import type { ReceiptSource } from '../../aggregator/fieldwork/receipt-source.ts'
import { contentHash } from '../../aggregator/inbox/screen.ts'
import type { InboxStore } from '../../aggregator/inbox/store.ts'
import type { Undo } from './undo.ts'

export interface ConsumerState {
  readonly since: string | null
  readonly seen: ReadonlySet<string>
  /** One entry per row that was loaded: id and content hash. */
  readonly rows: readonly { readonly id: string; readonly sha256: string }[]
  readonly receipts: ReadonlyMap<string, Receipt>
  readonly seq: number
  readonly backedUp: number
}

export const emptyWarehouse: ConsumerState = { since: null, seen: new Set(), rows: [], receipts: new Map(), seq: 0, backedUp: 0 }

export class Consumer implements ReceiptSource {
  state: ConsumerState = emptyWarehouse
  private readonly undo: ReadonlySet<Undo>

  constructor(undo: ReadonlySet<Undo>) {
    this.undo = undo
  }

  /** @returns whether there was anything to read. */
  async run(feed: Pick<InboxStore, 'changes'>, limit: number, dies?: 'before-commit' | 'after-commit'): Promise<boolean> {
    const { changes, lastSeq } = await feed.changes(this.state.since, limit)
    const seen = new Set(this.state.seen)
    const rows = [...this.state.rows]
    const receipts = new Map(this.state.receipts)
    let seq = this.state.seq
    for (const { id, rev, deleted, document } of changes) {
      if (deleted || (seen.has(`${id} ${rev}`) && !this.undo.has('rows-are-checked-against-the-ledger'))) continue
      seen.add(`${id} ${rev}`)
      const sha256 = contentHash(document)
      rows.push({ id, sha256 })
      seq += 1
      receipts.set(id, {
        schema: 'receipt/1',
        id,
        sha256: String(document['sha256']),
        status: 'accepted',
        reasons: [],
        seq,
        backedUp: false,
      })
    }
    if (this.undo.has('position-is-committed-with-the-rows')) this.state = { ...this.state, since: lastSeq }
    if (dies === 'before-commit') return true
    this.state = { ...this.state, since: lastSeq, seen, rows, receipts, seq }
    return changes.length > 0
  }

  /** After a backup that was verified. */
  markBackedUp(): void {
    this.state = { ...this.state, backedUp: this.state.seq }
  }

  since(device: string, seq: number, limit: number) {
    const own = [...this.state.receipts.values()].filter((each) => each.id.startsWith(`r:${device}:`) && each.seq > seq)
    return Promise.resolve(
      own
        .toSorted((a, b) => a.seq - b.seq)
        .slice(0, limit)
        .map((each) => this.marked(each)),
    )
  }

  status(_device: string, ids: readonly string[]) {
    const found = ids.flatMap((id) => this.state.receipts.get(id) ?? [])
    return Promise.resolve(new Map(found.map((each) => [each.id, this.marked(each)])))
  }

  private marked(receipt: Receipt): Receipt {
    return { ...receipt, backedUp: this.undo.has('safe-means-backed-up') || receipt.seq <= this.state.backedUp }
  }
}
