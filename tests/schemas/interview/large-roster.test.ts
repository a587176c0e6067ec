import { describe, expect, it, vi } from 'vitest'
import type { Answers } from '../../../schemas/interview/answers.ts'
import type { Form } from '../../../schemas/interview/form.ts'
import { Reading } from '../../../schemas/interview/reading.ts'
import { householdForm } from '../../collector/interview/household.ts'

function homeOf(form: Form, members: number): Answers {
  let answers = form.start()
  for (let each = 1; each <= members; each++) answers = form.addRow(answers, 'person', `row-${each}`)
  return answers
}

/** Nodes that the engine looks at meanwhile. */
function looksAt(change: () => Answers): number {
  const spy = vi.spyOn(Reading.prototype, 'isRelevant')
  change()
  const count = spy.mock.calls.length
  spy.mockRestore()
  return count
}

describe('a home of two hundred', () => {
  const form = householdForm()
  const [two, crowd] = [homeOf(form, 2), homeOf(form, 200)]

  it('is not looked through when a member comes', () => {
    const small = looksAt(() => form.addRow(two, 'person', 'new'))
    const large = looksAt(() => form.addRow(crowd, 'person', 'new'))
    expect(small).toBeGreaterThan(0)
    expect(large).toBeLessThan(small + 200)
  })

  it('counts its members nevertheless, when one comes and when one goes', () => {
    const more = form.addRow(crowd, 'person', 'new')
    expect(more).toEqual(form.calculate(more))
    const fewer = form.removeRow(more, 'person', 'row-7')
    expect(fewer).toEqual(form.calculate(fewer))
  })
})
