import type { AuditChain } from '../custody/audit-chain.ts'
import type { KeyProvider } from '../custody/keys.ts'
import { createMarks } from '../custody/marks.ts'
import type { InboxStore } from '../inbox/store.ts'
import { type Erasure, finishErasures, pendingErasures } from '../warehouse/erase.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'

/** Every place where something of an interview may lie. */
export interface ErasurePlaces {
  readonly warehouse: Warehouse
  readonly inbox: InboxStore
  readonly quarantine: InboxStore
  readonly keys: KeyProvider
  readonly audit: Pick<AuditChain, 'append'>
  readonly clock: () => Date
  /** Working tables and caches forget these records. */
  readonly onErased?: (records: readonly string[]) => void
}

/**
 * Removes what the warehouse has let go of from the document stores, rewrites the warehouse file, and says so in the audit chain: per record,
 * and per code on a slip with the time each place was cleaned, which is the proof of who holds the code.
 * Goes on after a crash at any point: the list is emptied last.
 * @returns how many records were erased.
 */
export async function finishWithdrawals({ warehouse, inbox, quarantine, keys, audit, clock, onErased }: ErasurePlaces): Promise<number> {
  const erasures = await warehouse.read(pendingErasures)
  if (erasures.length === 0) return 0
  const ids = erasures.map(({ id }) => id)
  const cleaned: Record<string, string> = {}
  const clean = async (place: string, work: () => unknown) => {
    await work()
    cleaned[place] = clock().toISOString()
  }
  await clean('inbox', () => inbox.purge(ids))
  await clean('quarantine', () => quarantine.purge(ids))
  await clean('file', () => warehouse.rewrite())
  await clean('tables', () => onErased?.(ids))
  const marks = createMarks(keys)
  for (const id of ids) await audit.append({ actor: 'aggregator', action: 'withdrawal.erased', subject: marks.ofRecord(id) })
  for (const [code, { records, asked }] of byCode(erasures))
    await audit.append({ actor: 'aggregator', action: 'withdrawal.done', subject: code, facts: { records, warehouse: asked, ...cleaned } })
  await warehouse.write((connection) => finishErasures(connection, ids))
  return ids.length
}

/** Versions of an interview share its code; their rows left the warehouse together. */
function byCode(erasures: readonly Erasure[]): ReadonlyMap<string, { readonly records: number; readonly asked: string }> {
  const found = new Map<string, { readonly records: number; readonly asked: string }>()
  for (const { code, asked } of erasures) if (code !== null) found.set(code, { records: (found.get(code)?.records ?? 0) + 1, asked })
  return found
}
