import type { JSX } from 'preact'
import { missingCodeOf } from '../../interview/missing.ts'
import { useWords } from '../words-context.ts'
import type { ControlProps } from './control.ts'

/** More steps than this are a slider. */
const mostButtons = 12

/** A number on a scale: buttons while they fit, else a slider with the number beside it. */
export function RangeField({ question, value, onAnswer, titleId }: ControlProps): JSX.Element {
  const { digits } = useWords()
  const [start, end, by] = [
    Number(question.parameters?.start ?? 1),
    Number(question.parameters?.end ?? 10),
    Number(question.parameters?.step ?? 1),
  ]
  const current = typeof value === 'number' && missingCodeOf(question, value) === undefined ? value : undefined
  const steps = Math.floor((end - start) / by) + 1
  if (steps <= mostButtons) {
    const numbers = Array.from({ length: steps }, (_, index) => Number((start + index * by).toFixed(6)))
    return (
      <fieldset class="scale" aria-labelledby={titleId}>
        {numbers.map((number) => (
          <label key={number} class={number === current ? 'month chosen' : 'month'}>
            <input type="radio" name={question.name} checked={number === current} onChange={() => onAnswer(number)} />
            <span>{digits(number)}</span>
          </label>
        ))}
      </fieldset>
    )
  }
  return (
    <div class="number">
      <input
        type="range"
        min={start}
        max={end}
        step={by}
        aria-labelledby={titleId}
        value={current ?? start}
        onInput={(event) => onAnswer(event.currentTarget.valueAsNumber)}
      />
      <output class="big">{current === undefined ? '–' : digits(current)}</output>
    </div>
  )
}
