import type { AuditChain } from '../custody/audit-chain.ts'
import type { KeyProvider } from '../custody/keys.ts'
import { createMarks } from '../custody/marks.ts'
import type { InboxStore } from '../inbox/store.ts'
import { finishErasures, pendingErasures } from '../warehouse/erase.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'

/** Every place where something of an interview may lie. */
export interface ErasurePlaces {
  readonly warehouse: Warehouse
  readonly inbox: InboxStore
  readonly quarantine: InboxStore
  readonly keys: KeyProvider
  readonly audit: Pick<AuditChain, 'append'>
  /** Working tables and caches forget these records. */
  readonly onErased?: (records: readonly string[]) => void
}

/**
 * Removes what the warehouse has let go of from the document stores, rewrites the warehouse file, and says so in the audit chain.
 * Goes on after a crash at any point: the list is emptied last.
 * @returns how many records were erased.
 */
export async function finishWithdrawals({ warehouse, inbox, quarantine, keys, audit, onErased }: ErasurePlaces): Promise<number> {
  const ids = await warehouse.read(pendingErasures)
  if (ids.length === 0) return 0
  const marks = createMarks(keys)
  await inbox.purge(ids)
  await quarantine.purge(ids)
  await warehouse.rewrite()
  onErased?.(ids)
  for (const id of ids) await audit.append({ actor: 'aggregator', action: 'withdrawal.erased', subject: marks.ofRecord(id) })
  await warehouse.write((connection) => finishErasures(connection, ids))
  return ids.length
}
