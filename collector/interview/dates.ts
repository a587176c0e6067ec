/** What of a date is known so far; days and months count from 1. */
export interface PartialDate {
  readonly year?: number
  readonly month?: number
  /** `unknown`: nobody knows the day. */
  readonly day?: number | 'unknown'
}

export type DatePrecision = 'day' | 'month' | 'year'

/** The middle of the month stands for a day nobody knows: durations are then wrong by half a month at most, in both directions. */
export const unknownDay = 15

/** @returns the precision that an appearance asks for; a plain date asks for the day. */
export function precisionOf(appearance: readonly string[] | undefined): DatePrecision {
  if (appearance?.includes('month-year')) return 'month'
  return appearance?.includes('year') ? 'year' : 'day'
}

/** A stored date, YYYY-MM-DD, in parts. */
export function partsOf(stored: string | undefined): PartialDate {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(stored ?? '')
  if (!match) return {}
  return { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) }
}

/**
 * The parts as they are stored: a month as its first day, a year as its first.
 * @returns undefined while a part is missing, or when the day is not in the month
 */
export function storedDate({ year, month, day }: PartialDate, precision: DatePrecision): string | undefined {
  if (year === undefined || year < 1000 || year > 9999) return undefined
  if (precision === 'year') return `${year}-01-01`
  if (month === undefined || month < 1 || month > 12) return undefined
  if (precision === 'month') return `${year}-${two(month)}-01`
  const known = day === 'unknown' ? unknownDay : day
  if (known === undefined || known < 1 || known > daysIn(year, month)) return undefined
  return `${year}-${two(month)}-${two(known)}`
}

/** Completed years from a stored date to another, or undefined when it lies after it. */
export function yearsBetween(from: string, to: string): number | undefined {
  const [start, end] = [partsOf(from), partsOf(to)]
  if (start.year === undefined || end.year === undefined || from > to) return undefined
  return end.year - start.year - (from.slice(5) > to.slice(5) ? 1 : 0)
}

export function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}

/** The day of a clock, local, YYYY-MM-DD. */
export function localDay(clock: Date): string {
  return `${clock.getFullYear()}-${two(clock.getMonth() + 1)}-${two(clock.getDate())}`
}

/** A clock as ISO 8601 with its offset. */
export function localTime(clock: Date): string {
  const offset = -clock.getTimezoneOffset()
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`
  const time = [clock.getHours(), clock.getMinutes(), clock.getSeconds()].map(two).join(':')
  return `${localDay(clock)}T${time}${zone}`
}
