import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { readNumber } from '../../interview/digits.ts'
import { nodesOf } from '../../../schemas/interview/nodes.ts'
import { valueAt } from '../../interview/values.ts'
import { missingCodeOf } from '../../interview/missing.ts'
import type { TextKey } from '../../text/words.ts'
import { Icon } from '../icons.tsx'
import { Keypad } from '../keypad.tsx'
import { useWords } from '../words-context.ts'
import type { ControlProps } from './control.ts'

/** A number on the big keypad, or typed in the digits of any of our languages. Years get steps of one. */
export function NumberField({ form, answers, question, place, value, onAnswer, titleId }: ControlProps): JSX.Element {
  const { t, has, digits } = useWords()
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
  const unit = unitWords(form, answers, question.unit, place)
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
          value={digits(shown)}
          onInput={(event) => change(event.currentTarget.value)}
        />
        {question.unit === 'years' && (
          <button type="button" class="step" aria-label={t('pad.plus')} onClick={() => stepBy(1)}>
            <Icon name="plus" size={32} />
          </button>
        )}
        {unit !== undefined && <span class="unit">{has(`unit.${unit}`) ? t(`unit.${unit}` as TextKey) : unit}</span>}
      </div>
      <Keypad onKey={(key) => change(shown + key)} onDelete={() => change(shown.slice(0, -1))} point={kind === 'decimal'} />
    </>
  )
}

// A unit may be the name of a question that holds it, such as the currency: of the same member, or of the home.
function unitWords(
  { questionnaire }: ControlProps['form'],
  answers: ControlProps['answers'],
  unit: string | undefined,
  place: ControlProps['place'],
): string | undefined {
  if (unit === undefined) return undefined
  const held = valueAt(answers, { ...place, name: unit }) ?? valueAt(answers, { name: unit })
  if (held !== undefined) return String(held)
  return nodesOf(questionnaire.items).some(({ item }) => item.name === unit) ? undefined : unit
}
