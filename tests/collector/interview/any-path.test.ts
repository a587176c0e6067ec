import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { outlineOf } from '../../../collector/interview/outline.ts'
import { householdPages, memberQuestions } from '../../../collector/interview/pages.ts'
import { rowsOf } from '../../../collector/interview/values.ts'
import type { Answers, Place } from '../../../schemas/interview/answers.ts'
import type { Asked, Form } from '../../../schemas/interview/form.ts'
import { householdForm, questionnaire } from './household.ts'

const outline = outlineOf(questionnaire)

/** What stands on every page, as text to compare. */
function pagesOf(form: Form, answers: Answers): readonly string[] {
  const home = householdPages(form, outline, answers).map((page) => (page.kind === 'question' ? page.place.name : page.repeat.name))
  const people = rowsOf(answers, 'person').flatMap(({ _id }) =>
    memberQuestions(form, answers, 'person', _id).map(({ place }) => `${_id} ${place.name}`),
  )
  return [...home, ...people]
}

/** Some answer to a question; undefined clears it. */
function someAnswer(form: Form, answers: Answers, { question, place }: Asked, pick: number) {
  const choices = form.choices(answers, place).map(({ name }) => name)
  const choice = choices[pick % Math.max(1, choices.length)]
  if (pick % 11 === 0) return undefined
  if (question.type === 'select_one') return choice
  if (question.type === 'select_multiple') return choice === undefined ? undefined : [choice]
  if (question.type === 'integer' || question.type === 'decimal') return pick % 90
  if (question.type === 'date') return `${1950 + (pick % 76)}-0${1 + (pick % 9)}-01`
  return question.type === 'text' ? 'as told' : undefined
}

describe('on any path of answers, back and forth', () => {
  it('the pages are those of a fresh form with the same answers, and what is pruned is never missed', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100_000), { minLength: 5, maxLength: 60 }), (picks) => {
        const form = householdForm({ ask_module_l: 1, certified: 1, ask_legal_status: 1 })
        const consent = { A01: '0402109001', A03: '1', A05: '1', A06: '1', A07: '1' }
        let answers = form.addRow(form.addRow(form.calculate({ ...form.start(), ...consent }), 'person', 'a'), 'person', 'b')
        for (const pick of picks) {
          const asked = form.asked(answers).filter(({ question }) => question.type !== 'note')
          const at = asked[pick % asked.length]
          if (!at) break
          const place: Place = at.place
          answers = form.answer(answers, place, someAnswer(form, answers, at, Math.floor(pick / 7)))
        }
        const fresh = householdForm({ ask_module_l: 1, certified: 1, ask_legal_status: 1 })
        expect(pagesOf(form, answers)).toEqual(pagesOf(fresh, structuredClone(answers)))
        const kept = form.prune(answers).answers
        expect(fresh.validate(structuredClone(kept)).filter(({ kind }) => kind === 'not-relevant')).toEqual([])
        expect(fresh.validate(structuredClone(kept))).toEqual(form.validate(kept))
      }),
      { numRuns: 60, seed: 7 },
    )
  })
})
