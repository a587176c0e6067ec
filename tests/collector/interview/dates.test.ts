import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { daysIn, partsOf, storedDate, yearsBetween } from '../../../collector/interview/dates.ts'

describe('a date', () => {
  it('is stored as the first day where only the month, or the year, is asked', () => {
    expect(storedDate({ year: 1990, month: 4 }, 'month')).toBe('1990-04-01')
    expect(storedDate({ year: 1990 }, 'year')).toBe('1990-01-01')
  })

  it('with a day nobody knows is stored as the middle of the month', () => {
    expect(storedDate({ year: 1990, month: 4, day: 'unknown' }, 'day')).toBe('1990-04-15')
  })

  it('is no answer while a part is missing, or when the month has no such day', () => {
    expect(storedDate({ month: 4, day: 2 }, 'day')).toBeUndefined()
    expect(storedDate({ year: 199, month: 4 }, 'month')).toBeUndefined()
    expect(storedDate({ year: 2023, month: 2, day: 29 }, 'day')).toBeUndefined()
    expect(storedDate({ year: 2024, month: 2, day: 29 }, 'day')).toBe('2024-02-29')
  })

  it('comes back in the parts it was made of', () => {
    const date = fc
      .record({ year: fc.integer({ min: 1900, max: 2100 }), month: fc.integer({ min: 1, max: 12 }) })
      .chain(({ year, month }) =>
        fc.record({ year: fc.constant(year), month: fc.constant(month), day: fc.integer({ min: 1, max: daysIn(year, month) }) }),
      )
    fc.assert(
      fc.property(date, (parts) => {
        expect(partsOf(storedDate(parts, 'day'))).toEqual(parts)
      }),
    )
  })

  it.each([
    ['1990-04-01', '2026-11-21', 36],
    ['1990-12-01', '2026-11-21', 35],
    ['2026-11-21', '2026-11-21', 0],
    ['2026-12-01', '2026-11-21', undefined],
  ])('from %s to %s is %s completed years', (from, to, years) => {
    expect(yearsBetween(from, to)).toBe(years)
  })
})
