import type { Appointment } from '../phone.ts'
import { dayName } from '../text/calendar-names.ts'
import type { Words } from '../text/words.ts'

export function appointmentWords({ day, part }: Appointment, { t, language }: Words): string {
  return t('visit.at', { day: dayName(day, language), part: t(`visit.${part}`) })
}
