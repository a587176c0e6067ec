import { describe, expect, it } from 'vitest'
import { compareRounds } from '../../../aggregator/indicators/compare-rounds.ts'
import type { WorkingCell, WorkingTable } from '../../../aggregator/indicators/working-table.ts'

const sampling = (standardError: number, status: 'A' | 'U' = 'A') => ({ standardError, low: 0, high: 0, designEffect: 1, status })
const cell = (node: number, value: number, more: Partial<WorkingCell> = {}): WorkingCell => ({
  nodes: [node],
  respondents: 100,
  cases: value,
  numerator: value,
  denominator: 100,
  value,
  withoutAnswer: 0,
  ...more,
})
const table = (cells: readonly WorkingCell[], version = '1.0.0', codes: readonly string[] = ['_T', 'F', 'M']): WorkingTable => ({
  marking: 'not for release',
  indicator: 'LAB01',
  indicatorVersion: version,
  round: 'any',
  level: 'person',
  type: 'proportion',
  dimensions: [{ id: 'SEX', nodes: codes.map((code, index) => ({ code, parent: index === 0 ? null : 0 })) }],
  cells,
})

describe('two rounds side by side', () => {
  it('gives the change of each cell, without an error in a census', () => {
    expect(compareRounds(table([cell(0, 10), cell(1, 12)]), table([cell(0, 14), cell(1, 9)]))).toEqual([
      { codes: ['_T'], earlier: 10, later: 14, change: 4, standardError: null, low: null, high: null, status: 'A' },
      { codes: ['F'], earlier: 12, later: 9, change: -3, standardError: null, low: null, high: null, status: 'A' },
    ])
  })

  it('adds the variances of samples that were drawn apart', () => {
    const [change] = compareRounds(table([cell(0, 10, { sampling: sampling(3) })]), table([cell(0, 20, { sampling: sampling(4) })]))
    expect(change).toMatchObject({ change: 10, standardError: 5 })
    expect(change?.low).toBeCloseTo(10 - 9.8, 3)
    expect(change?.high).toBeCloseTo(10 + 9.8, 3)
  })

  it('matches cells by their codes, and keeps those of one round only', () => {
    const changes = compareRounds(table([cell(1, 5)]), table([cell(2, 7)], '1.0.0', ['_T', '_O', 'F']))
    expect(changes).toMatchObject([{ codes: ['F'], earlier: 5, later: 7, change: 2 }])
    expect(compareRounds(table([cell(2, 5)]), table([]))).toMatchObject([{ codes: ['M'], earlier: 5, later: null, change: null }])
  })

  it('gives no change over a break in the series, and marks a definition that differs', () => {
    expect(compareRounds(table([cell(0, 10)]), table([cell(0, 14)], '2.0.0'))[0]).toMatchObject({ change: null, status: 'B' })
    expect(compareRounds(table([cell(0, 10)]), table([cell(0, 14)], '1.1.0'))[0]).toMatchObject({ change: 4, status: 'D' })
    expect(compareRounds(table([cell(0, 10)]), table([cell(0, 14)]), ['migration_status'])[0]).toMatchObject({ change: 4, status: 'D' })
  })

  it('is unsure where one of the rounds is', () => {
    expect(
      compareRounds(table([cell(0, 10, { sampling: sampling(3) })]), table([cell(0, 14, { sampling: sampling(9, 'U') })]))[0],
    ).toMatchObject({ status: 'U' })
  })

  it('refuses tables of another shape', () => {
    expect(() => compareRounds(table([]), { ...table([]), indicator: 'LAB02' })).toThrow(RangeError)
  })
})
