import { describe, expect, it } from 'vitest'
import { comparableAreas, onComparableAreas, readBridge } from '../../../aggregator/indicators/bridge-areas.ts'
import type { WorkingTable } from '../../../aggregator/indicators/working-table.ts'

const bridge = readBridge(`from,to,source
A,A1,Act 1: A is split
A,A2,Act 1: A is split
B,BC,Act 2: B and C become one
C,BC,Act 2: B and C become one
D,E,Act 3: a new name
`)

const table = (codes: readonly string[], cases: readonly number[]): WorkingTable => ({
  marking: 'not for release',
  indicator: 'EDU01',
  indicatorVersion: '1.0.0',
  round: 'any',
  level: 'person',
  type: 'proportion',
  dimensions: [
    { id: 'REF_AREA', nodes: [{ code: '_T', parent: null }, { code: 'TOWN', parent: 0 }, ...codes.map((code) => ({ code, parent: 1 }))] },
  ],
  cells: [cases.reduce((sum, each) => sum + each, 0), ...cases].map((each, index) => ({
    nodes: [index === 0 ? 0 : index + 1],
    respondents: 10,
    cases: each,
    numerator: each,
    denominator: 10,
    value: 10 * each,
    withoutAnswer: 1,
  })),
})
const valuesOf = ({ dimensions, cells }: WorkingTable) =>
  Object.fromEntries(cells.map(({ nodes, value, respondents }) => [dimensions[0]?.nodes[nodes[0] ?? 0]?.code, [value, respondents]]))

describe('a bridge between two registers', () => {
  it('joins what a split or a merge ties together, and shares nothing out', () => {
    expect(Object.fromEntries(comparableAreas(bridge))).toEqual({
      'earlier A': 'A1+A2',
      'later A1': 'A1+A2',
      'later A2': 'A1+A2',
      'earlier B': 'BC',
      'earlier C': 'BC',
      'later BC': 'BC',
      'earlier D': 'E',
      'later E': 'E',
    })
  })

  it('puts both rounds on the same areas, with figures made from their sums', () => {
    const groups = comparableAreas(bridge)
    const earlier = onComparableAreas(table(['A', 'B', 'C', 'D', 'F'], [1, 2, 4, 5, 6]), 'earlier', groups, 100)
    const later = onComparableAreas(table(['A1', 'A2', 'BC', 'E', 'F'], [1, 2, 4, 5, 6]), 'later', groups, 100)
    expect(valuesOf(earlier)).toEqual({ _T: [180, 10], 'A1+A2': [10, 10], BC: [30, 20], E: [50, 10], F: [60, 10] })
    expect(valuesOf(later)).toEqual({ _T: [180, 10], 'A1+A2': [15, 20], BC: [40, 10], E: [50, 10], F: [60, 10] })
  })

  it('leaves quantiles alone and names the line without a source', () => {
    expect(() => onComparableAreas({ ...table([], []), type: 'quantile' }, 'earlier', new Map(), 1)).toThrow(RangeError)
    expect(() => readBridge('from,to,source\nA,B,\n')).toThrow(/Line 2/)
  })
})
