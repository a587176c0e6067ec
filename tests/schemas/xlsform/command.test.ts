import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { registerQuestionnaireCommands } from '../../../schemas/xlsform/command.ts'

const examples = fileURLToPath(new URL('../../../schemas/examples/', import.meta.url))
const valid = join(examples, 'valid/household-abroad')
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tala-questionnaire-'))
})
afterAll(() => rm(folder, { recursive: true }))
afterEach(() => {
  process.exitCode = 0
})

async function tala(...words: readonly string[]): Promise<{ exit: number; output: string }> {
  const written: string[] = []
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0)
  try {
    const program = new Command('tala')
    registerQuestionnaireCommands(program)
    await program.parseAsync(['questionnaire', ...words], { from: 'user' })
  } finally {
    spy.mockRestore()
  }
  return { exit: Number(process.exitCode ?? 0), output: written.join('') }
}

describe('tala questionnaire check', () => {
  it('ends with 0 for a usable survey, warnings or not', async () => {
    const { exit, output } = await tala('check', valid)
    expect(exit).toBe(0)
    expect(output).toMatch(/22 questions in en, fil: 0 errors, 1 warning, 0 without effect\.\n$/)
  })

  it('ends with 1 and points at the row of each error', async () => {
    const { exit, output } = await tala('check', join(examples, 'invalid/name-twice'))
    expect(exit).toBe(1)
    expect(output).toContain('error  survey row 3, name: The name "age" is already used in row 2.')
  })

  it('ends with 2 when there is nothing to read', async () => {
    const file = join(folder, 'letter.xlsx')
    await writeFile(file, 'Dear sir')
    expect(await tala('check', file)).toMatchObject({ exit: 2, output: expect.stringContaining('not an .xlsx workbook') as string })
    expect(await tala('check', join(folder, 'nowhere'))).toMatchObject({
      exit: 2,
      output: expect.stringContaining('There is no file or folder') as string,
    })
  })

  it('writes one JSON object with questions, languages, problems and what is ignored', async () => {
    const { exit, output } = await tala('check', join(examples, 'invalid/name-twice'), '--json')
    expect(exit).toBe(1)
    expect(JSON.parse(output)).toEqual({
      questions: 2,
      languages: ['en'],
      problems: [
        {
          sheet: 'survey',
          row: 3,
          column: 'name',
          severity: 'error',
          message: 'The name "age" is already used in row 2. Each question, group and repeat needs its own name.',
        },
      ],
      ignored: [{ sheet: 'choices', row: 2, column: 'list_name', what: 'No question uses the list yes_no.' }],
    })
  })

  it('keeps that shape when the file cannot be read', async () => {
    const { exit, output } = await tala('check', join(folder, 'nowhere'), '--json')
    expect(exit).toBe(2)
    expect(JSON.parse(output)).toMatchObject({ questions: 0, languages: [], problems: [{ severity: 'error' }], ignored: [] })
  })
})

describe('tala questionnaire compile', () => {
  it('writes everything that follows from the survey', async () => {
    const out = join(folder, 'compiled')
    const { exit } = await tala('compile', valid, '--out', out)
    expect(exit).toBe(0)
    expect(await readdir(out)).toEqual(expect.arrayContaining(['answers.schema.json', 'questionnaire.json', 'tables.sql', 'validate.js']))
    expect(JSON.parse(await readFile(join(out, 'questionnaire.json'), 'utf8'))).toMatchObject({
      schema: 'questionnaire/1',
      id: 'household_abroad',
    })
  })

  it('writes nothing for a survey with errors', async () => {
    const out = join(folder, 'nothing')
    expect(await tala('compile', join(examples, 'invalid/name-twice'), '--out', out)).toMatchObject({ exit: 1 })
    await expect(readdir(out)).rejects.toThrow()
  })
})

describe('tala questionnaire write, paper and diff', () => {
  it('write a survey as a workbook that compiles to the same, and print it', async () => {
    const workbook = join(folder, 'again.xlsx')
    expect(await tala('write', valid, '--out', workbook)).toMatchObject({ exit: 0 })
    expect(await tala('diff', valid, workbook, '--json')).toEqual({ exit: 0, output: '{"changes":[],"problems":[]}\n' })
    const paper = join(folder, 'paper.html')
    expect(await tala('paper', workbook, '--language', 'fil', '--out', paper)).toMatchObject({ exit: 0 })
    expect(await readFile(paper, 'utf8')).toContain('<html lang="fil"')
  })

  it('tell changes in words and refuse what must be settled first', async () => {
    const changed = join(folder, 'changed')
    await tala('write', valid, '--out', changed)
    const survey = join(changed, 'survey.csv')
    await writeFile(survey, (await readFile(survey, 'utf8')).replace('How old is ${first_name}?', 'What is the age of ${first_name}?'))
    const { exit, output } = await tala('diff', valid, changed)
    expect(exit).toBe(1)
    expect(output).toContain('wording  age: asked "How old is […]?", now "What is the age of […]?".')
    expect(output).toContain('error  The content changed but the version is still 2026112001.')
  })

  it('end with 2 when one of them cannot be read', async () => {
    expect(await tala('diff', valid, join(folder, 'nowhere'))).toMatchObject({ exit: 2 })
  })
})
