import type { JSX } from 'preact'
import type { Conduct } from '../interview/conduct.ts'
import { interfaceLanguages } from '../text/words.ts'
import { Bar } from './bar.tsx'
import { Title } from './page.tsx'
import { useWords } from './words-context.ts'

interface LanguageFieldsProps {
  readonly conduct: Conduct
  readonly onInterfaceLanguage: (language: string) => void
  /** Called after the language of the questions changed. */
  readonly onChosen?: () => void
}

/** The languages of the questions, a tap away from every question; the place is kept. */
export function LanguageChoice({ onClose, ...fields }: LanguageFieldsProps & { onClose: () => void }): JSX.Element {
  const { t } = useWords()
  return (
    <div class="screen">
      <main>
        <Title text={t('language.title')} />
        <LanguageFields {...fields} onChosen={onClose} />
      </main>
      <Bar onBack={onClose} backLabel={t('app.close')} />
    </div>
  )
}

/** Questions in one language, the app in another: respondent and enumerator need not share one. */
export function LanguageFields({ conduct, onInterfaceLanguage, onChosen }: LanguageFieldsProps): JSX.Element {
  const { t, language } = useWords()
  const { draft, form } = conduct.session()
  return (
    <>
      <Languages
        title={t('language.questions')}
        group="question-language"
        languages={form.questionnaire.languages}
        chosen={draft.questionLanguage}
        onChoose={(code) => {
          conduct.questionLanguage(code)
          onChosen?.()
        }}
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
    </>
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
    <fieldset class="choices spaced">
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
