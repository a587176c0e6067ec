import type { JSX } from 'preact'
import { useContext, useState } from 'preact/hooks'
import { isMissingCode } from '../interview/missing.ts'
import { pictogramOf } from '../interview/pictograms.ts'
import { Dashed } from './controls/choices.tsx'
import { ChoiceCard } from './controls/choice-card.tsx'
import { type ControlProps, textIn } from './controls/control.ts'
import { Icon } from './icons.tsx'
import { Pictogram } from './pictogram.tsx'
import { RespondentContext } from './respondent-context.ts'
import { useWords } from './words-context.ts'

/** "Tick all" for a respondent: each answer alone, with yes and no. Nothing of it chosen means the answer "none", where the list has one. */
export function OneByOne({ form, answers, place, question, value, onAnswer, language }: ControlProps): JSX.Element {
  const { t } = useWords()
  const tools = useContext(RespondentContext)
  const [at, setAt] = useState(0)
  const list = question.list === undefined ? undefined : form.questionnaire.lists[question.list]
  const offered = form.choices(answers, place)
  const exclusive = new Set(list?.exclusive)
  const items = offered.filter(({ name }) => !exclusive.has(name) && !isMissingCode(name))
  const none = offered.find(({ name }) => exclusive.has(name) && !isMissingCode(name))
  const chosen = (Array.isArray(value) ? (value as readonly string[]) : []).filter((each) => items.some(({ name }) => name === each))
  const otherwise = form.questionnaire.defaultLanguage
  const item = items[at]
  const say = (name: string, isYes: boolean) => {
    const next = isYes ? [...new Set([...chosen, name])] : chosen.filter((each) => each !== name)
    const isLast = at === items.length - 1
    onAnswer(next.length > 0 ? next : isLast && none ? [none.name] : undefined)
    setAt(at + 1)
  }
  if (!item) {
    return (
      <p role="status">
        <Icon name="check" size={32} />{' '}
        {chosen.map((each) => textIn(items.find(({ name }) => name === each)?.label, language, otherwise)).join(' · ') ||
          textIn(none?.label, language, otherwise)}
      </p>
    )
  }
  const picture = pictogramOf(question.list, item, language)
  return (
    <div class="one">
      <p class="aside">{t('respondent.item', { number: at + 1, count: items.length })}</p>
      <div class="beside">
        {picture !== undefined && <Pictogram name={picture} size={96} />}
        <strong class="grow">{textIn(item.label, language, otherwise)}</strong>
        {tools?.beside(item)}
      </div>
      <div class="pair">
        <button type="button" class="plain" onClick={() => say(item.name, true)}>
          <Pictogram name="yes" size={48} />
          {t('app.yes')}
        </button>
        <button type="button" class="plain" onClick={() => say(item.name, false)}>
          <Pictogram name="no" size={48} />
          {t('app.no')}
        </button>
      </div>
      <Dashed>
        {offered
          .filter(({ name }) => isMissingCode(name))
          .map((choice) => (
            <ChoiceCard
              key={choice.name}
              choice={choice}
              kind="checkbox"
              group={place.name}
              checked={false}
              language={language}
              otherwise={otherwise}
              onToggle={() => {
                onAnswer([choice.name])
                setAt(items.length)
              }}
            />
          ))}
      </Dashed>
    </div>
  )
}
