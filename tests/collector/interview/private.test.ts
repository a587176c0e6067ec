import { describe, expect, it } from 'vitest'
import type { Answers } from '../../../schemas/interview/answers.ts'
import { outlineOf } from '../../../collector/interview/outline.ts'
import { endOfSection, isPrivate, stopSection } from '../../../collector/interview/private.ts'
import { nodesOf } from '../../../schemas/interview/nodes.ts'
import { householdForm, questionnaire } from './household.ts'

const form = householdForm({ ask_module_l: 1, certified: 1 })
const outline = outlineOf(questionnaire)
const at = (name: string) => ({ name, repeat: 'person', row: 'a' })
const person = { B01: 'Amina', B02: '01', B03: 'F', B05: 34, B06: '1', B11: '1', B14: '1' }
const home = (row: Record<string, string | number | readonly string[]>, more: Answers = {}): Answers =>
  form.calculate({
    ...form.start(),
    A01: '0402109001',
    A03: '1',
    A05: '1',
    A06: '1',
    A07: '1',
    ...more,
    person: [{ _id: 'a', ...person, ...row }],
  })
const asksPrivate = (answers: Answers) =>
  form.asked(answers, { repeat: 'person', row: 'a' }).some(({ question }) => question.name === 'L01')

describe('the private questions', () => {
  it('are the ones only the person may answer and that could harm', () => {
    const names = nodesOf(questionnaire.items).flatMap(({ item }) => (item.kind === 'question' && isPrivate(item) ? [item.name] : []))
    expect(names).toEqual(expect.arrayContaining(['L01', 'L02', 'L03', 'L04', 'L05', 'L06', 'D05']))
    expect(names).not.toContain('A07')
  })

  it('open for an adult who answers alone', () => {
    expect(asksPrivate(home({}))).toBe(true)
    expect(asksPrivate(home({}, { A05: '2' }))).toBe(true)
  })

  it.each([
    ['when another adult hears', {}, { A05: '3' }],
    ['when the employer hears', {}, { A05: '4' }],
    ['by proxy', { B11: '2' }, {}],
    ['under 18', { B05: 17 }, {}],
    ['of somebody who was not selected', { B14: '0' }, {}],
  ] as const)('stay closed %s', (_, row, more) => {
    expect(asksPrivate(home(row, more))).toBe(false)
  })

  it('stop at once: what was not asked is "prefer not to say", what was answered stays', () => {
    const answers = form.answer(home({}), at('L01'), '1')
    const stopped = stopSection(form, outline, answers, at('L02'))
    const row = (stopped.person as readonly Record<string, unknown>[])[0]
    expect([row?.L01, row?.L02, row?.L05, row?.L06]).toEqual(['1', ['99'], ['99'], '99'])
    expect(form.validate(stopped).filter(({ place }) => place.name.startsWith('L'))).toEqual([])
    expect(endOfSection(form, outline, stopped, at('L02')).name).toBe('L06')
  })
})
