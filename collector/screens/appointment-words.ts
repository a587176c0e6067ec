import type { Appointment } from '../phone.ts'
import type { Words } from '../text/words.ts'

/** A day by its name, as one says it at the door. */
export function dayName(day: string, language: string): string {
  const format = new Intl.DateTimeFormat(`${language}-u-ca-gregory`, { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' })
  return format.format(new Date(`${day}T00:00:00Z`))
}

export function appointmentWords({ day, part }: Appointment, { t, language }: Words): string {
  return t('visit.at', { day: dayName(day, language), part: t(`visit.${part}`) })
}
