import { createHash } from 'node:crypto'
import { canonicalJson } from '../canonical.ts'
import type { ChoiceList, Item, Questionnaire } from '../questionnaire.ts'
import { columnsOf } from './columns.ts'
import type { Compilation } from './compilation.ts'
import { nodesOf } from '../interview/nodes.ts'
import { expressionsOf, partsOf } from './expressions-of.ts'
import { compileChoices, compileTable } from './compile-choices.ts'
import { collectLanguages, readSettings } from './compile-settings.ts'
import { compileSurvey, surveyColumns } from './compile-survey.ts'
import { diagnose } from './diagnose.ts'
import type { House } from './house.ts'
import { lintHouse } from './lint-house.ts'
import { languageOf } from './languages.ts'
import { Findings, type Diagnostic, type Ignored, type Sheet, type Workbook } from './workbook.ts'

export interface Compiled {
  /** Absent while there is an error. */
  readonly questionnaire?: Questionnaire
  /** In the order of sheets, rows and columns. */
  readonly problems: readonly Diagnostic[]
  readonly ignored: readonly Ignored[]
  /** Counted also when there are errors. */
  readonly questions: number
  readonly languages: readonly string[]
}

/**
 * Compiles the sheets of a survey to the one source of form, schema, columns and codebook, or says everything that is in the way.
 * @param fallbackId names the survey when its settings do not.
 * @param house holds a survey that names concepts to their definitions and standards.
 */
export function compileQuestionnaire(workbook: Workbook, fallbackId = 'survey', house?: House): Compiled {
  const findings = new Findings()
  const survey = workbook.sheets.find(({ name }) => name === 'survey')
  if (survey === undefined) {
    findings.error({ sheet: 'survey', row: 1 }, 'There is no sheet named survey. Write the questions there, one per row.')
    return { problems: findings.problems, ignored: findings.ignored, questions: 0, languages: [] }
  }
  checkHeader(survey, findings)
  // Without these columns every row would be reported for the same reason.
  if (findings.hasErrors) return { problems: findings.problems, ignored: findings.ignored, questions: 0, languages: [] }
  ignoreSheets(workbook, findings)
  const settings = readSettings(workbook, findings, fallbackId)
  const languages = collectLanguages(languagesWritten(workbook), settings, findings)
  for (const code of settings.draftLanguages) {
    if (languages.names.has(code)) continue
    findings.warn(
      { sheet: 'settings', row: 2, column: 'tala::draft_languages' },
      `No column is written in "${code}". Write codes of languages with a space between: ${[...languages.names.keys()].join(' ')}.`,
    )
  }
  const compilation: Compilation = {
    workbook,
    findings,
    languageCodes: languages.codes,
    defaultLanguage: languages.defaultCode,
    lists: new Map<string, ChoiceList>(),
    origins: new Map(),
  }
  compileChoices(
    compilation,
    workbook.sheets.find(({ name }) => name === 'choices'),
  )
  const items = compileSurvey(compilation, survey)
  const lookedUp = readLookedUp(items, compilation)
  const content: Omit<Questionnaire, 'sha256' | 'version'> = {
    schema: 'questionnaire/1',
    engine: 1,
    id: settings.id,
    title: { [languages.defaultCode]: settings.title },
    languages: [...languages.names].map(([code, written]) => languageOf(code, written, settings.draftLanguages.includes(code))),
    defaultLanguage: languages.defaultCode,
    items,
    lists: usedLists(items, compilation, lookedUp),
  }
  diagnose(content, compilation)
  if (house !== undefined) lintHouse(content, nodesOf(items), compilation, house)
  const questions = countQuestions(items)
  if (questions === 0 && !findings.hasErrors)
    findings.error({ sheet: 'survey', row: 2 }, 'The survey asks nothing. Write at least one question.')
  const version = settings.version ?? sha256(content).slice(0, 10)
  const questionnaire = { ...content, version }
  return {
    ...(findings.hasErrors ? {} : { questionnaire: { ...questionnaire, sha256: sha256(questionnaire) } }),
    problems: inOrder(findings.problems),
    ignored: inOrder(findings.ignored),
    questions,
    languages: [...languages.names.keys()],
  }
}

/** The questionnaire with made-up interviews to deflate real ones against (`Questionnaire.dictionary`); its hash follows. */
export function withDictionary(questionnaire: Questionnaire, dictionary: string): Questionnaire {
  const { sha256: _, ...content } = { ...questionnaire, dictionary }
  return { ...content, sha256: sha256(content) }
}

