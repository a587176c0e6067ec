import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { readFile } from 'node:fs/promises'
import type { Answers } from '../../../schemas/interview/answers.ts'
import { createForm } from '../../../schemas/interview/create-form.ts'
import type { Form } from '../../../schemas/interview/form.ts'
import { splitIdentity } from '../../../schemas/interview/split-identity.ts'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'
import { validatorOf } from '../xlsform/validator-of.ts'
import { steps, walk } from './random-paths.ts'
import { day, exampleSurvey, householdAbroad } from './scenario.ts'

const survey: { example?: Questionnaire; everyType?: Questionnaire; household?: Questionnaire } = {}
beforeAll(async () => {
  survey.example = await householdAbroad()
  survey.everyType = await exampleSurvey('every-type')
  const generated = await readFile(new URL('../../../schemas/generated/household/questionnaire.json', import.meta.url), 'utf8')
  survey.household = JSON.parse(generated) as Questionnaire
})

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
