import type { JSX } from 'preact'
import { useWords } from '../words-context.ts'
import { type ControlProps, textIn } from './control.ts'

/** Answers in an order: each tap gives the next place, a second tap takes it back. */
export function RankField({ form, answers, place, value, onAnswer, language, titleId }: ControlProps): JSX.Element {
  const { t, digits } = useWords()
  const ranked = Array.isArray(value) ? (value as readonly string[]) : []
  const toggle = (name: string) => {
    const next = ranked.includes(name) ? ranked.filter((each) => each !== name) : [...ranked, name]
    onAnswer(next.length === 0 ? undefined : next)
  }
  return (
    <div role="group" class="choices" aria-labelledby={titleId}>
      <p class="aside">{t('rank.words')}</p>
      {form.choices(answers, place).map(({ name, label }) => (
        <button key={name} type="button" class="choice" aria-pressed={ranked.includes(name)} onClick={() => toggle(name)}>
          <span class="grow">{textIn(label, language, form.questionnaire.defaultLanguage) ?? name}</span>
          <span class="rank">{ranked.includes(name) ? digits(ranked.indexOf(name) + 1) : ''}</span>
        </button>
      ))}
    </div>
  )
}
