import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { readFile } from 'node:fs/promises'
import type { Answer, Answers } from '../../../schemas/interview/answers.ts'
import { createForm } from '../../../schemas/interview/create-form.ts'
import type { Form } from '../../../schemas/interview/form.ts'
import { splitIdentity } from '../../../schemas/interview/split-identity.ts'
import type { Question, Questionnaire } from '../../../schemas/questionnaire.ts'
import { validatorOf } from '../xlsform/validator-of.ts'
import { day, exampleSurvey, householdAbroad } from './scenario.ts'

/** One thing an enumerator does; numbers choose among what is possible then. */
type Step = readonly ['answer' | 'clear' | 'wild', number, number] | readonly ['add' | 'remove', number]

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.tuple(fc.constant('answer' as const), fc.nat(), fc.nat()) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('clear' as const), fc.nat(), fc.nat()) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('wild' as const), fc.nat(), fc.nat()) },
    { weight: 2, arbitrary: fc.tuple(fc.constant('add' as const), fc.nat()) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('remove' as const), fc.nat()) },
  ),
  { minLength: 10, maxLength: 90 },
)

const survey: { example?: Questionnaire; everyType?: Questionnaire; household?: Questionnaire } = {}
beforeAll(async () => {
  survey.example = await householdAbroad()
  survey.everyType = await exampleSurvey('every-type')
  const generated = await readFile(new URL('../../../schemas/generated/household/questionnaire.json', import.meta.url), 'utf8')
  survey.household = JSON.parse(generated) as Questionnaire
})

function walk(form: Form, path: readonly Step[], openings: readonly string[]): Answers {
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

/** Clears what the engine finds wrong until every value is of its type, list and range. */
function withoutWrongValues(form: Form, answers: Answers): Answers {
  const { answers: pruned } = form.prune(answers)
  const wrong = form.validate(pruned).filter(({ kind }) => ['type', 'choice', 'constraint', 'exclusive'].includes(kind))
  if (wrong.length === 0) return pruned
  return withoutWrongValues(
    form,
    wrong.reduce((cleared, { place }) => form.answer(cleared, place, undefined), pruned),
  )
}

const surveys = [
  ['the example', () => survey.example, ['agreed']],
  ['a survey with every type of question', () => survey.everyType, []],
  ['the household survey', () => survey.household, ['A03', 'A06', 'A07']],
] as const

describe.each(surveys)('any path through %s', (_, questionnaireOf, openings) => {
  const questionnaire = (): Questionnaire => {
    const found = questionnaireOf()
    if (found === undefined) throw new Error('not loaded')
    return found
  }
  const each = (check: (answers: Answers, form: Form) => void, runs = 60): void => {
    fc.assert(
      fc.property(steps, (path) => {
        const form = createForm(questionnaire(), day)
        check(walk(form, path, openings), form)
      }),
      { numRuns: runs, seed: 20261121 },
    )
  }

  it('gives the same calculations as computing everything from scratch', () => {
    each((answers) => expect(answers).toEqual(createForm(questionnaire(), day).calculate(answers)))
  })

  it('gives the same questions and problems as a form that sees the answers for the first time', () => {
    each((answers, form) => {
      const fresh = createForm(questionnaire(), day)
      const copy = structuredClone(answers)
      expect(form.asked(answers)).toEqual(fresh.asked(copy))
      expect(form.validate(answers)).toEqual(fresh.validate(copy))
    })
  })

  it('leaves nothing irrelevant after pruning, and pruning changes no calculation', () => {
    each((answers, form) => {
      const pruned = form.prune(answers).answers
      expect(form.validate(pruned).filter(({ kind }) => kind === 'not-relevant')).toEqual([])
      expect(form.calculate(pruned)).toEqual(pruned)
      expect(form.prune(pruned).answers).toBe(pruned)
      const others = (which: Answers) => form.validate(which).filter(({ kind }) => kind !== 'not-relevant')
      expect(others(pruned)).toEqual(others(answers))
    })
  })

  it('is accepted by the schema wherever the engine finds nothing wrong with the values', async () => {
    const validate = await validatorOf(questionnaire())
    each((answers, form) => {
      const proper = withoutWrongValues(form, answers)
      expect(validate(splitIdentity(questionnaire(), proper).answers), JSON.stringify(validate.errors)).toBe(true)
    })
  })

  it('comes apart into answers and identifiers and loses nothing', () => {
    each((answers) => {
      const { answers: kept, identity } = splitIdentity(questionnaire(), answers)
      const joined: Record<string, unknown> = { ...kept, ...identity.answers }
      for (const [repeat, rows] of Object.entries(identity.rows)) {
        joined[repeat] = (kept[repeat] as readonly { _id: string }[]).map((row) => ({ ...row, ...rows[row._id] }))
      }
      expect(joined).toEqual(answers)
    })
  })
})
