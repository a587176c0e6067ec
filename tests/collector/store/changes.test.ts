import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changesBetween, makeChanges } from '../../../collector/store/changes.ts'

const stored = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

/** What a reader ends with who had the one value and hears the changes, as they lie on a disk. */
function heard(before: object, after: object): unknown {
  const value = stored(before)
  makeChanges(value, stored(changesBetween(before, after)))
  return value
}

const answer = fc.oneof(fc.string(), fc.integer(), fc.array(fc.string(), { maxLength: 3 }), fc.constant(undefined))
const row = fc.record({ _id: fc.string(), B01: answer, B05: answer }, { requiredKeys: ['_id'] })
const draft = fc.record(
  {
    updated: fc.string(),
    answers: fc.record({ A02: answer, A03: answer, person: fc.array(row, { maxLength: 5 }) }, { requiredKeys: [] }),
    place: fc.oneof(
      fc.record({ screen: fc.constant('summary') }),
      fc.record({ screen: fc.constant('question'), at: fc.record({ name: fc.string(), row: fc.string() }, { requiredKeys: ['name'] }) }),
    ),
    overrides: fc.array(fc.record({ check: fc.string() }), { maxLength: 3 }),
    torn: fc.boolean(),
  },
  { requiredKeys: ['updated', 'answers', 'place'] },
)

describe('what changed in a draft', () => {
  it('makes the later draft of the earlier one, whatever happened in between', () => {
    fc.assert(
      fc.property(draft, draft, (before, after) => {
        expect(heard(before, after)).toEqual(stored(after))
      }),
    )
  })

  it('is nothing between a draft and itself', () => {
    fc.assert(
      fc.property(draft, (same) => {
        expect(changesBetween(same, stored(same))).toEqual([])
      }),
    )
  })

  it('is one answer of one member, however large the household is', () => {
    const person = Array.from({ length: 200 }, (_, index) => ({ _id: `p${index}`, B01: 'x' }))
    const answered = person.map((each) => (each._id === 'p150' ? { ...each, B05: '2' } : each))
    expect(changesBetween({ answers: { person } }, { answers: { person: answered } })).toEqual([[['answers', 'person', 150, 'B05'], '2']])
  })

  it('is the new member alone when one is added', () => {
    const [first, second] = [{ _id: 'p1' }, { _id: 'p2' }]
    expect(changesBetween({ person: [first] }, { person: [first, second] })).toEqual([[['person', 1], second]])
  })
})
