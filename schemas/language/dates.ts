const dayMs = 86_400_000

/** Days since 1970-01-01 of `YYYY-MM-DD`, or of a date and time with its fraction of a day (in UTC when it names a zone); NaN for anything else. */
export function dayNumber(text: string): number {
  const found = /^([1-9]\d{3})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?(Z|[+-]\d\d:?\d\d)?)?$/.exec(text)
  if (!found) return Number.NaN
  const [, year = '', month = '', day = '', hour, minute = '0', second = '0', zone] = found
  const days = Date.UTC(+year, +month - 1, +day) / dayMs
  // Date.UTC turns 30 February into 2 March; such a date is no date.
  if (new Date(days * dayMs).getUTCDate() !== +day || +month < 1 || +month > 12) return Number.NaN
  if (hour === undefined) return days
  const offset = zone && zone !== 'Z' ? (zone.startsWith('-') ? -1 : 1) * (+zone.slice(1, 3) * 60 + +zone.slice(-2)) : 0
  return days + (+hour * 60 + +minute - offset) / 1440 + +second / 86_400
}

/** `YYYY-MM-DD` of a day number; empty when it is out of the years 1 to 9999. */
export function dayText(days: number): string {
  const date = new Date(Math.floor(days) * dayMs)
  const year = date.getUTCFullYear()
  return year >= 1 && year <= 9999 ? date.toISOString().slice(0, 10) : ''
}

/** Completed months from one day number to another: the day of the month must be reached. Negative when `to` comes first. */
export function completedMonths(from: number, to: number): number {
  if (to < from) return -completedMonths(to, from)
  const [a, b] = [calendarDay(from), calendarDay(to)]
  const [first, last] = [Math.floor(a / dayPlaces), Math.floor(b / dayPlaces)]
  return last - first - (b - last * dayPlaces < a - first * dayPlaces ? 1 : 0)
}

const dayPlaces = 32
/** Of `Date`, in days from 1970. */
const furthestDay = 100_000_000

/** Months since March of the year 0 and day of the month in one number, `months * 32 + day`: without a Date, because ages are asked for often. */
function calendarDay(days: number): number {
  if (!(Math.abs(days) <= furthestDay)) return Number.NaN
  // As Date, which cuts off below a millisecond. Years of 365.2425 days that begin on 1 March, in cycles of 400.
  const fromMarch = Math.floor(Math.trunc(days * dayMs) / dayMs) + 719_468
  const cycle = Math.floor(fromMarch / 146_097)
  const inCycle = fromMarch - cycle * 146_097
  const year = Math.floor((inCycle - Math.floor(inCycle / 1460) + Math.floor(inCycle / 36_524) - Math.floor(inCycle / 146_096)) / 365)
  const inYear = inCycle - (365 * year + Math.floor(year / 4) - Math.floor(year / 100))
  const month = Math.floor((5 * inYear + 2) / 153)
  const day = inYear - Math.floor((153 * month + 2) / 5) + 1
  return ((cycle * 400 + year) * 12 + month) * dayPlaces + day
}

/** A day number moved by months (a day beyond the end of the month becomes its last day), then by days. */
export function moveDay(day: number, months: number, days: number): number {
  const date = new Date(day * dayMs)
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 0)).getUTCDate()
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, Math.min(date.getUTCDate(), lastDay)) / dayMs + days
}

const monthNames = 'JanFebMarAprMayJunJulAugSepOctNovDec'
const dayNames = 'SunMonTueWedThuFriSat'

/** A date or date and time by a pattern of %Y %y %m %n %b %d %e %a %H %h %M %S %3. */
export function formatDate(text: string, pattern: string): string {
  const days = dayNumber(text.slice(0, 10))
  if (Number.isNaN(days)) return ''
  const [year, month, day] = [text.slice(0, 4), text.slice(5, 7), text.slice(8, 10)]
  const time = /T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?/.exec(text) ?? []
  const parts: Readonly<Record<string, string>> = {
    Y: year,
    y: year.slice(2),
    m: month,
    n: `${+month}`,
    b: monthNames.slice(+month * 3 - 3, +month * 3),
    d: day,
    e: `${+day}`,
    a: dayNames.slice(((((days + 4) % 7) + 7) % 7) * 3).slice(0, 3),
    H: time[1] ?? '00',
    h: `${+(time[1] ?? 0)}`,
    M: time[2] ?? '00',
    S: time[3] ?? '00',
    3: (time[4] ?? '').padEnd(3, '0'),
  }
  return pattern.replaceAll(/%(.)/g, (whole, letter: string) => parts[letter] ?? whole)
}
