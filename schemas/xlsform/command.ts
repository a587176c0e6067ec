import { basename, extname, join } from 'node:path'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { type Compiled, compileQuestionnaire } from './compile.ts'
import { compareQuestionnaires } from './compare.ts'
import { readHouse } from './house.ts'
import { documents, programOutputs } from './outputs.ts'
import { paperForm } from './paper.ts'
import { readSurvey, UnreadableSurveyError } from './read.ts'
import { counted } from './workbook.ts'
import { writeSurvey } from './write-survey.ts'
import type { Questionnaire } from '../questionnaire.ts'

/** Exit codes of every questionnaire command. */
const exit = { usable: 0, hasErrors: 1, unreadable: 2 } as const

interface Options {
  readonly json?: boolean
  readonly out?: string
  readonly language?: string
}

const fileHelp = 'an .xlsx workbook or a folder with survey.csv'

/** `tala questionnaire check|compile|diff|paper|write FILE`: FILE is an .xlsx workbook, a folder of CSV sheets, or one of its sheets. */
export function registerQuestionnaireCommands(program: Command): void {
  const questionnaire = program.command('questionnaire').description('check, compile, compare, print and write a survey in XLSForm')
  const command = (name: string, description: string): Command =>
    questionnaire.command(name).description(description).argument('<file>', fileHelp).option('--json', 'as JSON on standard output')
  command('check', 'everything that is wrong, by sheet, row and column, and what has no effect').action((file: string, options: Options) =>
    onSurvey(file, options, async () => []),
  )
  command('compile', 'write the form, the schema, the tables, the codebook, DDI, paper form and translation sheet')
    .option('--out <folder>', 'where to write; default: a folder named by the survey')
    .action((file: string, options: Options) => onSurvey(file, options, (survey) => writeOutputs(survey, options.out ?? survey.id)))
  command('paper', 'write the form to be filled in by hand, as HTML to print')
    .option('--language <code>', 'default: the default language')
    .option('--out <file>', 'default: the id of the survey with .html')
    .action((file: string, options: Options) => onSurvey(file, options, (survey) => writePaper(survey, options)))
  command('write', 'write the survey again as XLSForm')
    .requiredOption('--out <path>', 'an .xlsx file, or a folder for CSV sheets')
    .action((file: string, options: Options) => onSurvey(file, options, (survey) => writeSurvey(survey, options.out ?? survey.id)))
  command('diff', 'what changed from an older version, in words; refuses a concept that changed under its old version')
    .argument('<newer>', 'the newer version')
    .action((older: string, newer: string, options: Options) => compareFiles(older, newer, options))
}

/** Reads and compiles, says what was found, and goes on to `work` when the survey is usable. */
async function onSurvey(
  file: string,
  { json }: Options,
  work: (questionnaire: Questionnaire) => Promise<readonly string[]>,
): Promise<void> {
  const compiled = await compiledFrom(file)
  if (compiled instanceof UnreadableSurveyError) {
    process.exitCode = exit.unreadable
    const problem = { sheet: '', row: 0, column: '', severity: 'error', message: compiled.message }
    print(json === true ? JSON.stringify({ questions: 0, languages: [], problems: [problem], ignored: [] }) : compiled.message)
    return
  }
  const written = compiled.questionnaire === undefined ? [] : await work(compiled.questionnaire)
  print(json === true ? reportJson(compiled, written) : reportText(compiled, written))
  process.exitCode = compiled.questionnaire === undefined ? exit.hasErrors : exit.usable
}

async function compiledFrom(file: string): Promise<Compiled | UnreadableSurveyError> {
  try {
    return compileQuestionnaire(await readSurvey(file), basename(file, extname(file)), await readHouse())
  } catch (error) {
    if (error instanceof UnreadableSurveyError) return error
    throw error
  }
}

async function writeOutputs(questionnaire: Questionnaire, folder: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true })
  const files = Object.entries({ ...programOutputs(questionnaire), ...documents(questionnaire) })
  for (const [name, content] of files) await writeFile(join(folder, name), content)
  return files.map(([name]) => join(folder, name))
}

async function writePaper(
  questionnaire: Questionnaire,
  { out = `${questionnaire.id}.html`, language }: Options,
): Promise<readonly string[]> {
  await writeFile(out, paperForm(questionnaire, language))
  return [out]
}

async function compareFiles(olderFile: string, newerFile: string, { json }: Options): Promise<void> {
  const [older, newer] = [await versionFrom(olderFile), await versionFrom(newerFile)]
  if (older === undefined || newer === undefined) return
  const { changes, problems } = compareQuestionnaires(older, newer)
  process.exitCode = problems.length > 0 ? exit.hasErrors : exit.usable
  if (json === true) return print(JSON.stringify({ changes, problems }))
  const lines = [
    ...changes.map(({ kind, words, comparable }) => `${kind}${comparable ? '' : ' (not comparable)'}  ${words}`),
    ...problems.map(({ message }) => `error  ${message}`),
  ]
  print(
    [...lines, `${counted(changes.length, 'change')} from ${older.version} to ${newer.version}, ${problems.length} to settle.`].join('\n'),
  )
}

/** A version to compare: sheets, or a compiled questionnaire.json. Says so and sets the exit code when it is neither. */
async function versionFrom(file: string): Promise<Questionnaire | undefined> {
  if (extname(file) === '.json') return JSON.parse(await readFile(file, 'utf8')) as Questionnaire
  const compiled = await compiledFrom(file)
  if (compiled instanceof UnreadableSurveyError) {
    process.exitCode = exit.unreadable
    print(compiled.message)
    return undefined
  }
  if (compiled.questionnaire === undefined) {
    process.exitCode = exit.hasErrors
    print(`${file} has errors; see: tala questionnaire check ${file}`)
  }
  return compiled.questionnaire
}

function reportJson({ questions, languages, problems, ignored }: Compiled, written: readonly string[]): string {
  return JSON.stringify({ questions, languages, problems, ignored, ...(written.length > 0 && { written }) })
}

function reportText({ questions, languages, problems, ignored }: Compiled, written: readonly string[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const at = (sheet: string, row: number, column: string): string => `${sheet} row ${row}${column === '' ? '' : `, ${column}`}`
  return [
    ...problems.map(({ sheet, row, column, severity, message }) => `${severity}  ${at(sheet, row, column)}: ${message}`),
    ...ignored.map(({ sheet, row, column, what }) => `ignored  ${at(sheet, row, column)}: ${what}`),
    ...written.map((path) => `written  ${path}`),
    `${counted(questions, 'question')} in ${languages.join(', ')}: ${counted(errors, 'error')}, ${counted(problems.length - errors, 'warning')}, ${ignored.length} without effect.`,
  ].join('\n')
}

const print = (text: string): void => void process.stdout.write(`${text}\n`)
