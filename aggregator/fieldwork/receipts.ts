import type { Receipt } from '../../schemas/generated/records.ts'
import type { QuarantinedRecord } from '../inbox/quarantine.ts'
import { isOwnId } from '../inbox/screen.ts'
import type { InboxStore } from '../inbox/store.ts'
import type { ReceiptSource } from './receipt-source.ts'

export interface ReceiptsDependencies {
  readonly receipts: ReceiptSource
  readonly inbox: InboxStore
  readonly quarantine: InboxStore
}

export interface Unreceipted {
  readonly id: string
  /** At least the first 16 hex digits. */
  readonly sha256: string
}

export interface ReceiptsAnswer {
  readonly receipts: readonly Receipt[]
  /** Records that this server never saw, or lost, or has with other content: the phone sends them again. */
  readonly resend: readonly string[]
  /** To pass back as `since`. */
  readonly next: number
}

const page = 500

/**
 * Tells a phone the truth about its records, whatever a proxy, a checkpoint or an earlier answer said.
 * What the phone has no final receipt for is looked up by itself, so that the answer is right even when `since` is from before a restore.
 */
export async function answerReceipts(
  { receipts, inbox, quarantine }: ReceiptsDependencies,
  device: string,
  since: number,
  unreceipted: readonly Unreceipted[],
): Promise<ReceiptsAnswer> {
  const own = unreceipted.filter(({ id }) => isOwnId(id, device))
  const fresh = await receipts.since(device, since, page)
  const known = await receipts.status(
    device,
    own.map(({ id }) => id),
  )
  const waiting = own.filter(({ id }) => !known.has(id))
  const stored = await hashesOf(inbox, waiting)
  const kept = await quarantinedOf(
    quarantine,
    waiting.filter(({ id }) => !stored.has(id)),
  )
  const lost = ({ id, sha256 }: Unreceipted) => !isOf(known.get(id)?.sha256 ?? stored.get(id) ?? kept.get(id)?.sha256, sha256)
  const answered = new Map(fresh.map((each) => [each.id, each]))
  for (const { id, sha256 } of own) {
    const receipt = known.get(id) ?? heldReceipt(kept.get(id))
    // A receipt for other content says nothing about what this phone holds.
    if (receipt && (isOf(receipt.sha256, sha256) || receipt.status === 'withdrawn')) answered.set(id, receipt)
  }
  const next = fresh.at(-1)?.seq ?? since
  return {
    receipts: [...answered.values()].toSorted((a, b) => a.seq - b.seq),
    resend: own
      .filter(lost)
      .filter(({ id }) => known.get(id)?.status !== 'withdrawn')
      .map(({ id }) => id),
    next,
  }
}

const isOf = (stored: unknown, asked: string) => typeof stored === 'string' && stored.startsWith(asked)

async function hashesOf(inbox: InboxStore, wanted: readonly Unreceipted[]): Promise<ReadonlyMap<string, unknown>> {
  const found = await inbox.read(wanted.map(({ id }) => id))
  return new Map(found.map(({ _id, ...rest }) => [_id, rest['sha256']]))
}

async function quarantinedOf(quarantine: InboxStore, wanted: readonly Unreceipted[]): Promise<ReadonlyMap<string, QuarantinedRecord>> {
  const found = (await quarantine.read(wanted.map(({ id }) => id))) as readonly QuarantinedRecord[]
  return new Map(found.map((each) => [each._id, each]))
}

/** Ingest never sees a quarantined record, so its receipt is made here. It has no place in the order of receipts. */
function heldReceipt(record: QuarantinedRecord | undefined): Receipt | undefined {
  if (!record) return undefined
  const { _id, sha256, reasons } = record
  return { schema: 'receipt/1', id: _id, sha256, status: 'held', reasons: [...reasons], seq: 0, backedUp: false }
}
