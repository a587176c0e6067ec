import { parse } from 'csv-parse/sync'
import type { Area } from '../../schemas/generated/records.ts'
import { ProblemError } from '../problem.ts'

const levels = ['country', 'region', 'province', 'municipality', 'barangay'] as const

/**
 * Reads an area register: CSV with columns code, name, level and parent.
 * @throws ProblemError `area-unknown` naming the row: an unknown level, a doubled code, or a parent that is not in the register.
 */
export function readAreas(csv: string): readonly Area[] {
  const rows: Record<string, string>[] = parse(csv, { columns: true, trim: true, skip_empty_lines: true, bom: true })
  const codes = new Set(rows.map(({ code }) => code))
  if (codes.size !== rows.length)
    throw new ProblemError('area-unknown', 'A code stands twice in the area register; each area needs its own.')
  return rows.map((row, at) => asArea(row, at + 2, codes))
}

function asArea(row: Readonly<Record<string, string>>, line: number, codes: ReadonlySet<string | undefined>): Area {
  const level = levels.find((each) => each === row['level'])
  const { code = '', name = '', parent = '' } = row
  if (!level) throw new ProblemError('area-unknown', `Line ${line} of the area register has no level of ${levels.join(', ')}.`)
  if (!/^[A-Za-z0-9-]{1,32}$/.test(code) || name === '')
    throw new ProblemError('area-unknown', `Line ${line} of the area register needs a code and a name.`)
  if (parent !== '' && !codes.has(parent))
    throw new ProblemError('area-unknown', `Line ${line} of the area register names a parent that is not in it.`)
  return parent === '' ? { code, name, level } : { code, name, level, parent }
}

/** The areas and everything below them: an enumerator bound to a municipality works in each of its barangays. */
export function withinAreas(codes: readonly string[], register: readonly Area[]): readonly string[] {
  const chosen = new Set(codes)
  let grown = true
  while (grown) {
    const before = chosen.size
    for (const { code, parent } of register) if (parent !== undefined && chosen.has(parent)) chosen.add(code)
    grown = chosen.size > before
  }
  return [...chosen].toSorted()
}
