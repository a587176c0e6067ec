import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { type PartialDate, partsOf, precisionOf, storedDate, yearsBetween } from '../../interview/dates.ts'
import { asciiDigits } from '../../interview/digits.ts'
import { monthNames } from '../../text/calendar-names.ts'
import { useWords } from '../words-context.ts'
import type { ControlProps } from './control.ts'

/** A date in big parts: the year, the month by name, the day or "not known". The age that follows is shown at once. */
export function DateField({ question, value, onAnswer, titleId, memberName, today }: ControlProps): JSX.Element {
  const { t, language, digits } = useWords()
  const precision = precisionOf(question.appearance)
  const stored = typeof value === 'string' ? value : undefined
  const [parts, setParts] = useState<PartialDate>(() => partsOf(stored))
  // A missing code takes the place of a date; the parts are then empty again.
  const shown = stored !== undefined && storedDate(parts, precision) !== stored ? partsOf(stored) : parts
  const change = (next: PartialDate) => {
    setParts(next)
    onAnswer(storedDate(next, precision))
  }
  const years = stored === undefined ? undefined : yearsBetween(stored, today)
  const isBirth = question.concept?.startsWith('birth') === true && memberName !== undefined
  return (
    <fieldset class="date" aria-labelledby={titleId}>
      <label class="field">
        <span>{t('date.year')}</span>
        <input
          class="big"
          type="text"
          inputMode="numeric"
          dir="ltr"
          maxLength={4}
          value={shown.year === undefined ? '' : digits(shown.year)}
          onInput={(event) => change(withYear(shown, event.currentTarget.value))}
        />
      </label>
      {precision !== 'year' && (
        <div class="months" role="radiogroup" aria-label={t('date.month')}>
          {monthNames(language).map((name, index) => (
            <label key={name} class={shown.month === index + 1 ? 'month chosen' : 'month'}>
              <input
                type="radio"
                name={`${question.name}-month`}
                checked={shown.month === index + 1}
                onChange={() => change({ ...shown, month: index + 1 })}
              />
              <span>{name}</span>
            </label>
          ))}
        </div>
      )}
      {precision === 'day' && (
        <div class="day">
          <label class="field">
            <span>{t('date.day')}</span>
            <input
              class="big"
              type="text"
              inputMode="numeric"
              dir="ltr"
              maxLength={2}
              value={typeof shown.day === 'number' ? digits(shown.day) : ''}
              onInput={(event) => change(withDay(shown, event.currentTarget.value))}
            />
          </label>
          <label class={shown.day === 'unknown' ? 'choice chosen' : 'choice'}>
            <span class="grow">{t('date.day-unknown')}</span>
            <input
              type="checkbox"
              checked={shown.day === 'unknown'}
              onChange={() => change(shown.day === 'unknown' ? withDay(shown, '') : { ...shown, day: 'unknown' })}
            />
          </label>
        </div>
      )}
      {years !== undefined && (
        <p class="aside" role="status">
          {isBirth ? t('date.is-age', { name: memberName, count: years }) : t('date.age', { count: years })}
        </p>
      )}
    </fieldset>
  )
}

function numberIn(text: string): number | undefined {
  const plain = asciiDigits(text).replace(/\D/g, '')
  return plain === '' ? undefined : Number(plain)
}

function withYear(parts: PartialDate, text: string): PartialDate {
  const year = numberIn(text)
  return {
    ...(parts.month !== undefined && { month: parts.month }),
    ...(parts.day !== undefined && { day: parts.day }),
    ...(year !== undefined && { year }),
  }
}

function withDay(parts: PartialDate, text: string): PartialDate {
  const day = numberIn(text)
  return {
    ...(parts.year !== undefined && { year: parts.year }),
    ...(parts.month !== undefined && { month: parts.month }),
    ...(day !== undefined && { day }),
  }
}
