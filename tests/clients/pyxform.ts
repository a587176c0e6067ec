// Holds Tala's compiler against pyxform, the reference implementation of XLSForm: it must accept every form Tala writes and read the same from it.
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { nodesOf } from '../../schemas/interview/nodes.ts'
import type { Expression } from '../../schemas/language/expression.ts'
import { parseExpression } from '../../schemas/language/parse.ts'
import type { Item, Questionnaire } from '../../schemas/questionnaire.ts'
import { compileQuestionnaire } from '../../schemas/xlsform/compile.ts'
import { asTyped } from '../../schemas/xlsform/read-expression.ts'
import { readSurvey } from '../../schemas/xlsform/read.ts'
import { writeSurvey } from '../../schemas/xlsform/write-survey.ts'

const run = promisify(execFile)
const reader = fileURLToPath(new URL('./read-with-pyxform.py', import.meta.url))
const schemas = fileURLToPath(new URL('../../schemas/', import.meta.url))

type Binding = 'relevant' | 'constraint' | 'required' | 'calculate'

type ReadQuestion = { readonly name: string; readonly kind: string; readonly type?: string } & { readonly [binding in Binding]?: string }

interface ReadForm {
  readonly path: string
  readonly error?: string
  readonly questions?: readonly ReadQuestion[]
}

export interface ClientReport {
  /** Undefined when the client is not on this machine: nothing was compared. */
  readonly client: string | undefined
  readonly compared: number
  readonly differences: readonly string[]
}

/** The first Python that has pyxform; PYTHON and PYTHONPATH are respected. */
async function pythonWithPyxform(): Promise<string | undefined> {
  for (const python of [process.env['PYTHON'], 'python3', '/usr/bin/python3']) {
    if (python === undefined) continue
    const found = await run(python, ['-c', 'import pyxform.xls2xform']).then(
      () => true,
      () => false,
    )
    if (found) return python
  }
  return undefined
}

/** Writes every survey of the tree as a workbook, lets pyxform read it, and compares names, relevants, constraints, required flags and calculations. */
export async function compareWithPyxform(): Promise<ClientReport> {
  const python = await pythonWithPyxform()
  if (python === undefined) return { client: undefined, compared: 0, differences: [] }
  const folder = await mkdtemp(join(tmpdir(), 'tala-pyxform-'))
  try {
    const forms = new Map<string, Questionnaire>()
    for (const survey of await surveysOfTheTree()) {
      const { questionnaire } = compileQuestionnaire(await readSurvey(survey))
      if (questionnaire === undefined) throw new Error(`${survey} does not compile`)
      const path = join(folder, `${questionnaire.id}.xlsx`)
      await writeSurvey(questionnaire, path)
      forms.set(path, questionnaire)
    }
    const { stdout } = await run(python, [reader, ...forms.keys()], { maxBuffer: 1e8 })
    const read = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ReadForm)
    const differences = read.flatMap((form) => differencesOf(form, forms.get(form.path)))
    return { client: `pyxform (${python})`, compared: read.flatMap(({ questions }) => questions ?? []).length, differences }
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function surveysOfTheTree(): Promise<readonly string[]> {
  const folders = async (path: string): Promise<string[]> => (await readdir(join(schemas, path))).map((name) => join(schemas, path, name))
  return [...(await folders('questionnaires')), ...(await folders('examples/valid'))]
}

function differencesOf({ path, error, questions }: ReadForm, questionnaire: Questionnaire | undefined): readonly string[] {
  if (questionnaire === undefined) return [`${path}: unexpected`]
  if (error !== undefined || questions === undefined) return [`${questionnaire.id}: refused by pyxform: ${error ?? 'nothing read'}`]
  const ours = new Map(nodesOf(questionnaire.items).map(({ item }) => [item.name, item]))
  const theirs = new Map(
    questions.filter(({ name }) => !name.endsWith('_count') || ours.has(name)).map((question) => [question.name, question]),
  )
  const missing = [...ours.keys()].filter((name) => !theirs.has(name)).map((name) => `${questionnaire.id}: ${name} is not read by pyxform`)
  const extra = [...theirs.keys()].filter((name) => !ours.has(name)).map((name) => `${questionnaire.id}: ${name} is made by pyxform`)
  const unlike = [...theirs.values()].flatMap((question) => {
    const item = ours.get(question.name)
    return item === undefined
      ? []
      : unlikeBindings(item, question).map((binding) => `${questionnaire.id}: ${question.name} has another ${binding}`)
  })
  return [...missing, ...extra, ...unlike]
}

function unlikeBindings(item: Item, question: ReadQuestion): readonly Binding[] {
  const ours: Readonly<Record<Binding, Expression | undefined>> = {
    relevant: item.relevant,
    constraint: item.kind === 'question' ? item.constraint : undefined,
    required: item.kind === 'question' ? item.required : undefined,
    calculate: item.kind === 'question' ? item.calculation : undefined,
  }
  const bindings: readonly Binding[] = ['relevant', 'constraint', 'required', 'calculate']
  return bindings.filter((binding) => JSON.stringify(ours[binding]) !== JSON.stringify(expressionOf(question[binding])))
}

function expressionOf(text: string | undefined): Expression | undefined {
  if (text === undefined) return undefined
  return parseExpression(/^(yes|true\(\))$/i.test(text) ? 'true()' : asTyped(text))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { client, compared, differences } = await compareWithPyxform()
  if (client === undefined) console.log('NOT RUN: no Python with pyxform here. Install pyxform and set PYTHON, or see tests/clients.')
  else console.log(`${client}: ${compared} rows compared, ${differences.length} differences`)
  for (const difference of differences) console.log(`  ${difference}`)
  process.exitCode = differences.length > 0 ? 1 : 0
}
