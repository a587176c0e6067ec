import { parse } from 'csv-parse/sync'
import type { Area } from '../../schemas/generated/records.ts'
import { ProblemError } from '../problem.ts'

/** Something about the register, or about figures by area, that does not fit. */
export interface AreaFinding {
  readonly area: string
  readonly kind: 'parent-differs' | 'parent-missing' | 'not-in-register' | 'total-differs' | 'children-differ'
  /** What the code, the control total or the children say; what was found. */
  readonly expected: string | number
  readonly found: string | number
}

/**
 * The codes above a code, the nearest first, by its digits. PSGC: region 2, province or highly urbanized city 3, municipality, component city
 * or sub-municipality (Manila) 2, barangay 3. Other P-codes: whatever the code begins with, longest first.
 * @source PSGC technical notes (PSA); P-codes: OCHA.
 */
export function codesAbove(code: string): readonly string[] {
  const [, letters = '', digits = ''] = /^([A-Z]{0,2})(\d+)$/.exec(code) ?? []
  if (digits.length === 10) {
    const cut = [7, 5, 2].map((length) => letters + digits.slice(0, length).padEnd(10, '0'))
    return [...new Set([...cut, ...(letters === '' ? [] : [letters])])].filter((each) => each !== code)
  }
  return Array.from({ length: code.length - 1 }, (_, index) => code.slice(0, code.length - 1 - index))
}

/**
 * Where the parents of a register are not those that its codes say: the nearest code above that is in the register. Cities without a province
 * and municipalities of Metro Manila lie directly in their region, the barangays of Manila in its sub-municipalities: both follow from the codes.
 */
export function checkRegister(areas: readonly Area[]): readonly AreaFinding[] {
  const codes = new Set(areas.map(({ code }) => code))
  return areas.flatMap(({ code, parent }): readonly AreaFinding[] => {
    const expected = codesAbove(code).find((each) => codes.has(each))
    if (parent !== undefined && !codes.has(parent)) return [{ area: code, kind: 'parent-missing', expected: expected ?? '', found: parent }]
    return expected === undefined || expected === parent ? [] : [{ area: code, kind: 'parent-differs', expected, found: parent ?? '' }]
  })
}

/**
 * Compares counts by area with control totals (a census, a listing), and the control totals of areas with those of their parents.
 * @param counts homes or people by leaf area as they were recorded, whatever the register says.
 */
export function reconcile(
  areas: readonly Area[],
  counts: ReadonlyMap<string, number>,
  controls: ReadonlyMap<string, number>,
): readonly AreaFinding[] {
  const children = (code: string) => areas.filter(({ parent }) => parent === code)
  const countOf = (code: string): number => (counts.get(code) ?? 0) + children(code).reduce((sum, each) => sum + countOf(each.code), 0)
  const known = new Set(areas.map(({ code }) => code))
  const strangers = [...counts].filter(([code]) => !known.has(code))
  return [
    ...strangers.map(([area, found]): AreaFinding => ({ area, kind: 'not-in-register', expected: 0, found })),
    ...[...controls].flatMap(([area, expected]): readonly AreaFinding[] => {
      const found = countOf(area)
      return found === expected ? [] : [{ area, kind: 'total-differs', expected, found }]
    }),
    ...areas.flatMap(({ code }): readonly AreaFinding[] => {
      const own = controls.get(code)
      const parts = children(code).map((each) => controls.get(each.code))
      if (own === undefined || parts.length === 0 || parts.includes(undefined)) return []
      const found = parts.reduce<number>((sum, each) => sum + (each ?? 0), 0)
      return found === own ? [] : [{ area: code, kind: 'children-differ', expected: own, found }]
    }),
  ]
}

/** Reads control totals: CSV with the columns area and homes. @throws ProblemError `invalid-request` naming the line. */
export function readControls(csv: string): ReadonlyMap<string, number> {
  const rows: Record<string, string>[] = parse(csv, { columns: true, trim: true, skip_empty_lines: true, bom: true })
  return new Map(
    rows.map(({ area = '', homes = '' }, index) => {
      if (area === '' || !/^\d+$/.test(homes))
        throw new ProblemError('invalid-request', `Line ${index + 2} of the control totals needs area and homes.`)
      return [area, Number(homes)]
    }),
  )
}
