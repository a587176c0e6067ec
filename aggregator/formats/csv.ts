import { stringify } from 'csv-stringify/sync'
import type { ProtectedTable } from '../disclosure/protected.ts'
import { columnsOf, recordsOf, type Selection } from './observations.ts'

/** RFC 4180, UTF-8, a header line; a withheld figure is an empty field with OBS_STATUS Q. */
export function toCsv(table: ProtectedTable, selection: Selection = {}): string {
  const columns = columnsOf(table)
  return stringify([columns, ...recordsOf(table, selection).map((record) => columns.map((column) => record[column] ?? ''))], {
    escape_formulas: true,
  })
}
