import type { ComponentChildren, JSX } from 'preact'
import { useContext, useState } from 'preact/hooks'
import type { Choice } from '../../../schemas/questionnaire.ts'
import { isMissingCode, toggleChoice } from '../../interview/missing.ts'
import { isPictureGrid, pictogramOf } from '../../interview/pictograms.ts'
import { longList, searchChoices } from '../../interview/search.ts'
import { RespondentContext } from '../respondent-context.ts'
import { useWords } from '../words-context.ts'
import { ChoiceCard } from './choice-card.tsx'
import type { ControlProps } from './control.ts'

/** Time in which the tick is seen before a quick answer moves on, in ms. */
const quickTickMs = 300

export function SelectOne(props: ControlProps): JSX.Element {
  const { question, value, onAnswer, onQuick } = props
  const isQuick = question.appearance?.includes('quick') === true
  const pick = (name: string) => {
    onAnswer(name)
    if (isQuick && !isMissingCode(name)) setTimeout(onQuick, quickTickMs)
  }
  return <Choices {...props} kind="radio" chosen={typeof value === 'string' ? [value] : []} onToggle={pick} />
}

export function SelectMany(props: ControlProps): JSX.Element {
  const { t } = useWords()
  const respondent = useContext(RespondentContext)
  const { question, form, value, onAnswer } = props
  const chosen = Array.isArray(value) ? (value as readonly string[]) : []
  const list = question.list === undefined ? undefined : form.questionnaire.lists[question.list]
  const [isCleared, setCleared] = useState(false)
  const toggle = (name: string) => {
    const left = toggleChoice(list, chosen, name)
    setCleared(chosen.some((each) => each !== name && !left?.includes(each)))
    onAnswer(left)
  }
  if (respondent) return <respondent.Many {...props} />
  return (
    <>
      <p class="aside" role="status">
        {isCleared ? t('question.only-one') : t('question.many')}
      </p>
      <Choices {...props} kind="checkbox" chosen={chosen} onToggle={toggle} />
    </>
  )
}

interface ChoicesProps extends ControlProps {
  readonly kind: 'radio' | 'checkbox'
  readonly chosen: readonly string[]
  readonly onToggle: (name: string) => void
}

function Choices({ form, answers, place, question, kind, chosen, language, titleId, onToggle }: ChoicesProps): JSX.Element {
  const { t } = useWords()
  const [typed, setTyped] = useState('')
  const [isWhole, setWhole] = useState(false)
  const respondent = useContext(RespondentContext)
  const offered = form.choices(answers, place)
  const plain = offered.filter(({ name }) => !isMissingCode(name))
  const missing = offered.filter(({ name }) => isMissingCode(name))
  const isLong = plain.length > longList && kind === 'radio' && (question.appearance?.includes('minimal') === true || plain.length > 20)
  const found = isLong && typed !== '' ? searchChoices(plain, typed) : plain
  const shown = isLong && typed === '' && !isWhole ? firstAndChosen(plain, chosen) : found
  const isGrid = isPictureGrid(question.list, plain, language)
  const card = (choice: Choice) => (
    <ChoiceCard
      key={choice.name}
      choice={choice}
      kind={kind}
      group={place.name}
      checked={chosen.includes(choice.name)}
      picture={pictogramOf(question.list, choice, language)}
      language={language}
      otherwise={form.questionnaire.defaultLanguage}
      beside={respondent?.beside(choice)}
      isHeard={respondent?.isHeard(choice)}
      onToggle={() => onToggle(choice.name)}
    />
  )
  return (
    <fieldset class="choices" aria-labelledby={titleId}>
      {isLong && (
        <label class="field">
          <span>{t('question.search')}</span>
          <input type="search" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
        </label>
      )}
      {typed !== '' && (
        <p class="aside" role="status">
          {found.length === 0 ? t('question.none-found') : t('question.found', { count: found.length })}
        </p>
      )}
      {isGrid ? <div class="grid">{shown.map(card)}</div> : shown.map(card)}
      {isLong && typed === '' && !isWhole && shown.length < plain.length && (
        <button type="button" class="plain wide" onClick={() => setWhole(true)}>
          {t('question.show-all', { count: plain.length })}
        </button>
      )}
      {missing.length > 0 && <Dashed>{missing.map(card)}</Dashed>}
    </fieldset>
  )
}

// The sheet lists the most used first.
function firstAndChosen(choices: readonly Choice[], chosen: readonly string[]): readonly Choice[] {
  return choices.filter(({ name }, index) => index < longList || chosen.includes(name))
}

/** Calmer answers below a dashed line. */
export function Dashed({ children }: { children: ComponentChildren }): JSX.Element {
  return <div class="dashed">{children}</div>
}
