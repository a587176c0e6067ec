import type { Expression } from '../language/expression.ts'
import type { ChoiceList, Question, QuestionType } from '../questionnaire.ts'
import { appearanceOf, ignoreCells, parametersOf, yesNo } from './cells.ts'
import type { RowReader } from './columns.ts'
import { type Compilation, nearest, textsOf } from './compilation.ts'
import { compileListFile } from './compile-choices.ts'
import { nameOf } from './names.ts'
import { ourColumns } from './our-columns.ts'
import { type RowType, unasked } from './question-types.ts'
import { asTyped, parseText, readChoiceFilter, readCondition, readExpression, readRequired } from './read-expression.ts'

type QuestionRow = Extract<RowType, { kind: 'question' }>

const selects = new Set<QuestionType>(['select_one', 'select_multiple', 'rank'])

/** Compiles one row; or_other makes two questions, a faulty row none. */
export function compileQuestion(compilation: Compilation, row: RowReader, type: QuestionRow): readonly Question[] {
  const name = nameOf(compilation, row, type.type === 'start' || type.type === 'end' || type.type === 'today' ? type.type : undefined)
  if (name === undefined) return []
  const list = type.list === undefined ? undefined : listOf(compilation, row, type, type.list)
  const question: Question = {
    kind: 'question',
    name,
    type: type.type,
    ...(list !== undefined && { list }),
    ...textCells(compilation, row, type.type),
    ...expressionCells(compilation, row, type),
    ...plainCells(compilation, row, type),
    ...ourColumns(compilation, row, type.type),
  }
  compilation.origins.set(question, row)
  ignoreWithoutEffect(compilation, row, type.type)
  if (type.other === undefined) return [question]
  const other = otherText(compilation, question)
  compilation.origins.set(other, row)
  return [question, other]
}

function listOf(compilation: Compilation, row: RowReader, type: QuestionRow, list: string): string | undefined {
  const { findings, lists, workbook } = compilation
  if (type.file !== undefined && !lists.has(list)) {
    const file = workbook.files[type.file]
    if (file === undefined) {
      findings.error(row.spot('type'), `The file ${type.file} is not beside the survey. Put it in the same folder.`)
      return undefined
    }
    const parameters = parametersOf(compilation, row) ?? {}
    lists.set(list, compileListFile(compilation, file, parameters['value'] ?? 'name', parameters['label'] ?? 'label'))
  }
  const found = lists.get(list)
  if (found === undefined) {
    const meant = nearest(list, lists.keys())
    findings.error(
      row.spot('type'),
      `There is no list "${list}" in the choices sheet. ${meant === undefined ? 'Add its choices there.' : `Did you mean ${meant}?`}`,
    )
    return undefined
  }
  if (type.other === undefined) return list
  return withOther(compilation, list, found)
}

function withOther(compilation: Compilation, list: string, found: ChoiceList): string {
  if (found.choices.some(({ name }) => name === 'other')) return list
  const name = `${list}_or_other`
  compilation.lists.set(name, { ...found, choices: [...found.choices, { name: 'other', label: english(compilation, 'Other') }] })
  return name
}

/** The text question that `or_other` stands for, named as pyxform names it. */
export function otherText(compilation: Compilation, select: Question): Question {
  if (compilation.languageCodes.size > 2) {
    compilation.findings.warn(
      compilation.origins.get(select)?.spot('type') ?? { sheet: 'survey', row: 1 },
      'or_other is shown in English only. For other languages add "other" to the list and a text question after it.',
    )
  }
  return {
    kind: 'question',
    name: `${select.name}_other`,
    type: 'text',
    label: english(compilation, 'Specify other.'),
    relevant: ['call', 'selected', ['ref', select.name], ['str', 'other']],
    sensitivity: select.sensitivity,
  }
}

function english(compilation: Compilation, text: string): Record<string, string> {
  return { [compilation.defaultLanguage]: text }
}

function textCells(compilation: Compilation, row: RowReader, type: QuestionType): Partial<Question> {
  const label = textsOf(compilation, row, 'label')
  const hint = textsOf(compilation, row, 'hint')
  const image = textsOf(compilation, row, 'image')
  const audio = textsOf(compilation, row, 'audio')
  const constraintMessage = textsOf(compilation, row, 'constraint_message')
  const requiredMessage = textsOf(compilation, row, 'required_message')
  if (label === undefined && hint === undefined && image === undefined && audio === undefined && !unasked.has(type)) {
    compilation.findings.error(row.spot('label'), 'This question has no label. Write what is asked.')
  }
  return {
    ...(label && { label }),
    ...(hint && { hint }),
    ...((image || audio) && { media: { ...(image && { image }), ...(audio && { audio }) } }),
    ...(constraintMessage && { constraintMessage }),
    ...(requiredMessage && { requiredMessage }),
  }
}

