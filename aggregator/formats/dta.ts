import type { ProtectedTable } from '../disclosure/protected.ts'
import { type FileColumn, fileColumns, fixed } from './columns.ts'
import type { Selection } from './observations.ts'

const double = 65_526
/** Stata's "." among doubles. */
const missing = Buffer.from('000000000000e07f', 'hex')

/**
 * Stata .dta, release 118 (Stata 14 and newer), little endian: codes as strings, figures as doubles, a withheld figure is missing.
 * @source Stata manual, help dta_118
 */
export function toDta(table: ProtectedTable, selection: Selection, facts: { readonly title: string }): Buffer {
  const columns = fileColumns(table, selection)
  const rows = columns[0]?.values.length ?? 0
  const each = (field: (column: FileColumn) => Buffer) => Buffer.concat(columns.map(field))
  const sections: readonly (readonly [tag: string, body: Buffer])[] = [
    ['variable_types', each((column) => u16(column.kind === 'number' ? double : column.bytes))],
    ['varnames', each(({ name }) => fixed(name, 129))],
    ['sortlist', Buffer.alloc(2 * (columns.length + 1))],
    ['formats', each((column) => fixed(column.kind === 'number' ? '%10.0g' : `%${column.bytes}s`, 57))],
    ['value_label_names', Buffer.alloc(129 * columns.length)],
    ['variable_labels', each(({ label }) => fixed(label, 321))],
    ['characteristics', Buffer.alloc(0)],
    ['data', Buffer.concat(Array.from({ length: rows }, (_, row) => each((column) => valueOf(column, row))))],
    ['strls', Buffer.alloc(0)],
    ['value_labels', Buffer.alloc(0)],
  ]
  const opening = Buffer.concat([Buffer.from('<stata_dta>'), tagged('header', header(columns.length, rows, facts.title))])
  // The map names where every section begins, itself included; its own size does not depend on what is in it.
  const places = [0, opening.length]
  let place = opening.length + tagged('map', Buffer.alloc(14 * 8)).length
  const bodies = sections.map(([tag, body]) => {
    places.push(place)
    const section = tagged(tag, body)
    place += section.length
    return section
  })
  const closing = Buffer.from('</stata_dta>')
  places.push(place, place + closing.length)
  return Buffer.concat([opening, tagged('map', Buffer.concat(places.map(u64))), ...bodies, closing])
}

function header(columns: number, rows: number, title: string): Buffer {
  const label = Buffer.from(title).subarray(0, 320)
  return Buffer.concat([
    tagged('release', Buffer.from('118')),
    tagged('byteorder', Buffer.from('LSF')),
    tagged('K', u16(columns)),
    tagged('N', u64(rows)),
    tagged('label', Buffer.concat([u16(label.length), label])),
    tagged('timestamp', Buffer.from([0])),
  ])
}

function valueOf(column: FileColumn, row: number): Buffer {
  if (column.kind === 'text') return fixed(column.values[row] ?? '', column.bytes)
  const value = column.values[row] ?? null
  if (value === null) return missing
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return bytes
}

function tagged(tag: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`<${tag}>`), body, Buffer.from(`</${tag}>`)])
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}
