import type { JSX } from 'preact'
import type { Choice } from '../../../schemas/questionnaire.ts'
import { isMissingCode } from '../../interview/missing.ts'
import { Icon } from '../icons.tsx'
import { Pictogram } from '../pictogram.tsx'
import { textIn } from './control.ts'

interface ChoiceCardProps {
  readonly choice: Choice
  readonly kind: 'radio' | 'checkbox'
  readonly group: string
  readonly checked: boolean
  readonly language: string
  readonly otherwise: string
  /** The symbol beside the words. */
  readonly picture?: string | undefined
  /** The speaker of this answer, for a respondent. */
  readonly beside?: JSX.Element | null | undefined
  /** True while it is heard. */
  readonly isHeard?: boolean | undefined
  readonly onToggle: () => void
}

/** One answer: the whole card is the target, the box at its end says one or many. */
export function ChoiceCard({
  choice,
  kind,
  group,
  checked,
  language,
  otherwise,
  picture,
  beside,
  isHeard = false,
  onToggle,
}: ChoiceCardProps): JSX.Element {
  const { name } = choice
  const card = (
    <label class={`choice${isMissingCode(name) ? ' calm' : ''}${checked ? ' chosen' : ''}${isHeard ? ' heard' : ''}`}>
      {isMissingCode(name) && <Icon name={name === '98' ? 'unknown' : 'hand'} size={32} />}
      {picture !== undefined && <Pictogram name={picture} size={48} />}
      <span class="grow">{textIn(choice.label, language, otherwise) ?? name}</span>
      <input type={kind} name={group} value={name} checked={checked} onChange={onToggle} />
    </label>
  )
  if (!beside) return card
  return (
    <div class="beside">
      {card}
      {beside}
    </div>
  )
}
