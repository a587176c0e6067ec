import { describe, expect, it } from 'vitest'
import { indicatorSystem } from '../../../../aggregator/disclosure/indicator-system.ts'
import { breakdownsOf, defaultPolicy } from '../../../../aggregator/disclosure/policy.ts'
import { needsOf } from '../../../../aggregator/disclosure/tables/protection-rules.ts'
import { communityTables, madeUpPeople, type MadeUpPerson } from '../community.ts'

/** Nobody is an internally displaced person (4) but these. */
const others = madeUpPeople(4, 1200, 1, 31).filter(({ status }) => status !== 4)
const displaced = (count: number): readonly MadeUpPerson[] =>
  Array.from({ length: count }, () => ({ area: 0, sex: 0, age: 4, status: 4, answers: [true] }))
const newcomers = madeUpPeople(1, 60, 1, 5).filter(({ status }) => status !== 4)

/** How far the interval of displaced people must reach in a second release in which `count` of once `before` are left. */
function reach(before: number, count: number): readonly (number | undefined)[] {
  const [first] = communityTables([...others, ...displaced(before)], 4)
  const [second] = communityTables([...others, ...newcomers, ...displaced(count)], 4)
  if (!first || !second) throw new RangeError('A community has a population.')
  const made = indicatorSystem({
    table: second,
    breakdowns: breakdownsOf('POP01', undefined, defaultPolicy),
    rule: undefined,
    frame: new Map(),
    population: null,
    earlier: [{ table: first, shown: { printed: [], withheld: [] } }],
    policy: defaultPolicy,
  })
  if ('left' in made) throw new RangeError(made.left)
  const axis = made.cube.dimensions.findIndex(({ id }) => id === 'MIG_STATUS')
  const node = made.cube.dimensions[axis]?.nodes.findIndex(({ code }) => code === 'IDP') ?? -1
  const cell = made.cellAt(node * (made.cube.strides[axis] ?? 1), 'denominator') ?? -1
  const { lower, upper } = needsOf(made.system, made.rules)
  return [lower[cell], upper[cell]]
}

describe('the interval of a count that a few people changed', () => {
  it('holds what an earlier release printed, also when the count fell under the minimum', () => {
    expect(reach(15, 8)).toEqual([0, 15])
  })

  it('reaches the minimum to both sides while the count is large', () => {
    expect(reach(40, 36)).toEqual([26, 46])
  })

  it('is that of any small count when the earlier one was small too', () => {
    expect(reach(9, 6)).toEqual([0, 10])
  })
})
