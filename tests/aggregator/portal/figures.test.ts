import { describe, expect, it } from 'vitest'
import { countBand, differs, roundingInterval } from '../../../aggregator/portal/figures.ts'
import { exampleTable } from '../../support/protected-table.ts'

const share = (numerator: number, denominator: number) => ({
  table: exampleTable(),
  cell: { nodes: [], value: Number(((100 * numerator) / denominator).toFixed(1)), numerator, denominator, status: 'A' as const },
})

describe('the band of people behind a figure', () => {
  it.each([
    [10, [10, 24]],
    [24, [10, 24]],
    [100, [100, 249]],
    [4999, [2500, 4999]],
    [90_000, [5000, null]],
  ])('%d lies in %j', (count, band) => {
    expect(countBand({ numerator: 5, denominator: count })).toEqual(band)
  })

  it('is not told for a withheld figure', () => {
    expect(countBand({ numerator: null, denominator: null })).toBeUndefined()
  })
})

describe('rounding', () => {
  it('leaves a share open by half the base on both of its counts', () => {
    const { table, cell } = share(20, 100)
    const [low, high] = roundingInterval(table, cell) ?? []
    expect(low).toBeCloseTo((100 * 17.5) / 102.5, 9)
    expect(high).toBeCloseTo((100 * 22.5) / 97.5, 9)
  })

  it('leaves a count open by half the base', () => {
    const { table, cell } = share(20, 100)
    expect(roundingInterval({ ...table, type: 'count' }, { ...cell, value: 40 })).toEqual([37.5, 42.5])
  })

  it.each([
    ['20 and 22 of 100 may be the same', [20, 100], [22, 100], false],
    ['20 and 40 of 100 are not', [20, 100], [40, 100], true],
    ['200 and 220 of 1,000 are not', [200, 1000], [220, 1000], true],
    ['equal shares are the same', [20, 100], [40, 200], false],
  ] as const)('%s', (_title, [a, b], [c, d], expected) => {
    expect(differs(share(a, b), share(c, d))).toBe(expected)
  })
})
