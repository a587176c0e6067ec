import fc from 'fast-check'
import { expect, it } from 'vitest'
import { completedMonths } from '../../../schemas/language/dates.ts'

/** By the calendar of `Date`. */
function byDate(from: number, to: number): number {
  if (to < from) return -byDate(to, from)
  const [a, b] = [new Date(from * 86_400_000), new Date(to * 86_400_000)]
  const months = (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth()
  return months - (b.getUTCDate() < a.getUTCDate() ? 1 : 0)
}

it('completed months are those of the calendar, in leap years and long before, with and without a time of day', () => {
  const day = fc.oneof(
    fc.integer({ min: -60_000, max: 60_000 }),
    fc.integer({ min: -720_000, max: 2_932_896 }),
    fc.double({ min: -60_000, max: 60_000, noNaN: true }),
    fc.constantFrom(0, -0, 59, 60, -719_468, -719_529, 1e8, -1e8, 1e8 + 1, Number.NaN, Infinity, -Infinity),
  )
  fc.assert(
    fc.property(day, day, (from, to) => {
      expect(completedMonths(from, to)).toBe(byDate(from, to))
    }),
    { numRuns: 20_000, seed: 3 },
  )
})
