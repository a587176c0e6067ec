// The questionnaire: compiling sheets, and the form at work. `node --import tsx bench/questionnaire.ts [--json FILE]`; CPU time, no network.
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import type { Answer, Answers } from '../schemas/interview/answers.ts'
import { createForm } from '../schemas/interview/create-form.ts'
import type { Form } from '../schemas/interview/form.ts'
import type { Questionnaire } from '../schemas/questionnaire.ts'
import { compileQuestionnaire } from '../schemas/xlsform/compile.ts'
import { readSurvey } from '../schemas/xlsform/read.ts'
import { validateAnswers } from '../schemas/generated/household/validate.js'
import { splitIdentity } from '../schemas/interview/split-identity.ts'

const { values: options } = parseArgs({ options: { json: { type: 'string' } } })
const results: Record<string, number> = {}
const note = (name: string, value: number, unit: string): void => {
  results[name] = Number(value.toPrecision(3))
  console.log(`${name.padEnd(28)} ${results[name]} ${unit}`)
}

/** Best of five runs, CPU ms per repetition: the machine may be busy with other work. */
function best(repetitions: number, work: () => void): number {
  const runs = Array.from({ length: 5 }, () => {
    const begun = process.cpuUsage()
    for (let each = 0; each < repetitions; each += 1) work()
    const { user, system } = process.cpuUsage(begun)
    return (user + system) / 1000 / repetitions
  })
  return Math.min(...runs)
}

const workbook = await readSurvey(fileURLToPath(new URL('../schemas/questionnaires/household', import.meta.url)))
const rows = workbook.sheets.reduce((sum, { rows: each }) => sum + each.length, 0)
note(
  'compile_ms_per_1000_rows',
  (best(5, () => void compileQuestionnaire(workbook)) * 1000) / rows,
  `ms; the household survey has ${rows} rows`,
)

const questionnaire = JSON.parse(
  await readFile(new URL('../schemas/generated/household/questionnaire.json', import.meta.url), 'utf8'),
) as Questionnaire
note(
  'create_form_ms',
  best(5, () => void createForm(questionnaire, { today: '2026-03-10', now: '2026-03-10T10:00:00+08:00' })),
  'ms',
)

const form = createForm(questionnaire, { today: '2026-03-10', now: '2026-03-10T10:00:00+08:00', withoutIdentifiers: true })
for (const members of [15, 200]) {
  const household = householdOf(form, members)
  note(
    `calculate_${members}_ms`,
    best(10, () => void form.calculate({ ...household })),
    `ms, all calculations of ${members} members from scratch`,
  )
  note(
    `validate_${members}_ms`,
    best(10, () => void form.validate({ ...household })),
    'ms, everything, seen for the first time',
  )
  const age = { name: 'B05', repeat: 'person', row: 'm1' }
  let years = 20
  note(
    `answer_${members}_ms`,
    best(20, () => {
      years = years === 20 ? 21 : 20
      const next = form.answer(household, age, years)
      form.check(next, age)
      form.asked(next)
    }),
    'ms: an age answered, re-checked, and all questions listed',
  )
}
const sent = splitIdentity(questionnaire, householdOf(form, 10)).answers
note(
  'schema_10_ms',
  best(200, () => void validateAnswers(sent)),
  'ms, the standalone validator',
)
note('questionnaire_gz_kb', gzipSync(JSON.stringify(questionnaire)).length / 1000, 'kB over the link, six languages')

const bundle = await build({
  configFile: false,
  logLevel: 'silent',
  build: {
    write: false,
    minify: true,
    target: 'chrome100',
    lib: { entry: fileURLToPath(new URL('../schemas/interview/create-form.ts', import.meta.url)), formats: ['es'] },
  },
})
const chunks = [bundle].flat().flatMap((each) => ('output' in each ? each.output : []))
note(
  'engine_gz_kb',
  chunks.reduce((sum, chunk) => sum + (chunk.type === 'chunk' ? gzipSync(chunk.code).length : 0), 0) / 1000,
  'kB, engine with evaluator',
)
if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(results, undefined, 2)}\n`)

function householdOf(of: Form, members: number): Answers {
  let answers = of.start()
  for (const name of ['A03', 'A06', 'A07']) answers = of.answer(answers, { name }, '1')
  for (let index = 0; index < members; index += 1) {
    const row = `m${index}`
    answers = of.addRow(answers, 'person', row)
    const given: Readonly<Record<string, Answer>> = {
      B02: index === 0 ? '01' : '03',
      B03: 'F',
      B05: 30 - (index % 20),
      B06: index % 4 === 3 ? '3' : '1',
      B09: 'S',
      C01: 'PHL',
      C02: 'PHL',
      G01: '1',
    }
    for (const [name, value] of Object.entries(given)) answers = of.answer(answers, { name, repeat: 'person', row }, value)
  }
  return answers
}
