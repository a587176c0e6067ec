import { stringify } from 'csv-stringify/sync'
import { nodesOf } from '../interview/nodes.ts'
import type { Choice, Item, Language, Question, Questionnaire, Texts } from '../questionnaire.ts'
import { always } from './cells.ts'
import { printExpression } from './print-expression.ts'

/** A sheet to be written: the header, then the rows. */
export interface WrittenSheet {
  readonly name: 'survey' | 'choices' | 'settings'
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

type Cells = Readonly<Record<string, string>>

/** The questionnaire as XLSForm sheets again; compiling them gives the same questionnaire. */
export function writeSheets(questionnaire: Questionnaire): readonly WrittenSheet[] {
  const survey = questionnaire.items.flatMap((item) => rowsOf(item, questionnaire.languages))
  const choices = Object.entries(questionnaire.lists).flatMap(([list, { choices: each, exclusive }]) =>
    each.map((choice) => choiceCells(list, choice, exclusive ?? [], questionnaire.languages)),
  )
  const drafts = questionnaire.languages.filter(({ draft }) => draft).map(({ code }) => code)
  const byCode = questionnaire.languages.find(({ code }) => code === questionnaire.defaultLanguage)
  const settings: Cells = {
    form_title: Object.values(questionnaire.title)[0] ?? '',
    form_id: questionnaire.id,
    version: questionnaire.version,
    default_language: byCode === undefined ? '' : headerLanguage(byCode),
    ...(drafts.length > 0 && { 'tala::draft_languages': drafts.join(' ') }),
  }
  // Every language has its label column, in order, even where nothing is written yet: the columns say which languages there are.
  const labels = questionnaire.languages.map((language) => headerOf('label', language))
  return [
    sheetOf('survey', ['type', 'name', ...labels], survey),
    sheetOf('choices', ['list_name', 'name', ...labels], choices),
    sheetOf('settings', [], [settings]),
  ]
}

/** A sheet as CSV, UTF-8, lines ended by \n. */
export const sheetCsv = ({ header, rows }: WrittenSheet): string => stringify([header, ...rows])

function sheetOf(name: WrittenSheet['name'], first: readonly string[], cells: readonly Cells[]): WrittenSheet {
  const header = [...new Set([...first, ...cells.flatMap(Object.keys)])]
  return { name, header, rows: cells.map((each) => header.map((column) => each[column] ?? '')) }
}

function rowsOf(item: Item, languages: readonly Language[]): readonly Cells[] {
  if (item.kind === 'question') return [questionCells(item, languages)]
  const begin: Cells = {
    type: `begin_${item.kind}`,
    name: item.name,
    ...commonCells(item, languages),
    ...(item.kind === 'repeat' && item.count !== undefined && { repeat_count: printExpression(item.count) }),
  }
  return [begin, ...item.items.flatMap((each) => rowsOf(each, languages)), { type: `end_${item.kind}`, name: item.name }]
}

function commonCells(item: Item, languages: readonly Language[]): Cells {
  return {
    ...textCells('label', item.label, languages),
    ...textCells('hint', item.hint, languages),
    ...(item.relevant !== undefined && { relevant: printExpression(item.relevant) }),
    ...(item.appearance && { appearance: item.appearance.join(' ') }),
  }
}

function questionCells(question: Question, languages: readonly Language[]): Cells {
  const { required, constraint, calculation, choiceFilter, default: value, parameters, media } = question
  return {
    type: question.list === undefined ? question.type : `${question.type} ${question.list}`,
    name: question.name,
    ...commonCells(question, languages),
    ...textCells('media::image', media?.image, languages),
    ...textCells('media::audio', media?.audio, languages),
    ...(required !== undefined && { required: JSON.stringify(required) === JSON.stringify(always) ? 'yes' : printExpression(required) }),
    ...textCells('required_message', question.requiredMessage, languages),
    ...(constraint !== undefined && { constraint: printExpression(constraint) }),
    ...textCells('constraint_message', question.constraintMessage, languages),
    ...(calculation !== undefined && { calculation: printExpression(calculation) }),
    ...(choiceFilter !== undefined && { choice_filter: printExpression(choiceFilter) }),
    ...(value !== undefined && { default: typeof value === 'object' ? printExpression(value) : String(value) }),
    ...(parameters && {
      parameters: Object.entries(parameters)
        .map((pair) => pair.join('='))
        .join(' '),
    }),
    ...(question.readOnly === true && { read_only: 'yes' }),
    ...ourCells(question),
  }
}

function ourCells(question: Question): Cells {
  return {
    ...(question.sensitivity !== 'ordinary' && { 'tala::sensitivity': question.sensitivity }),
    ...(question.concept !== undefined && { 'tala::concept': question.concept }),
    ...(question.whoAnswers && { 'tala::who_answers': question.whoAnswers }),
    ...(question.severity && { 'tala::severity': question.severity }),
    ...(question.missing && { 'tala::missing': question.missing.join(' ') }),
    ...(question.consent && { 'tala::consent': question.consent }),
    ...(question.unit !== undefined && { 'tala::unit': question.unit }),
    ...(question.valueType && { 'tala::type': question.valueType }),
  }
}

function choiceCells(
  list: string,
  { name, label, media, columns }: Choice,
  exclusive: readonly string[],
  languages: readonly Language[],
): Cells {
  return {
    list_name: list,
    name,
    ...textCells('label', label, languages),
    ...textCells('media::image', media?.image, languages),
    ...textCells('media::audio', media?.audio, languages),
    ...(exclusive.includes(name) && { exclusive: '1' }),
    ...columns,
  }
}

function textCells(column: string, texts: Texts | undefined, languages: readonly Language[]): Cells {
  if (texts === undefined) return {}
  const cells = languages.map((language) => [headerOf(column, language), texts[language.code] ?? ''] as const)
  return Object.fromEntries(cells.filter(([, text]) => text !== ''))
}

const headerOf = (column: string, language: Language): string =>
  language.code === 'und' ? column : `${column}::${headerLanguage(language)}`

/** `Filipino (fil)`; a language without a code of its own by its name alone. */
const headerLanguage = ({ code, name }: Language): string => (code === 'und' ? '' : code.startsWith('x-') ? name : `${name} (${code})`)

/** Every text of the questionnaire with its translations, for translators: missing ones are marked. */
export function translationSheet(questionnaire: Questionnaire): string {
  const { languages, defaultLanguage } = questionnaire
  const ordered = languages.toSorted((a, b) => Number(b.code === defaultLanguage) - Number(a.code === defaultLanguage))
  const header = ['where', 'name', 'part', ...ordered.map(({ code, name }) => `${name} (${code})`), 'missing']
  const line = (where: string, name: string, part: string, texts: Texts | undefined): string[][] => {
    if (texts === undefined) return []
    const missing = ordered.filter(({ code }) => texts[code] === undefined).map(({ code }) => code)
    return [[where, name, part, ...ordered.map(({ code }) => texts[code] ?? ''), missing.join(' ')]]
  }
  const survey = nodesOf(questionnaire.items).flatMap(({ item }) => [
    ...line('survey', item.name, 'label', item.label),
    ...line('survey', item.name, 'hint', item.hint),
    ...(item.kind === 'question'
      ? [
          ...line('survey', item.name, 'constraint_message', item.constraintMessage),
          ...line('survey', item.name, 'required_message', item.requiredMessage),
        ]
      : []),
  ])
  const choices = Object.entries(questionnaire.lists).flatMap(([list, { choices: each }]) =>
    each.flatMap((choice) => line('choices', `${list} ${choice.name}`, 'label', choice.label)),
  )
  return stringify([header, ...survey, ...choices])
}
