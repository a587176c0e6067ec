import type { ProtectedTable } from '../disclosure/protected.ts'
import { type FileColumn, fileColumns, fixed } from './columns.ts'
import type { Selection } from './observations.ts'

const space = 0x20
/** SPSS's system-missing value. */
const sysmis = -Number.MAX_VALUE
const eights = (bytes: number) => Math.ceil(bytes / 8)
const i32 = (...values: readonly number[]) => {
  const bytes = Buffer.alloc(4 * values.length)
  values.forEach((value, index) => bytes.writeInt32LE(value, 4 * index))
  return bytes
}
const f64 = (...values: readonly number[]) => {
  const bytes = Buffer.alloc(8 * values.length)
  values.forEach((value, index) => bytes.writeDoubleLE(value, 8 * index))
  return bytes
}

/**
 * SPSS .sav (system file, UTF-8, not compressed): codes as strings, figures as numbers, a withheld figure is system-missing.
 * @source GNU PSPP developers' guide, System File Format
 */
export function toSav(table: ProtectedTable, selection: Selection, facts: { readonly title: string; readonly day: string }): Buffer {
  const columns = fileColumns(table, selection)
  const rows = columns[0]?.values.length ?? 0
  return Buffer.concat([
    header(columns, rows, facts),
    ...columns.map(variable),
    ...information(columns),
    i32(999, 0),
    ...Array.from({ length: rows }, (_, row) => Buffer.concat(columns.map((column) => valueOf(column, row)))),
  ])
}

function header(columns: readonly FileColumn[], rows: number, { title, day }: { readonly title: string; readonly day: string }): Buffer {
  const caseSize = columns.reduce((sum, column) => sum + (column.kind === 'number' ? 1 : eights(column.bytes)), 0)
  return Buffer.concat([
    fixed('$FL2@(#) SPSS DATA FILE Tala', 64, space),
    i32(2, caseSize, 0, 0, rows),
    f64(100),
    fixed(dayOf(day), 9, space),
    fixed('00:00:00', 8, space),
    fixed(Buffer.from(title).subarray(0, 64), 64, space),
    Buffer.alloc(3),
  ])
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const dayOf = (day: string) => `${day.slice(8, 10)} ${months[Number(day.slice(5, 7)) - 1] ?? 'Jan'} ${day.slice(2, 4)}`

/** Names of eight letters that are unique; the real names stand in a record of their own. */
const shortName = (index: number) => `V${String(index + 1).padStart(5, '0')}`

function variable(column: FileColumn, index: number): Buffer {
  const label = Buffer.from(column.label).subarray(0, 255)
  const width = column.kind === 'number' ? 0 : column.bytes
  // Print and write format: F10.2 or A<width>, as type, width and decimals in one number.
  const format = column.kind === 'number' ? (5 << 16) | (10 << 8) | 2 : (1 << 16) | (width << 8)
  const first = Buffer.concat([
    i32(2, width, 1, 0, format, format),
    fixed(shortName(index), 8, space),
    i32(label.length),
    fixed(label, 4 * Math.ceil(label.length / 4), space),
  ])
  const continued = Array.from({ length: Math.max(0, eights(width) - 1) }, () =>
    Buffer.concat([i32(2, -1, 0, 0, format, format), fixed('', 8, space)]),
  )
  return Buffer.concat([first, ...continued])
}

function information(columns: readonly FileColumn[]): readonly Buffer[] {
  const record = (subtype: number, size: number, body: Buffer) => Buffer.concat([i32(7, subtype, size, body.length / size), body])
  const longNames = columns.map(({ name }, index) => `${shortName(index)}=${name}`).join('\t')
  const [nominal, scale] = [1, 3]
  return [
    record(3, 4, i32(1, 0, 0, -1, 1, 1, 2, 65_001)),
    record(4, 8, f64(sysmis, Number.MAX_VALUE, -1.7976931348623155e308)),
    record(
      11,
      4,
      i32(...columns.flatMap((column) => (column.kind === 'number' ? [scale, 10, 1] : [nominal, Math.max(8, column.bytes), 0]))),
    ),
    record(13, 1, Buffer.from(longNames)),
    record(20, 1, Buffer.from('UTF-8')),
  ]
}

function valueOf(column: FileColumn, row: number): Buffer {
  return column.kind === 'number' ? f64(column.values[row] ?? sysmis) : fixed(column.values[row] ?? '', 8 * eights(column.bytes), space)
}
