import { Float64, Table, tableToIPC, Utf8, vectorFromArray, Dictionary, Int32 } from 'apache-arrow'
import type { ProtectedTable } from '../disclosure/protected.ts'
import { columnsOf, recordsOf, type Selection } from './observations.ts'

const numbers: ReadonlySet<string> = new Set(['OBS_VALUE', 'NUMERATOR', 'DENOMINATOR'])

/** Apache Arrow IPC stream: codes as dictionaries, figures as doubles with nulls where withheld. */
export function toArrow(table: ProtectedTable, selection: Selection = {}): Uint8Array {
  const records = recordsOf(table, selection)
  const columns = columnsOf(table).map((name) => {
    const values = records.map((record) => record[name] ?? null)
    return [
      name,
      numbers.has(name) ? vectorFromArray(values, new Float64()) : vectorFromArray(values, new Dictionary(new Utf8(), new Int32())),
    ] as const
  })
  return tableToIPC(new Table(Object.fromEntries(columns)), 'stream')
}
