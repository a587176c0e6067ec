import type { Item } from '../questionnaire.ts'
import { RowReader, columnsOf } from './columns.ts'
import type { Compilation } from './compilation.ts'
import { compileQuestion } from './compile-question.ts'
import { compileSection } from './compile-section.ts'
import { rowTypeOf } from './question-types.ts'
import type { Sheet } from './workbook.ts'

export const surveyColumns: ReadonlySet<string> = new Set([
  'type',
  'name',
  'label',
  'hint',
  'guidance_hint',
  'required',
  'required_message',
  'relevant',
  'constraint',
  'constraint_message',
  'calculation',
  'choice_filter',
  'default',
  'appearance',
  'parameters',
  'read_only',
  'repeat_count',
  'trigger',
  'image',
  'audio',
  'video',
  'big-image',
  'disabled',
  'tala::sensitivity',
  'tala::concept',
  'tala::who_answers',
  'tala::severity',
  'tala::missing',
  'tala::consent',
  'tala::unit',
  'tala::type',
])

/** A section that has begun and not ended; the form itself is the outermost. */
interface OpenSection {
  readonly what: 'form' | 'group' | 'repeat'
  readonly row?: RowReader
  readonly items: Item[]
}

/** Compiles the survey sheet to the tree of groups, repeats and questions. */
export function compileSurvey(compilation: Compilation, sheet: Sheet): readonly Item[] {
  const { findings } = compilation
  const columns = columnsOf(sheet, surveyColumns)
  const form: OpenSection = { what: 'form', items: [] }
  const open: OpenSection[] = [form]
  for (const source of sheet.rows) {
    const row = new RowReader(sheet, columns, source)
    if (isDisabled(compilation, row)) continue
    const current = open.at(-1) ?? form
    const type = rowTypeOf(row.cell('type'))
    if (row.cell('type') === '') noType(compilation, row)
    else if (type.kind === 'unsupported') findings.error(row.spot('type'), type.message)
    else if (type.kind === 'ignored') findings.ignore(row.spot('type'), type.what)
    else if (type.kind === 'question') current.items.push(...compileQuestion(compilation, row, type))
    else if (type.kind === 'begin') open.push(begin(compilation, row, type.what, open))
    else end(compilation, row, type.what, open)
  }
  for (const section of open.slice(1).toReversed()) {
    if (section.row === undefined) continue
    findings.error(
      section.row.spot('type'),
      `This ${section.what} is never ended. Write end_${section.what} in the type column after its last question.`,
    )
    close(compilation, section, open[open.indexOf(section) - 1] ?? form)
  }
  return form.items
}

function isDisabled(compilation: Compilation, row: RowReader): boolean {
  if (!['yes', 'true', '1', 'true()'].includes(row.cell('disabled').toLowerCase())) return false
  compilation.findings.ignore(row.spot('disabled'), `The row "${row.cell('name')}" is disabled.`)
  return true
}

function noType(compilation: Compilation, row: RowReader): void {
  if (row.cell('name') === '' && row.cell('label') === '' && row.translations('label').length === 0) {
    return compilation.findings.ignore(row.spot('type'), 'A row without type, name or label: a comment.')
  }
  compilation.findings.error(row.spot('type'), 'This row has no type. Write one, for example text, integer or select_one yes_no.')
}

function begin(compilation: Compilation, row: RowReader, what: 'group' | 'repeat', open: readonly OpenSection[]): OpenSection {
  if (what === 'repeat' && open.some((section) => section.what === 'repeat')) {
    compilation.findings.error(
      row.spot('type'),
      'A repeat inside a repeat is not possible. Ask for the inner list as one question per item, or as a repeat of its own after this one.',
    )
  }
  return { what, row, items: [] }
}

function end(compilation: Compilation, row: RowReader, what: 'group' | 'repeat', open: OpenSection[]): void {
  const current = open.at(-1)
  if (current?.row === undefined)
    return compilation.findings.error(row.spot('type'), `There is no ${what} to end here. Take this row out, or begin the ${what} before.`)
  if (current.what !== what) {
    compilation.findings.error(
      row.spot('type'),
      `The ${current.what} "${current.row.cell('name')}" of row ${current.row.source.row} is still open. Write end_${current.what} here.`,
    )
  }
  open.pop()
  const parent = open.at(-1)
  if (parent !== undefined) close(compilation, current, parent)
}

function close(compilation: Compilation, section: OpenSection, parent: OpenSection): void {
  if (section.row === undefined || section.what === 'form') return
  const compiled = compileSection(compilation, section.row, section.what, section.items)
  if (compiled !== undefined) parent.items.push(compiled)
}
