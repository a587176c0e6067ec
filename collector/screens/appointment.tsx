import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Appointment, DayPart } from '../phone.ts'
import { Page } from './page.tsx'
import { dayName } from '../text/calendar-names.ts'
import { appointmentWords } from './appointment-words.ts'
import { useWords } from './words-context.ts'

interface AppointmentProps {
  /** YYYY-MM-DD */
  readonly today: string
  readonly onBack: () => void
  readonly onAppoint: (appointment: Appointment) => void
}

const parts: readonly DayPart[] = ['morning', 'afternoon', 'evening']
/** Today and the two weeks after it: later, the round is elsewhere. */
const daysAhead = 14

/** When to come back: a day, a part of it, and the words for the slip that stays with the household. */
export function AppointmentScreen({ today, onBack, onAppoint }: AppointmentProps): JSX.Element {
  const words = useWords()
  const { t, language } = words
  const [day, setDay] = useState<string>()
  const [part, setPart] = useState<DayPart>()
  const days = Array.from({ length: daysAhead + 1 }, (_, ahead) => dayAfter(today, ahead))
  const chosen = day !== undefined && part !== undefined ? { day, part } : undefined
  return (
    <Page
      title={t('visit.title')}
      onBack={onBack}
      nextLabel={t('visit.save')}
      nextDisabled={chosen === undefined}
      onNext={() => chosen && onAppoint(chosen)}
    >
      <label class="field">
        <span>{t('visit.day')}</span>
        <select value={day ?? ''} onChange={(event) => setDay(event.currentTarget.value || undefined)}>
          <option value="">…</option>
          {days.map((each) => (
            <option key={each} value={each}>
              {dayName(each, language)}
            </option>
          ))}
        </select>
      </label>
      <fieldset class="choices">
        <legend>{t('visit.part')}</legend>
        {parts.map((each) => (
          <label key={each} class={each === part ? 'choice chosen' : 'choice'}>
            <span class="grow">{t(`visit.${each}`)}</span>
            <input type="radio" name="part" checked={each === part} onChange={() => setPart(each)} />
          </label>
        ))}
      </fieldset>
      {chosen && (
        <>
          <p>{t('visit.slip')}</p>
          <p class="slip words">{appointmentWords(chosen, words)}</p>
        </>
      )}
    </Page>
  )
}

function dayAfter(day: string, ahead: number): string {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + ahead)
  return date.toISOString().slice(0, 10)
}
