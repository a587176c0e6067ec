import { basename, extname, join } from 'node:path'
import { mkdir, writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { type Compiled, compileQuestionnaire } from './compile.ts'
import { outputsOf } from './outputs.ts'
import { readSurvey, UnreadableSurveyError } from './read.ts'

/** Exit codes of every questionnaire command. */
const exit = { usable: 0, hasErrors: 1, unreadable: 2 } as const

interface Options {
  readonly json?: boolean
  readonly out?: string
}

/** `tala questionnaire check|compile FILE`: FILE is an .xlsx workbook, a folder of CSV sheets, or one of its sheets. */
export function registerQuestionnaireCommands(program: Command): void {
  const questionnaire = program.command('questionnaire').description('check and compile a survey written as XLSForm')
  questionnaire
    .command('check')
    .description('everything that is wrong, by sheet, row and column, and what has no effect')
    .argument('<file>', 'an .xlsx workbook or a folder with survey.csv')
    .option('--json', 'as JSON on standard output')
    .action((file: string, options: Options) => onSurvey(file, options, async () => []))
  questionnaire
    .command('compile')
    .description('write the form, the schema, the tables and the documents of a survey')
    .argument('<file>', 'an .xlsx workbook or a folder with survey.csv')
    .option('--out <folder>', 'where to write; default: a folder named by the survey')
    .option('--json', 'as JSON on standard output')
    .action((file: string, options: Options) => onSurvey(file, options, (compiled) => writeOutputs(compiled, options.out)))
}

/** Reads and compiles, says what was found, and goes on to `work` when the survey is usable. */
async function onSurvey(file: string, { json }: Options, work: (compiled: Compiled) => Promise<readonly string[]>): Promise<void> {
  const compiled = await compiledFrom(file)
  if (compiled instanceof UnreadableSurveyError) {
    process.exitCode = exit.unreadable
    const problem = { sheet: '', row: 0, column: '', severity: 'error', message: compiled.message }
    print(json === true ? JSON.stringify({ questions: 0, languages: [], problems: [problem], ignored: [] }) : compiled.message)
    return
  }
  const written = compiled.questionnaire === undefined ? [] : await work(compiled)
  print(json === true ? reportJson(compiled, written) : reportText(compiled, written))
  process.exitCode = compiled.questionnaire === undefined ? exit.hasErrors : exit.usable
}

async function compiledFrom(file: string): Promise<Compiled | UnreadableSurveyError> {
  try {
    return compileQuestionnaire(await readSurvey(file), basename(file, extname(file)))
  } catch (error) {
    if (error instanceof UnreadableSurveyError) return error
    throw error
  }
}

async function writeOutputs({ questionnaire }: Compiled, out: string | undefined): Promise<readonly string[]> {
  if (questionnaire === undefined) return []
  const folder = out ?? questionnaire.id
  await mkdir(folder, { recursive: true })
  const paths = Object.entries(outputsOf(questionnaire)).map(([name, content]) => ({ path: join(folder, name), content }))
  for (const { path, content } of paths) await writeFile(path, content)
  return paths.map(({ path }) => path)
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
    `${questions} questions in ${languages.join(', ')}: ${errors} errors, ${problems.length - errors} warnings, ${ignored.length} without effect.`,
  ].join('\n')
}

const print = (text: string): void => void process.stdout.write(`${text}\n`)
