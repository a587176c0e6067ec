import { localDigits } from '../interview/digits.ts'

interface CalendarNames {
  readonly months: readonly string[]
  /** From Sunday. */
  readonly weekdays: readonly string[]
}

/** Languages whose months the browser does not know: Chrome carries no calendar in Nepali. Gregorian months, in its own letters. */
const own: Readonly<Record<string, CalendarNames>> = {
  ne: {
    months: 'जनवरी फेब्रुअरी मार्च अप्रिल मे जुन जुलाई अगस्ट सेप्टेम्बर अक्टोबर नोभेम्बर डिसेम्बर'.split(' '),
    weekdays: 'आइतबार सोमबार मङ्गलबार बुधबार बिहीबार शुक्रबार शनिबार'.split(' '),
  },
}

const gregorian = (language: string) => `${language}-u-ca-gregory`

/** The months of the Gregorian calendar in a language, short. */
export function monthNames(language: string): readonly string[] {
  const known = own[language]
  if (known) return known.months
  const format = new Intl.DateTimeFormat(gregorian(language), { month: 'short', timeZone: 'UTC' })
  return Array.from({ length: 12 }, (_, month) => format.format(new Date(Date.UTC(2024, month, 15))))
}

/** A day by its name, as one says it at the door. @param day YYYY-MM-DD */
export function dayName(day: string, language: string): string {
  const date = new Date(`${day}T00:00:00Z`)
  const known = own[language]
  if (known)
    return `${known.weekdays[date.getUTCDay()] ?? ''}, ${known.months[date.getUTCMonth()] ?? ''} ${localDigits(date.getUTCDate(), 'deva')}`
  const format = new Intl.DateTimeFormat(gregorian(language), { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' })
  return format.format(date)
}

/** Day and time of something on this phone, by its own clock. @param iso ISO 8601; anything else gives no words */
export function timeWords(iso: string, language: string): string {
  const time = new Date(iso)
  if (Number.isNaN(time.getTime())) return ''
  const known = own[language]
  if (known) {
    const two = (value: number) => String(value).padStart(2, '0')
    return localDigits(
      `${known.months[time.getMonth()] ?? ''} ${time.getDate()}, ${two(time.getHours())}:${two(time.getMinutes())}`,
      'deva',
    )
  }
  return new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).format(time)
}
