import fc from 'fast-check'
import type { Answer, Answers } from '../../../schemas/interview/answers.ts'
import type { Form } from '../../../schemas/interview/form.ts'
import type { Question } from '../../../schemas/questionnaire.ts'

/** One thing an enumerator does; numbers choose among what is possible then. */
export type Step = readonly ['answer' | 'clear' | 'wild', number, number] | readonly ['add' | 'remove', number]

export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.tuple(fc.constant('answer' as const), fc.nat(), fc.nat()) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('clear' as const), fc.nat(), fc.nat()) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('wild' as const), fc.nat(), fc.nat()) },
    { weight: 2, arbitrary: fc.tuple(fc.constant('add' as const), fc.nat()) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('remove' as const), fc.nat()) },
  ),
  { minLength: 10, maxLength: 90 },
)

/** The answers after a path; `openings` are questions that must be answered yes for the form to go on. */
export function walk(form: Form, path: readonly Step[], openings: readonly string[]): Answers {
  let answers = form.start()
  for (const name of openings) answers = form.answer(answers, { name }, '1')
  for (const [index, step] of path.entries()) answers = take(form, answers, step, index)
  return answers
}

function take(form: Form, answers: Answers, step: Step, index: number): Answers {
  const rows = (answers['person'] ?? []) as readonly { readonly _id: string }[]
  if (step[0] === 'add') return form.addRow(answers, 'person', `m${index}`)
  if (step[0] === 'remove') return rows.length === 0 ? answers : form.removeRow(answers, 'person', rows[step[1] % rows.length]?._id ?? '')
  const asked = form.asked(answers).filter(({ question }) => question.type !== 'note')
  const [kind, which, number = 0] = step
  const chosen = asked[which % asked.length]
  if (chosen === undefined) return answers
  const value =
    kind === 'clear' ? undefined : kind === 'wild' ? wild(number) : plausible(form, answers, chosen.question, chosen.place, number)
  return form.answer(answers, chosen.place, value)
}

function plausible(form: Form, answers: Answers, question: Question, place: { name: string }, number: number): Answer | undefined {
  const codes = form.choices(answers, place).map(({ name }) => name)
  const missing = question.missing?.[0]
  if (missing !== undefined && number % 9 === 0) return ['integer', 'decimal', 'range'].includes(question.type) ? -Number(missing) : missing
  switch (question.type) {
    case 'select_one':
      return codes.length === 0 ? undefined : codes[number % codes.length]
    case 'select_multiple':
      return codes.filter((_, index) => (number >> index) % 2 === 1)
    case 'integer':
      return number % 90
    case 'decimal':
      return (number % 1000) / 4
    case 'date':
      return `${1950 + (number % 76)}-0${1 + (number % 9)}-01`
    case 'geopoint':
      return '14.5 121 0 5'
    default:
      return `words ${number % 7}`
  }
}

function wild(number: number): Answer {
  const values: readonly Answer[] = ['', 'zzz', -5, 1e300, [], ['zzz', 'zzz'], '98', -98, '2026-99-99', 'ዓ']
  return values[number % values.length] ?? ''
}
