import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { localDigits, readNumber } from '../../interview/digits.ts'
import { missingCodeOf } from '../../interview/missing.ts'
import { Icon } from '../icons.tsx'
import { Keypad } from '../keypad.tsx'
import { useWords } from '../words-context.ts'
import type { ControlProps } from './control.ts'

/** A number on the big keypad, or typed in the digits of any of our languages. Years get steps of one. */
export function NumberField({ form, answers, question, value, onAnswer, titleId }: ControlProps): JSX.Element {
  const { t, language } = useWords()
  const kind = question.type === 'integer' ? 'integer' : 'decimal'
  const stored = typeof value === 'number' && missingCodeOf(question, value) === undefined ? String(value) : ''
  const [typed, setTyped] = useState(stored)
  // Buttons for "don't know" change the answer from outside; what stands in the field then gives way.
  const shown = value === undefined || Number(typed) === value ? typed : stored
  const change = (text: string) => {
    const plain = text.slice(0, 15)
    setTyped(plain)
    onAnswer(plain === '' ? undefined : readNumber(plain, kind))
  }
  const stepBy = (by: number) => change(String(Math.max(0, (readNumber(shown, kind) ?? 0) + by)))
  const unit = unitWords(question.unit, answers, form.questionnaire.items.length > 0)
  return (
    <>
      <div class="number">
        {question.unit === 'years' && (
          <button type="button" class="step" aria-label={t('pad.minus')} onClick={() => stepBy(-1)}>
            <Icon name="minus" size={32} />
          </button>
        )}
        <input
          class="big"
          type="text"
          inputMode="none"
          autocomplete="off"
          dir="ltr"
          aria-labelledby={titleId}
          value={localDigits(shown, language)}
          onInput={(event) => change(event.currentTarget.value)}
        />
        {question.unit === 'years' && (
          <button type="button" class="step" aria-label={t('pad.plus')} onClick={() => stepBy(1)}>
            <Icon name="plus" size={32} />
          </button>
        )}
        {unit !== undefined && <span class="unit">{unit}</span>}
      </div>
      <Keypad onKey={(key) => change(shown + key)} onDelete={() => change(shown.slice(0, -1))} point={kind === 'decimal'} />
    </>
  )
}

// A unit may be the name of a question that holds it, such as the currency.
function unitWords(unit: string | undefined, answers: ControlProps['answers'], known: boolean): string | undefined {
  if (unit === undefined || !known) return undefined
  const named = answers[unit]
  return typeof named === 'string' ? named : unit
}
