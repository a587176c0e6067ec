import { expect, it } from 'vitest'
import { dayName, monthNames, timeWords } from '../../../collector/text/calendar-names.ts'

// Chrome has no calendar in Nepali and would show English.

it('months and days are named in Nepali by Tala itself', () => {
  expect(monthNames('ne')).toHaveLength(12)
  expect(dayName('2026-11-29', 'ne')).toBe('आइतबार, नोभेम्बर २९')
  expect(timeWords('2026-11-21T09:30:00Z', 'ne')).toBe('नोभेम्बर २१, ०९:३०')
})

it('other languages are named by the browser', () => {
  expect(dayName('2026-11-29', 'en')).toBe('Sunday, November 29')
  expect(monthNames('en')[0]).toBe('Jan')
  expect(timeWords('never', 'en')).toBe('')
})
