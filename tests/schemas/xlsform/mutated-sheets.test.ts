import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { yesNo } from '../../../schemas/xlsform/cells.ts'
import { compileQuestionnaire } from '../../../schemas/xlsform/compile.ts'
import { rowTypeOf } from '../../../schemas/xlsform/question-types.ts'
import { readSurvey } from '../../../schemas/xlsform/read.ts'
import type { Sheet, Workbook } from '../../../schemas/xlsform/workbook.ts'

type Mutation = readonly [kind: (typeof kinds)[number], sheet: number, row: number, column: number, what: number]

const kinds = ['replace', 'cut', 'double', 'swap rows', 'drop row', 'repeat row', 'drop column', 'rename column', 'insert'] as const
const garbage = [
  '',
  '0',
  'yes',
  '${',
  '${nobody}',
  "'",
  '((((',
  'selected(',
  '. >',
  'begin_repeat',
  'end_group',
  'select_one nothing',
  'a b',
  '__proto__',
  'constructor',
  'لا',
  '=1+1',
  '<script>',
  '999999999999999999999',
  'true',
  "regex(., '(a+)+$')",
  'x'.repeat(5000),
]

const mutation: fc.Arbitrary<Mutation> = fc.tuple(fc.constantFrom(...kinds), fc.nat(), fc.nat(), fc.nat(), fc.nat())

function mutate(workbook: Workbook, [kind, sheetNumber, rowNumber, columnNumber, what]: Mutation): Workbook {
  const at = sheetNumber % workbook.sheets.length
  return {
    ...workbook,
    sheets: workbook.sheets.map((sheet, index) => (index === at ? mutateSheet(sheet, kind, rowNumber, columnNumber, what) : sheet)),
  }
}

function mutateSheet(sheet: Sheet, kind: Mutation[0], rowNumber: number, columnNumber: number, what: number): Sheet {
  const r = rowNumber % Math.max(1, sheet.rows.length)
  const c = columnNumber % Math.max(1, sheet.header.length)
  const junk = garbage[what % garbage.length] ?? ''
  const cells = (change: (cell: string) => string): Sheet => ({
    ...sheet,
    rows: sheet.rows.map((row, index) =>
      index === r ? { ...row, cells: sheet.header.map((_, i) => (i === c ? change(row.cells[i] ?? '') : (row.cells[i] ?? ''))) } : row,
    ),
  })
  const renumbered = (rows: readonly (readonly string[])[]): Sheet => ({
    ...sheet,
    rows: rows.map((each, index) => ({ row: index + 2, cells: each })),
  })
  const rows = sheet.rows.map((row) => row.cells)
  switch (kind) {
    case 'replace':
      return cells(() => junk)
    case 'insert':
      return cells((cell) => `${cell.slice(0, what % (cell.length + 1))}${junk.slice(0, 3)}${cell.slice(what % (cell.length + 1))}`)
    case 'cut':
      return cells((cell) => cell.slice(0, what % (cell.length + 1)))
    case 'double':
      return cells((cell) => `${cell} ${cell}`)
    case 'swap rows':
      if (rows.length === 0) return sheet
      return renumbered(rows.with(r, rows[what % rows.length] ?? []).with(what % rows.length, rows[r] ?? []))
    case 'drop row':
      return renumbered(rows.toSpliced(r, 1))
    case 'repeat row':
      return renumbered(rows.toSpliced(r, 0, rows[r] ?? []))
    case 'drop column':
      return {
        ...sheet,
        header: sheet.header.toSpliced(c, 1),
        rows: sheet.rows.map((row) => ({ ...row, cells: row.cells.toSpliced(c, 1) })),
      }
    case 'rename column':
      return { ...sheet, header: sheet.header.with(c, junk) }
    default:
      return kind satisfies never
  }
}

/** What an author sees of a compilation. */
const outcome = (workbook: Workbook): string => {
  const { questionnaire, problems, ignored } = compileQuestionnaire(workbook, 'mutated')
  return JSON.stringify([questionnaire?.sha256, problems, ignored])
}

/** What a sheet means: without spaces, empty columns, aliases of types, cells of end rows, and the order of choices of different lists. */
function meaning({ header, rows }: Sheet): string {
  const ordered = header[0] === 'list_name' ? rows.toSorted((a, b) => (a.cells[0] ?? '').localeCompare(b.cells[0] ?? '')) : rows
  return JSON.stringify(ordered.map(({ cells }) => filled(header, cells)))
}

function filled(header: readonly string[], cells: readonly string[]): readonly (readonly [string, unknown])[] {
  const ends = header[0] === 'type' && (cells[0] ?? '').startsWith('end')
  return header.flatMap((name, i): (readonly [string, unknown])[] => {
    const cell = (cells[i] ?? '').trim().replace(/\s+/g, ' ')
    if (cell === '' || (ends && name !== 'type')) return []
    if (name === 'type') return [[name, rowTypeOf(cell)]]
    if (/^(exclusive|required|read_only)$/.test(name)) return yesNo(cell) === false ? [] : [[name, yesNo(cell) ?? cell]]
    // These are sets of words.
    return [[name, /draft_languages|missing|appearance/.test(name) ? [...new Set(cell.split(' '))].toSorted() : cell]]
  })
}

function difference(before: Workbook, after: Workbook): string {
  return after.sheets
    .flatMap((sheet, index) => sheet.rows.map((row, at) => [JSON.stringify(before.sheets[index]?.rows[at]), JSON.stringify(row)]))
    .filter(([a, b]) => a !== b)
    .slice(0, 2)
    .join(' became ')
}

const surveys: Record<string, Workbook> = {}
beforeAll(async () => {
  const folder = (path: string): string => fileURLToPath(new URL(`../../../schemas/${path}`, import.meta.url))
  surveys['example'] = await readSurvey(folder('examples/valid/household-abroad'))
  surveys['household'] = await readSurvey(folder('questionnaires/household'))
})

describe.each([
  ['example', 800],
  ['household', 25],
] as const)('a survey with mistakes (%s)', (name, numRuns) => {
  it('never stops the compiler, and no mistake passes silently', () => {
    const workbook = surveys[name]
    if (workbook === undefined) throw new Error('not read')
    const before = outcome(workbook)
    fc.assert(
      fc.property(mutation, (one) => {
        const mutated = mutate(workbook, one)
        const after = outcome(mutated)
        const changed = mutated.sheets.some((sheet, index) => meaning(sheet) !== meaning(workbook.sheets[index] ?? sheet))
        if (changed) expect(after === before, `no effect and no message: ${difference(workbook, mutated)}`).toBe(false)
      }),
      { numRuns, seed: 3 },
    )
  })

  it('never stops the compiler when many mistakes come together', () => {
    const workbook = surveys[name]
    if (workbook === undefined) throw new Error('not read')
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 2, maxLength: 20 }), (many) => {
        expect(outcome(many.reduce(mutate, workbook))).toBeTypeOf('string')
      }),
      { numRuns: Math.ceil(numRuns / 5), seed: 4 },
    )
  })
})
