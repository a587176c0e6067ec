import { deviceDay, tallied, type Tallies, type Tally } from '../inbox/reconcile.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'

export async function withdrawnRecords(warehouse: Pick<Warehouse, 'read'>): Promise<ReadonlySet<string>> {
  const rows = await warehouse.read(async (connection) =>
    (await connection.runAndReadAll(`select record_id from ledger where status = 'withdrawn'`)).getRows(),
  )
  return new Set(rows.map(([id]) => String(id)))
}

/** The ledger as the inbox is tallied, without what was withdrawn or was taken out of the inbox on purpose. */
export async function tallyLedger(warehouse: Pick<Warehouse, 'read'>, removed: ReadonlySet<string>): Promise<Tallies> {
  const tallies = new Map<string, Tally>()
  await warehouse.read(async (connection) => {
    const result = await connection.stream(`select record_id, sha256 from ledger where status <> 'withdrawn'`)
    for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk())
      for (const [id, sha256] of chunk.getRows())
        if (!removed.has(String(id))) tallies.set(deviceDay(String(id)), tallied(tallies.get(deviceDay(String(id))), String(sha256)))
  })
  return tallies
}
