import { describe, expect, it } from 'vitest'
import { areaOptions, breakdownOptions } from '../../../aggregator/portal/table-choices.ts'
import { exampleTable } from '../../support/protected-table.ts'
import { exampleRelease } from '../../support/released.ts'
import { townRelease } from '../../support/town-release.ts'

const town = townRelease('2026', 900)
const reasons = (indicator: string, by: readonly string[]) =>
  Object.fromEntries(breakdownOptions(town, { indicator, by, areas: [] }).map(({ id, reason }) => [id, reason]))

describe('the breakdowns of a table to build', () => {
  it('can all be chosen first that the indicator has', () => {
    expect(reasons('POP01', [])).toEqual({ REF_AREA: null, SEX: null, AGE: null, MIG_STATUS: null })
  })

  it('are closed with the reason when the release has no such crossing', () => {
    expect(reasons('MIG01', ['AGE'])).toMatchObject({ SEX: 'reason-crossing', MIG_STATUS: 'reason-crossing' })
    expect(reasons('POP01', ['REF_AREA'])).toMatchObject({ SEX: null, AGE: 'reason-crossing' })
  })

  it('are at most three', () => {
    expect(reasons('POP01', ['SEX', 'AGE', 'MIG_STATUS'])).toMatchObject({ REF_AREA: 'reason-three' })
  })

  it('are closed before the query when every figure of the crossing is withheld', () => {
    const hidden = exampleTable({ cells: exampleTable().cells.map((cell) => ({ ...cell, value: null, status: 'Q' as const })) })
    const options = breakdownOptions(exampleRelease({ tables: [hidden] }), { indicator: 'MIG01', by: [], areas: [] })
    expect(options.map(({ reason }) => reason)).toEqual(['reason-withheld', 'reason-withheld'])
  })

  it('that another indicator has are named as not part of this one', () => {
    const other = exampleTable({
      id: 'X.age',
      indicator: 'X',
      dimensions: [{ id: 'AGE', nodes: [{ code: '_T', parent: null }] }],
      cells: [],
    })
    const options = breakdownOptions(exampleRelease({ tables: [exampleTable(), other] }), { indicator: 'MIG01', by: [], areas: [] })
    expect(options.find(({ id }) => id === 'AGE')?.reason).toBe('reason-undefined')
  })
})

describe('the places of a table to build', () => {
  it('say so when all their figures are withheld', () => {
    const options = areaOptions(exampleRelease(), { indicator: 'MIG01', by: ['REF_AREA', 'SEX'], areas: ['A1'] })
    expect(options).toEqual([
      { id: '_T', chosen: false, reason: null },
      { id: 'A1', chosen: true, reason: null },
      { id: 'A2', chosen: false, reason: 'reason-withheld' },
    ])
  })
})
