import { readFile } from 'node:fs/promises'
import type { Warehouse } from './warehouse.ts'

export interface RecordCount {
  /** accepted, held, quarantined or withdrawn */
  readonly status: string
  readonly records: number
}

/** How many records are in which state, for the office page and reports. */
export async function countRecords(warehouse: Pick<Warehouse, 'read'>): Promise<readonly RecordCount[]> {
  const sql = await readFile(new URL('./sql/count-records.sql', import.meta.url), 'utf8')
  return warehouse.read(async (connection) => {
    const reader = await connection.runAndReadAll(sql)
    return reader.getRowObjectsJS() as unknown as RecordCount[]
  })
}
