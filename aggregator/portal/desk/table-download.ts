import { stringify } from 'csv-stringify/sync'
import type { ColumnTable } from '../../indicators/column-table.ts'
import { inSlices } from '../../indicators/layers.ts'
import { tableRecords } from '../../indicators/table-file.ts'
import { tableJson } from '../../indicators/table-json.ts'

const linesAtOnce = 250

/** A working table as CSV or JSON, in as many parts as it takes to let others in between, so that a table of all areas does not hold the server. */
export async function* tableDownload(table: ColumnTable | undefined, format: 'csv' | 'json'): AsyncGenerator<string> {
  if (table === undefined) return
  const rest = inSlices()
  let text = ''
  for (const piece of format === 'csv' ? tableCsv(table) : tableJson(table)) {
    text += piece
    const turn = rest()
    if (!turn) continue
    yield text
    text = ''
    await turn
  }
  yield text
}

function* tableCsv(table: ColumnTable): Generator<string> {
  let columns: string[] | undefined
  for (let first = 0; first < table.rows; first += linesAtOnce) {
    const lines = tableRecords(table, first, first + linesAtOnce)
    columns ??= Object.keys(lines[0] ?? {})
    yield stringify([...lines], { header: first === 0, columns, escape_formulas: true })
  }
}
