import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { compileQuestionnaire } from '../../../schemas/xlsform/compile.ts'
import { readSurvey } from '../../../schemas/xlsform/read.ts'

interface Expected {
  readonly rule: string
  readonly problem: {
    readonly sheet: string
    readonly row: number
    readonly column: string
    readonly severity: string
    readonly says: string
  }
}

const folder = new URL('../../../schemas/examples/invalid/', import.meta.url)
const names = (await readdir(folder)).filter((name) => !name.includes('.')).toSorted()
const cases = await Promise.all(
  names.map(async (name) => {
    const expected = JSON.parse(await readFile(new URL(`${name}/expected.json`, folder), 'utf8')) as Expected
    return { name, ...expected }
  }),
)

describe('the rules of a survey, each broken by one small file', () => {
  it('are at least sixty', () => {
    expect(cases.length).toBeGreaterThanOrEqual(60)
  })

  it.each(cases)('$rule ($name)', async ({ name, problem }) => {
    const compiled = compileQuestionnaire(await readSurvey(fileURLToPath(new URL(name, folder))), name)
    const { says, ...where } = problem
    expect(compiled.problems).toContainEqual({ ...where, message: expect.stringContaining(says) as string })
    // One rule is broken, so nothing else may be found wrong: a reader must not be sent to a second row.
    expect(compiled.problems.filter(({ severity }) => severity === 'error').length).toBeLessThanOrEqual(1)
    expect(compiled.questionnaire === undefined).toBe(problem.severity === 'error')
  })
})
