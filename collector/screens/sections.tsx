import type { JSX } from 'preact'
import type { Conduct } from '../interview/conduct.ts'
import { sectionsOf } from '../interview/sections.ts'
import type { DraftPlace } from '../phone.ts'
import { Bar } from './bar.tsx'
import { textIn } from './controls/control.ts'
import { Icon } from './icons.tsx'
import { LanguageFields } from './language-choice.tsx'
import { Title } from './page.tsx'
import { useWords } from './words-context.ts'

interface SectionsProps {
  readonly conduct: Conduct
  readonly onClose: () => void
  readonly onLeave: () => void
  readonly onHelpCard: () => void
  readonly onInterfaceLanguage: (language: string) => void
}

/** The whole interview as a list to jump in; languages; the way out that loses nothing. */
export function Sections({ conduct, onClose, onLeave, onHelpCard, onInterfaceLanguage }: SectionsProps): JSX.Element {
  const { t } = useWords()
  const session = conduct.session()
  const { draft, form } = session
  const { defaultLanguage } = form.questionnaire
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
        <LanguageFields conduct={conduct} onInterfaceLanguage={onInterfaceLanguage} />
        <button type="button" class="plain wide" onClick={onHelpCard}>
          <Icon name="plus" />
          {t('help.card')}
        </button>
        <button type="button" class="plain wide" onClick={onLeave}>
          {t('sections.leave')}
        </button>
      </main>
      <Bar onBack={onClose} backLabel={t('app.close')} />
    </div>
  )
}
