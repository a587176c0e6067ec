import type { JSX } from 'preact'
import type { Conduct } from '../interview/conduct.ts'
import { sectionsOf } from '../interview/sections.ts'
import type { DraftPlace } from '../phone.ts'
import { type InterfaceLanguage, interfaceLanguages } from '../text/words.ts'
import { Bar } from './bar.tsx'
import { textIn } from './controls/control.ts'
import { Title } from './page.tsx'
import { useWords } from './words-context.ts'

interface SectionsProps {
  readonly conduct: Conduct
  readonly onClose: () => void
  readonly onLeave: () => void
  readonly onInterfaceLanguage: (language: InterfaceLanguage) => void
}

/** The whole interview as a list to jump in; languages; the way out that loses nothing. */
export function Sections({ conduct, onClose, onLeave, onInterfaceLanguage }: SectionsProps): JSX.Element {
  const { t, language } = useWords()
  const session = conduct.session()
  const { draft, form } = session
  const { defaultLanguage, languages } = form.questionnaire
  const go = async (to: DraftPlace) => {
    await conduct.go(to)
    onClose()
  }
  return (
    <div class="screen">
      <main>
        <Title text={t('sections.title')} />
        <ul class="cards">
          {sectionsOf(session).map(({ item, place, open }) => (
            <li key={item.name}>
              <button type="button" class="card" onClick={() => void go(place)}>
                <span class="grow">{textIn(item.label, draft.questionLanguage, defaultLanguage) ?? t('question.section')}</span>
                <small>{open > 0 ? t('sections.open', { count: open }) : t('sections.done')}</small>
              </button>
            </li>
          ))}
          <li>
            <button type="button" class="card" onClick={() => void go({ screen: 'summary' })}>
              <span class="grow">{t('sections.summary')}</span>
            </button>
          </li>
        </ul>
        <h2>{t('sections.languages')}</h2>
        <Languages
          title={t('language.questions')}
          group="question-language"
          languages={languages}
          chosen={draft.questionLanguage}
          onChoose={(code) => conduct.questionLanguage(code)}
        />
        <Languages
          title={t('language.app')}
          group="app-language"
          languages={interfaceLanguages}
          chosen={language}
          onChoose={(code) => {
            conduct.interfaceLanguage(code)
            onInterfaceLanguage(code)
          }}
        />
        <button type="button" class="plain wide" onClick={onLeave}>
          {t('sections.leave')}
        </button>
      </main>
      <Bar onBack={onClose} backLabel={t('app.close')} />
    </div>
  )
}

interface LanguagesProps<Code extends string> {
  readonly title: string
  readonly group: string
  readonly languages: readonly { readonly code: Code; readonly name: string; readonly direction: 'ltr' | 'rtl' }[]
  readonly chosen: string
  readonly onChoose: (code: Code) => void
}

function Languages<Code extends string>({ title, group, languages, chosen, onChoose }: LanguagesProps<Code>): JSX.Element {
  return (
    <fieldset class="choices">
      <legend>{title}</legend>
      {languages.map(({ code, name, direction }) => (
        <label key={code} class={code === chosen ? 'choice chosen' : 'choice'}>
          <span class="grow" lang={code} dir={direction}>
            {name}
          </span>
          <input type="radio" name={group} checked={code === chosen} onChange={() => onChoose(code)} />
        </label>
      ))}
    </fieldset>
  )
}
