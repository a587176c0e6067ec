import type { JSX } from 'preact'
import type { ControlProps } from './control.ts'

/** A time of day, or a date with a time, on the phone's own picker; stored as HH:MM or YYYY-MM-DDTHH:MM. */
export function TimeField({ question, value, onAnswer, titleId }: ControlProps): JSX.Element {
  return (
    <input
      type={question.type === 'time' ? 'time' : 'datetime-local'}
      dir="ltr"
      aria-labelledby={titleId}
      value={typeof value === 'string' ? value : ''}
      onInput={(event) => onAnswer(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
    />
  )
}
