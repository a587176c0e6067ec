import { join } from 'node:path'
import { openWarehouse } from '../../aggregator/warehouse/open-warehouse.ts'

/** How often each record stands in each of these tables; the server must have ended. */
export async function countInWarehouse<Table extends string>(
  folder: string,
  tables: readonly Table[],
): Promise<Readonly<Record<Table, ReadonlyMap<string, number>>>> {
  const warehouse = await openWarehouse(join(folder, 'warehouse', 'tala.duckdb'))
  try {
    const counted: [string, ReadonlyMap<string, number>][] = []
    for (const table of tables) {
      const rows = await warehouse.read(async (connection) =>
        (await connection.runAndReadAll(`select record_id, count(*)::integer from ${table} group by record_id`)).getRows(),
      )
      counted.push([table, new Map(rows.map(([id, count]) => [String(id), Number(count)]))])
    }
    return Object.fromEntries(counted) as Record<Table, ReadonlyMap<string, number>>
  } finally {
    await warehouse.close()
  }
}
