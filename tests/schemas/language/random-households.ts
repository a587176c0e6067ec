import fc from 'fast-check'
import type { SqlColumn, SqlNames } from '../../../schemas/language/to-sql.ts'
import { choiceLabels, type Household } from './household.ts'

/** Questions of every kind, at both levels; the same names in TypeScript and in DuckDB. */
export const questions: Readonly<Record<string, SqlColumn>> = {
  h_text: { column: 'h_text', kind: 'text' },
  h_code: { column: 'h_code', kind: 'text' },
  h_number: { column: 'h_number', kind: 'number' },
  h_count: { column: 'h_count', kind: 'number' },
  h_date: { column: 'h_date', kind: 'date' },
  h_codes: { column: 'h_codes', kind: 'codes' },
  p_text: { column: 'p_text', kind: 'text', repeat: 'person' },
  p_code: { column: 'p_code', kind: 'text', repeat: 'person' },
  p_age: { column: 'p_age', kind: 'number', repeat: 'person' },
  p_pay: { column: 'p_pay', kind: 'number', repeat: 'person' },
  p_date: { column: 'p_date', kind: 'date', repeat: 'person' },
  p_codes: { column: 'p_codes', kind: 'codes', repeat: 'person' },
}

export const areas = [
  { name: '01', label: 'North', level: 'region' },
  { name: '02', label: 'South', level: 'region' },
  { name: '0201', label: 'Old Town', level: 'town' },
]

export const names: SqlNames = {
  question: (name) => questions[name],
  repeatTable: (name) => (name === 'person' ? 'home_person' : undefined),
  list: () => areas,
  labels: () => choiceLabels,
}

const code = fc.constantFrom('01', '02', '3', '96', '')
const words = fc.constantFrom('', 'a', 'Cruz', '12', ' 7.5 ', '-3', "o'hara", '2024-02-29', 'a b', 'ñandú', '0')
const whole = fc.oneof({ weight: 1, arbitrary: fc.constant('' as const) }, { weight: 4, arbitrary: fc.integer({ min: -5, max: 99 }) })
const decimal = fc.oneof(
  { weight: 1, arbitrary: fc.constant('' as const) },
  { weight: 4, arbitrary: fc.integer({ min: -400, max: 4000 }).map((each) => each / 8) },
)
const date = fc.constantFrom('', '2024-02-29', '2024-01-31', '1999-12-31', '2026-03-15', '1970-01-01', '1966-07-04')
const codes = fc.uniqueArray(fc.constantFrom('01', '02', '3', '96'), { maxLength: 3 })

const member = fc.record({ p_text: words, p_code: code, p_age: whole, p_pay: decimal, p_date: date, p_codes: codes })

/** Households with 0 to 4 members; a third of the answers empty. */
export const households: fc.Arbitrary<Household> = fc.record({
  fields: fc.record({ h_text: words, h_code: code, h_number: decimal, h_count: whole, h_date: date, h_codes: codes }),
  members: fc.array(member, { maxLength: 4 }),
  memberNames: fc.constant(Object.keys(questions).filter((name) => questions[name]?.repeat)),
  lists: fc.constant({ areas: areas.map(({ name, label, level }) => ({ name, label: { en: label }, columns: { level } })) }),
})
