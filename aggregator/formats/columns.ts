import type { ProtectedTable } from '../disclosure/protected.ts'
import { columnsOf, recordsOf, type Selection } from './observations.ts'

/** A column of a file for statistical programs: text in UTF-8, or numbers with null where there is none. */
export type FileColumn =
  | { readonly name: string; readonly label: string; readonly kind: 'text'; readonly bytes: number; readonly values: readonly Buffer[] }
  | { readonly name: string; readonly label: string; readonly kind: 'number'; readonly values: readonly (number | null)[] }

const figures: ReadonlySet<string> = new Set(['OBS_VALUE', 'NUMERATOR', 'DENOMINATOR'])

/** What the columns mean, as these programs show it beside the name. */
const meanings: Readonly<Record<string, string>> = {
  INDICATOR: 'Indicator',
  TIME_PERIOD: 'Round',
  OBS_VALUE: 'Figure; missing when withheld',
  NUMERATOR: 'Counted (rounded)',
  DENOMINATOR: 'Among (rounded)',
  UNIT_MEASURE: 'Unit',
  OBS_STATUS: 'A normal, U few people, Q withheld, M cannot exist',
  CONF_STATUS: 'F free, C confidential',
}

/** Every text column is as wide as its longest value, at least one byte and at most the 255 that all readers take. */
export function fileColumns(table: ProtectedTable, selection: Selection): readonly FileColumn[] {
  const records = recordsOf(table, selection)
  return columnsOf(table).map((name) => {
    const label = meanings[name] ?? name
    if (figures.has(name)) return { name, label, kind: 'number', values: records.map((record) => numeric(record[name])) }
    const values = records.map((record) => Buffer.from(String(record[name] ?? '')).subarray(0, 255))
    return { name, label, kind: 'text', bytes: Math.max(1, ...values.map(({ length }) => length)), values }
  })
}

function numeric(value: string | number | null | undefined): number | null {
  return typeof value === 'number' ? value : null
}

/** Text in a field of a fixed number of bytes. */
export function fixed(text: string | Buffer, bytes: number, fill = 0): Buffer {
  const field = Buffer.alloc(bytes, fill)
  Buffer.from(text).copy(field, 0, 0, bytes)
  return field
}