function sha256(content: unknown): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex')
}

function checkHeader(survey: Sheet, findings: Findings): void {
  const names = new Set(columnsOf(survey, surveyColumns).map(({ name }) => name))
  for (const name of ['type', 'name', 'label']) {
    if (!names.has(name))
      findings.error({ sheet: 'survey', row: 1, column: name }, `The survey sheet has no column ${name}. Write it in the first row.`)
  }
  const seen = new Map<string, string>()
  for (const column of columnsOf(survey, surveyColumns)) {
    const key = `${column.name}|${column.language ?? ''}`
    if (column.name === '') ignoreColumn(survey, column.header, column.index, findings)
    else if (seen.has(key)) {
      findings.error(
        { sheet: 'survey', row: 1, column: column.header },
        `The columns "${seen.get(key)}" and "${column.header}" mean the same. Keep one.`,
      )
    } else seen.set(key, column.header)
  }
}

function ignoreColumn(survey: Sheet, header: string, index: number, findings: Findings): void {
  const filled = survey.rows.filter(({ cells }) => (cells[index] ?? '') !== '')
  const [first] = filled
  if (first === undefined) return
  const what = header.startsWith('tala::')
    ? `There is no such column of Tala; ${filled.length} cells have no effect.`
    : `This column is not known; ${filled.length} cells have no effect.`
  findings.ignore({ sheet: 'survey', row: first.row, column: header }, what)
}

function ignoreSheets(workbook: Workbook, findings: Findings): void {
  for (const { name, rows } of workbook.sheets) {
    if (['survey', 'choices', 'settings'].includes(name) || rows.length === 0) continue
    findings.ignore({ sheet: name, row: 1 }, 'Only the sheets survey, choices and settings are read.')
  }
}

function languagesWritten(workbook: Workbook): { language: string; sheet: string; header: string }[] {
  const known = new Set([...surveyColumns, 'list_name'])
  const sheets = [...workbook.sheets.filter(({ name }) => name === 'survey' || name === 'choices'), ...Object.values(workbook.files)]
  return sheets.flatMap((sheet) =>
    columnsOf(sheet, known)
      .filter(({ name }) =>
        ['label', 'hint', 'constraint_message', 'required_message', 'image', 'audio', 'guidance_hint', 'video', 'big-image'].includes(name),
      )
      .filter(({ index, language }) => language !== undefined || sheet.rows.some(({ cells }) => (cells[index] ?? '') !== ''))
      .map(({ language, header }) => ({ language: language ?? '', sheet: sheet.name, header })),
  )
}

/** The lists that questions choose from and lookups read. */
function usedLists(items: readonly Item[], { lists }: Compilation, lookedUp: ReadonlySet<string>): Record<string, ChoiceList> {
  const chosenFrom = new Set(nodesOf(items).map(({ item }) => (item.kind === 'question' ? item.list : undefined)))
  return Object.fromEntries([...lists].filter(([name]) => chosenFrom.has(name) || lookedUp.has(name)))
}

/** Lists that pulldata and instance() read, from CSV files where the choices sheet does not have them. */
function readLookedUp(items: readonly Item[], compilation: Compilation): ReadonlySet<string> {
  const names = nodesOf(items)
    .flatMap(({ item }) => expressionsOf(item).flatMap(({ expression }) => partsOf(expression)))
    .flatMap((part) => (Array.isArray(part) && part[0] === 'lookup' ? [String(part[1])] : []))
  for (const name of new Set(names)) {
    const file = compilation.workbook.files[`${name}.csv`]
    if (file !== undefined && !compilation.lists.has(name)) compilation.lists.set(name, compileTable(compilation, file))
  }
  return new Set(names)
}

function countQuestions(items: readonly Item[]): number {
  return items.reduce((sum, item) => sum + (item.kind === 'question' ? 1 : countQuestions(item.items)), 0)
}

function inOrder<Finding extends { sheet: string; row: number }>(findings: readonly Finding[]): Finding[] {
  const sheets = ['survey', 'choices', 'settings']
  const place = (sheet: string): number => (sheets.includes(sheet) ? sheets.indexOf(sheet) : sheets.length)
  return findings.toSorted((a, b) => place(a.sheet) - place(b.sheet) || a.row - b.row)
}
