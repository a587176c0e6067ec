import type { JSX } from 'preact'
import { useWords } from '../words-context.ts'
import type { ControlProps } from './control.ts'

export function Acknowledge({ value, onAnswer, place }: ControlProps): JSX.Element {
  const { t } = useWords()
  return (
    <label class={value === 'OK' ? 'choice chosen' : 'choice'}>
      <span class="grow">{t('question.understood')}</span>
      <input type="checkbox" name={place.name} checked={value === 'OK'} onChange={() => onAnswer(value === 'OK' ? undefined : 'OK')} />
    </label>
  )
}