function expressionCells(compilation: Compilation, row: RowReader, type: QuestionRow): Partial<Question> {
  const relevant = readCondition(compilation, row, 'relevant')
  const required = readRequired(compilation, row)
  const constraint = readCondition(compilation, row, 'constraint')
  const calculation = row.cell('calculation') === '' ? undefined : readExpression(compilation, row, 'calculation')
  const choiceFilter = row.cell('choice_filter') === '' || !selects.has(type.type) ? undefined : readChoiceFilter(compilation, row)
  if (type.type === 'calculate' && row.cell('calculation') === '') {
    compilation.findings.error(row.spot('calculation'), 'A calculate row needs an expression in the calculation column.')
  }
  if (constraint === undefined && row.translations('constraint_message').length > 0) {
    compilation.findings.warn(row.spot('constraint_message'), 'There is a message but no constraint, so it is never shown.')
  }
  const value = defaultOf(compilation, row, type.type)
  return {
    ...(relevant !== undefined && { relevant }),
    ...(required !== undefined && type.type !== 'note' && !unasked.has(type.type) && { required }),
    ...(constraint !== undefined && { constraint }),
    ...(calculation !== undefined && type.type !== 'note' && { calculation }),
    ...(choiceFilter !== undefined && { choiceFilter }),
    ...(value !== undefined && { default: value }),
  }
}

/** A default is a plain value of its type, unless it is clearly an expression: free text has broken importers before. */
function defaultOf(compilation: Compilation, row: RowReader, type: QuestionType): string | number | Expression | undefined {
  const text = row.cell('default')
  if (text === '' || type === 'note' || type === 'calculate') return undefined
  const numeric = type === 'integer' || type === 'decimal' || type === 'range'
  if (numeric && /^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  if (type === 'acknowledge') return yesNo(text) === false ? undefined : 'OK'
  const looksComputed = /\$\{/.test(text) || /^[a-z][\w:-]*\s*\(.*\)$/is.test(asTyped(text))
  if (numeric || looksComputed) return parseText(compilation, row, 'default', text)
  return text
}

function plainCells(compilation: Compilation, row: RowReader, { type, file }: QuestionRow): Partial<Question> {
  const appearance = appearanceOf(compilation, row)
  const parameters = file === undefined ? parametersOf(compilation, row) : withoutFileColumns(parametersOf(compilation, row))
  const readOnly = yesNo(row.cell('read_only'))
  if (readOnly === undefined) compilation.findings.ignore(row.spot('read_only'), 'Only yes and no are understood here.')
  if (type === 'range') checkRange(compilation, row, parameters ?? {})
  return { ...(appearance && { appearance }), ...(parameters && { parameters }), ...(readOnly === true && { readOnly: true }) }
}

// value and label name columns of the list's file; once the list is read they have no meaning.
function withoutFileColumns(parameters: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> | undefined {
  const left = Object.entries(parameters ?? {}).filter(([name]) => name !== 'value' && name !== 'label')
  return left.length === 0 ? undefined : Object.fromEntries(left)
}

function checkRange(compilation: Compilation, row: RowReader, parameters: Readonly<Record<string, string>>): void {
  const [start, end, step] = [parameters['start'] ?? '1', parameters['end'] ?? '10', parameters['step'] ?? '1'].map(Number)
  const wrong =
    [start, end, step].some((each) => each === undefined || Number.isNaN(each)) || Number(step) <= 0 || Number(start) >= Number(end)
  if (wrong)
    compilation.findings.error(
      row.spot('parameters'),
      'A range needs numbers: start below end and a step above 0, for example start=0 end=10 step=1.',
    )
}

function ignoreWithoutEffect(compilation: Compilation, row: RowReader, type: QuestionType): void {
  ignoreCells(compilation, row, ['guidance_hint'], 'Guidance is not shown on the phone; put what the enumerator needs in the hint.')
  ignoreCells(compilation, row, ['video', 'big-image'], 'Films and large pictures are not shown; give an image or audio.')
  ignoreCells(compilation, row, ['repeat_count'], 'Only a repeat has a count.')
  if (row.cell('trigger') !== '') {
    compilation.findings.error(
      row.spot('trigger'),
      'trigger is not known here: a calculation follows every answer it names. Write once(…) to keep the first value, and empty this cell.',
    )
  }
  if (!selects.has(type)) ignoreCells(compilation, row, ['choice_filter'], 'Only a select has choices to filter.')
  if (type === 'note') ignoreCells(compilation, row, ['required', 'constraint', 'calculation', 'default'], 'A note is not answered.')
  if (unasked.has(type)) ignoreCells(compilation, row, ['required', 'hint'], 'This row is not asked.')
  if (type === 'calculate') ignoreCells(compilation, row, ['default'], 'A calculate row is always computed.')
}
