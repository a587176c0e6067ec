import { setImmediate } from 'node:timers/promises'
import { stringify } from 'csv-stringify/sync'
import { tableRecords } from '../../indicators/table-file.ts'
import type { WorkingTable } from '../../indicators/working-table.ts'

const linesAtOnce = 1_000

/** A working table as CSV or a JSON list, a thousand lines at a time, so that a table of all areas does not hold the server. */
export async function* tableDownload(table: WorkingTable | undefined, format: 'csv' | 'json'): AsyncGenerator<string> {
  if (table === undefined || table.cells.length === 0) {
    if (format === 'json') yield '[]'
    return
  }
  let columns: string[] | undefined
  for (let at = 0; at < table.cells.length; at += linesAtOnce) {
    const lines = tableRecords({ ...table, cells: table.cells.slice(at, at + linesAtOnce) })
    columns ??= Object.keys(lines[0] ?? {})
    if (format === 'csv') yield stringify([...lines], { header: at === 0, columns, escape_formulas: true })
    else yield `${at === 0 ? '[' : ','}${JSON.stringify(lines).slice(1, -1)}`
    await setImmediate()
  }
  if (format === 'json') yield ']'
}
