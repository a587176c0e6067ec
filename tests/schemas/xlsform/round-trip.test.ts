import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nodesOf } from '../../../schemas/interview/nodes.ts'
import { parseExpression } from '../../../schemas/language/parse.ts'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'
import { compileQuestionnaire } from '../../../schemas/xlsform/compile.ts'
import { expressionsOf } from '../../../schemas/xlsform/expressions-of.ts'
import { printExpression } from '../../../schemas/xlsform/print-expression.ts'
import { readSurvey } from '../../../schemas/xlsform/read.ts'
import { writeSurvey } from '../../../schemas/xlsform/write-survey.ts'

const surveys = ['questionnaires/household', 'examples/valid/household-abroad', 'examples/valid/every-type']
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tala-round-trip-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function compiled(path: string): Promise<Questionnaire> {
  const { questionnaire, problems } = compileQuestionnaire(await readSurvey(path))
  if (questionnaire === undefined) throw new Error(JSON.stringify(problems.filter(({ severity }) => severity === 'error')))
  return questionnaire
}

describe.each(surveys)('the survey %s', (survey) => {
  const path = fileURLToPath(new URL(`../../../schemas/${survey}`, import.meta.url))

  it('is the same questionnaire after it was written as CSV sheets and compiled again', async () => {
    const questionnaire = await compiled(path)
    const written = join(folder, questionnaire.id)
    await writeSurvey(questionnaire, written)
    expect(await compiled(written)).toEqual(questionnaire)
  })

  it('is the same questionnaire after it was written as an Excel workbook and compiled again', async () => {
    const questionnaire = await compiled(path)
    const written = join(folder, `${questionnaire.id}.xlsx`)
    await writeSurvey(questionnaire, written)
    expect(await compiled(written)).toEqual(questionnaire)
  })

  it('has expressions that are read the same after printing', async () => {
    const expressions = nodesOf((await compiled(path)).items).flatMap(({ item }) =>
      expressionsOf(item).filter(({ column }) => column !== 'choice_filter'),
    )
    expect(expressions.length).toBeGreaterThan(5)
    for (const { expression } of expressions) expect(parseExpression(printExpression(expression))).toEqual(expression)
  })
})

describe('a printed expression', () => {
  it.each([
    '1 - (2 - 3)',
    '(1 - 2) - 3',
    '-(${a} + 1)',
    '2 * (3 + 4) div 5',
    '(${a} or ${b}) and ${c}',
    '(${a} = 1) = (${b} = 2)',
    "count(${person}[not(B02 = '01') and C1 = ${a}])",
    'max(${person}[a > 1]/b)',
    'indexed-repeat(${x}, ${person}, position(..) - 1)',
    "instance('towns')/root/item[name = ${x}]/label",
    "jr:choice-name(${x}, '${x}')",
    '"it\'s"',
    '3 - -1',
    "if(${x} > 1.5, 'a', '')",
  ])('is read the same: %s', (source) => {
    const expression = parseExpression(source)
    expect(parseExpression(printExpression(expression))).toEqual(expression)
  })
})
