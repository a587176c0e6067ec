import writeExcelFile from 'write-excel-file/node'
import type { ProtectedTable } from '../disclosure/protected.ts'
import { columnsOf, recordsOf, type Selection } from './observations.ts'

/** One sheet with the records, one that says where they come from. Numbers are numbers; a withheld figure is an empty cell with OBS_STATUS Q. */
export async function toXlsx(table: ProtectedTable, selection: Selection, facts: { readonly title: string }): Promise<Uint8Array> {
  const columns = columnsOf(table)
  const head = columns.map((value) => ({ value, fontWeight: 'bold' as const }))
  const rows = recordsOf(table, selection).map((record) => columns.map((column) => record[column] ?? null))
  const about = [
    ['Title', facts.title],
    ['Release', table.release],
    ['Table', table.id],
    ['Unit', table.unit],
    ['Smallest group shown', table.rule.minimum],
    ['Empty figure with OBS_STATUS Q', 'withheld to protect people; it is not zero'],
  ]
  const buffer = await writeExcelFile([
    { data: [head, ...rows], sheet: 'data', stickyRowsCount: 1 },
    { data: about, sheet: 'about' },
  ]).toBuffer()
  return new Uint8Array(buffer)
}
