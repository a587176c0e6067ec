import { describe, expect, it } from 'vitest'
import { missingAnswer, missingCodeOf, toggleChoice } from '../../../collector/interview/missing.ts'

const papers = { choices: [], exclusive: ['0', '98', '99'] }

describe('tick all', () => {
  it.each([
    [[], '1', ['1']],
    [['1'], '2', ['1', '2']],
    [['1', '2'], '1', ['2']],
    [['1'], '1', undefined],
    [['1', '2'], '0', ['0']],
    [['0'], '2', ['2']],
    [['99'], '2', ['2']],
    [['1', '2'], '98', ['98']],
  ])('with %j chosen, a tap on %s leaves %j', (chosen, name, left) => {
    expect(toggleChoice(papers, chosen, name)).toEqual(left)
  })
})

describe('no answer', () => {
  it.each([
    ['integer', '98', -98],
    ['decimal', '99', -99],
    ['date', '98', '98'],
    ['text', '99', '99'],
    ['select_multiple', '98', ['98']],
  ] as const)('to a question of type %s is stored as its code', (type, code, stored) => {
    expect(missingAnswer({ type }, code)).toEqual(stored)
    expect(missingCodeOf({ type }, stored)).toBe(code)
  })

  it('is not an answer that looks like a code: 98 years is an age', () => {
    expect(missingCodeOf({ type: 'integer' }, 98)).toBeUndefined()
  })
})
