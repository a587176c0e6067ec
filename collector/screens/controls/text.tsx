import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { missingCodeOf } from '../../interview/missing.ts'
import type { ControlProps } from './control.ts'

/** Words as told. `numbers` in the appearance asks for the number keys of the phone. */
export function TextField({ question, value, onAnswer, titleId, language }: ControlProps): JSX.Element {
  const stored = typeof value === 'string' && missingCodeOf(question, value) === undefined ? value : ''
  const [typed, setTyped] = useState(stored)
  const shown = value === undefined || typed.trim() === value ? typed : stored
  const change = (text: string) => {
    setTyped(text)
    onAnswer(text.trim() === '' ? undefined : text.trim())
  }
  const common = {
    'aria-labelledby': titleId,
    autocomplete: 'off',
    dir: 'auto' as const,
    lang: language,
    value: shown,
  }
  if (question.appearance?.includes('multiline')) {
    return <textarea {...common} rows={5} maxLength={2000} onInput={(event) => change(event.currentTarget.value)} />
  }
  const mode = question.appearance?.includes('numbers') ? 'tel' : 'text'
  return <input {...common} type="text" inputMode={mode} maxLength={200} onInput={(event) => change(event.currentTarget.value)} />
}
