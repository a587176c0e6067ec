import { beforeAll, describe, expect, it } from 'vitest'
import { auditJointly } from '../../../../aggregator/disclosure/joint/joint-audit.ts'
import type { JointCount, JointSystem } from '../../../../aggregator/disclosure/joint/joint-system.ts'
import { defaultPolicy, type IndicatorRule } from '../../../../aggregator/disclosure/policy.ts'
import { protectTables } from '../../../../aggregator/disclosure/protect-tables.ts'
import { loadSolver, type Solver } from '../../../../aggregator/disclosure/tables/solver.ts'
import { madeUpPeople, tabulated } from '../community.ts'

let solver: Solver
beforeAll(async () => {
  solver = await loadSolver()
})

const options = { minimum: 10, seed: 1 }
const printed = (count: number, isForced = false, usefulness = count): JointCount => ({
  count,
  usefulness,
  lower: count,
  upper: count,
  isForced,
  owners: [],
})
const withheld = (count: number): JointCount => ({
  count,
  usefulness: count,
  lower: 0,
  upper: Number.POSITIVE_INFINITY,
  isForced: false,
  owners: [],
})
const small = (plus: number, minus: number | null = null) => ({ plus, minus, owner: { system: 0, cell: plus }, lower: 0, upper: 10 })
const sum = (plus: number, ...minus: readonly number[]) => ({ plus: [plus], minus, isInclusion: false })
const inside = (outer: number, inner: number) => ({ plus: [outer], minus: [inner], isInclusion: true })

describe('several indicators together', () => {
  it('do not give away what one prints the total of and another the rest of', () => {
    const system: JointSystem = { counts: [printed(60), printed(52), withheld(8)], relations: [sum(0, 1, 2)], targets: [small(2)] }
    expect(auditJointly(solver, system, options)).toMatchObject({ withdrawn: [1], unsafe: [] })
  })

  it('lose the figure that is worth least to readers, not the smallest', () => {
    const system: JointSystem = {
      counts: [printed(60, false, 5), printed(52, false, 9), withheld(8)],
      relations: [sum(0, 1, 2)],
      targets: [small(2)],
    }
    expect(auditJointly(solver, system, options).withdrawn).toEqual([0])
  })

  it('do not bound a count by that of a set around it', () => {
    // 40 = 3 + 37 of the inner set; whoever knows that 38 of the outer set are in the second group knows that one is in the first.
    const system: JointSystem = {
      counts: [printed(40), withheld(3), withheld(37), printed(38)],
      relations: [sum(0, 1, 2), inside(3, 2)],
      targets: [small(1)],
    }
    expect(auditJointly(solver, system, options)).toMatchObject({ withdrawn: [3], unsafe: [] })
  })

  it('do not give away how many of a set are outside another one', () => {
    const system: JointSystem = { counts: [printed(50), printed(46)], relations: [inside(0, 1)], targets: [small(0, 1)] }
    expect(auditJointly(solver, system, options)).toMatchObject({ withdrawn: [1], unsafe: [] })
  })

  it('are told apart when nothing is left to withdraw', () => {
    const system: JointSystem = {
      counts: [printed(60, true), printed(52, true), withheld(8)],
      relations: [sum(0, 1, 2)],
      targets: [small(2)],
    }
    expect(auditJointly(solver, system, options)).toMatchObject({ withdrawn: [], unsafe: [small(2)] })
  })

  it('print a count that two of them share in both or in none', { timeout: 60_000 }, async () => {
    const people = madeUpPeople(3, 700, 2, 5)
    const universe = "${B06} = '1' and ${X} = '1'"
    const table = (id: string, answer: number) =>
      tabulated(
        people,
        3,
        id,
        'proportion',
        ({ answers }) => answers[0] === true,
        ({ answers }) => answers[answer] === true,
      )
    const rule = (id: string, change: Partial<IndicatorRule>): [string, IndicatorRule] => [
      id,
      { id, unit: 'percent', minimumRespondents: 10, ...change },
    ]
    const { tables, report } = await protectTables(
      [
        table('A', 1),
        table('B', 1),
        tabulated(
          people,
          3,
          'C',
          'proportion',
          () => true,
          ({ answers }) => answers[0] === true,
        ),
      ],
      {
        release: 'r1',
        indicators: new Map([
          rule('A', { universe }),
          rule('B', { universe }),
          rule('C', { universe: "${B06} = '1'", numerator: "${X} = '1'" }),
        ]),
        policy: defaultPolicy,
      },
    )
    const denominators = (id: string) =>
      tables.filter(({ indicator }) => indicator === id).flatMap(({ cells }) => cells.map(({ denominator }) => denominator))
    expect(denominators('A')).toEqual(denominators('B'))
    expect(report.joint.attacked).toBeGreaterThan(0)
    // The universe of A is counted in C: where both print it, they print the same.
    const counted = tables.filter(({ indicator }) => indicator === 'C').flatMap(({ cells }) => cells.map(({ numerator }) => numerator))
    denominators('A').forEach((each, at) => {
      if (each !== null && counted[at] !== null) expect(counted[at]).toBe(each)
    })
  })
})
