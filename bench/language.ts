// The language: parsing, evaluating, translating. `npm run bench:language -- [--json FILE]`; seeded, no network.
import { readFile, writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'vite'
import { sqlNames } from '../aggregator/indicators/sql-names.ts'
import { loadDefinitions } from '../aggregator/indicators/load-definitions.ts'
import { createForm } from '../schemas/interview/create-form.ts'
import type { Answers } from '../schemas/interview/answers.ts'
import { evaluate } from '../schemas/language/evaluate.ts'
import { parseExpression } from '../schemas/language/parse.ts'
import { toSql } from '../schemas/language/to-sql.ts'
import type { Questionnaire } from '../schemas/questionnaire.ts'
import { scopeOf } from '../tests/schemas/language/household.ts'

const { values: options } = parseArgs({ options: { json: { type: 'string' } } })
const results: Record<string, number> = {}
const note = (name: string, value: number, unit: string) => {
  results[name] = Number(value.toPrecision(4))
  console.log(`${name.padEnd(28)} ${results[name]} ${unit}`)
}

/** Best of seven runs, ms per repetition. */
function best(repetitions: number, work: () => void): number {
  const runs = Array.from({ length: 7 }, () => {
    const started = performance.now()
    for (let each = 0; each < repetitions; each++) work()
    return (performance.now() - started) / repetitions
  })
  return Math.min(...runs)
}

const questionnaire = JSON.parse(
  await readFile(new URL('../schemas/generated/household/questionnaire.json', import.meta.url), 'utf8'),
) as Questionnaire
const definitions = await loadDefinitions()
const sources = definitions
  .flatMap(({ definition: { asked, universe, numerator } }) => [asked, universe, numerator])
  .filter((each) => each !== undefined)
const parsed = sources.map(parseExpression)
note('parse_us', (best(20, () => sources.forEach(parseExpression)) * 1000) / sources.length, 'µs per expression of the indicators')

const member = { B06: '1', B05: 34, age: 34, B03: 'F', C01: 'SAU', E02: '1', K01: ['05', '07'] }
const scope = scopeOf({ fields: { home_country: 'PHL' }, members: Array.from({ length: 5 }, () => member) }, 0)
note(
  'evaluate_us',
  (best(50, () => parsed.forEach((each) => void evaluate(each, scope))) * 1000) / parsed.length,
  'µs per expression of the indicators',
)

const names = sqlNames(questionnaire)
const place = { household: 'h', member: { repeat: 'person', alias: 'p' }, today: 'h.finished', now: "''" }
note(
  'to_sql_us',
  (best(20, () => parsed.forEach((each) => void toSql(each, names, place))) * 1000) / parsed.length,
  'µs per expression of the indicators',
)

const form = createForm(questionnaire, { today: '2026-03-10', now: '2026-03-10T10:00:00+08:00' })
const people = Array.from({ length: 15 }, (_, index) => ({
  _id: `m${index}`,
  B02: index === 0 ? '01' : '03',
  B03: index % 2 ? 'M' : 'F',
  B04: `${1970 + index}-05-01`,
  B05: 55 - index,
  B06: '1',
  C01: 'PHL',
  C02: 'PHL',
  C04: '1',
  C05: '1',
}))
const draw = { next: 0 }
// Another home each time, so that nothing is remembered.
const home = (): Answers => ({ A02: String(draw.next++), ...form.start(), A07: '1', person: people.map((each) => ({ ...each })) })
note(
  'calculate_15_members_ms',
  best(5, () => void form.calculate(home())),
  'ms: every calculation of a home of 15, from scratch',
)
note(
  'validate_15_members_ms',
  best(5, () => void form.validate(home())),
  'ms: every rule of a home of 15',
)

const bundled = await build({
  configFile: false,
  logLevel: 'silent',
  build: {
    write: false,
    minify: true,
    lib: { entry: fileURLToPath(new URL('../schemas/language/evaluate.ts', import.meta.url)), formats: ['es'] },
  },
})
const [output] = Array.isArray(bundled) ? bundled : [bundled]
const code = output && 'output' in output ? output.output.map((chunk) => ('code' in chunk ? chunk.code : '')).join('') : ''
note('evaluate_gzip_bytes', gzipSync(code, { level: 9 }).length, 'bytes: everything a phone needs to evaluate')

if (options.json) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`)
