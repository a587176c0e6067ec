import { type DuckDBConnection, listValue } from '@duckdb/node-api'
import type { Receipt } from '../../schemas/generated/records.ts'
import type { ReceiptSource } from '../fieldwork/receipt-source.ts'
import { appendRows } from './table-writer.ts'
import type { Warehouse } from './warehouse.ts'

const columns = `seq::double, record_id, sha256, status, reasons, seq <= (select coalesce(max(backed_up), 0) from checkpoint)`

/** The receipts that phones ask for, from the tables they were committed to together with the rows. */
export function receiptSource(warehouse: Pick<Warehouse, 'read'>): ReceiptSource {
  return {
    since: (device, seq, limit) =>
      warehouse.read(async (connection) => {
        const result = await connection.runAndReadAll(
          `select ${columns} from receipt where device = $device and seq > $seq order by seq limit $limit`,
          { device, seq, limit },
        )
        return result.getRows().map(asReceipt)
      }),
    status: (device, ids) =>
      warehouse.read(async (connection) => {
        if (ids.length === 0) return new Map()
        const result = await connection.runAndReadAll(
          `select ${columns} from receipt where device = $device and record_id in (select unnest($ids::varchar[])) order by seq`,
          { device, ids: listValue([...ids]) },
        )
        // The last one wins: rows come in rising order.
        return new Map(
          result
            .getRows()
            .map(asReceipt)
            .map((receipt) => [receipt.id, receipt]),
        )
      }),
  }
}

function asReceipt([seq, id, sha256, status, reasons, backedUp]: readonly unknown[]): Receipt {
  return {
    schema: 'receipt/1',
    id: String(id),
    sha256: String(sha256),
    status: status as Receipt['status'],
    reasons: JSON.parse(String(reasons)) as Receipt['reasons'],
    seq: Number(seq),
    backedUp: backedUp === true,
  }
}

/** After a verified backup: every receipt up to `seq` now says that the phone may let go. */
export async function markBackedUp(connection: DuckDBConnection, seq: number): Promise<void> {
  await connection.run('update checkpoint set backed_up = $seq where backed_up < $seq', { seq })
}

export async function lastReceipt(connection: DuckDBConnection): Promise<number> {
  const result = await connection.runAndReadAll('select coalesce(max(seq), 0)::double from receipt')
  return Number(result.getRows()[0]?.[0] ?? 0)
}

/** A further receipt of a record, with the next number. */
export async function appendReceipt(
  connection: DuckDBConnection,
  { id, device, sha256, status, reasons }: Pick<Receipt, 'id' | 'sha256' | 'status' | 'reasons'> & { readonly device: string },
): Promise<void> {
  const result = await connection.runAndReadAll('select coalesce(max(receipts), 0)::double from checkpoint')
  const seq = Number(result.getRows()[0]?.[0] ?? 0) + 1
  await appendRows(connection, 'receipt', [[seq, id, device, sha256, status, JSON.stringify(reasons)]])
  await connection.run('update checkpoint set receipts = $seq', { seq })
}
