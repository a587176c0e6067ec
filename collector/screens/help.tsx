import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { type HelpPack, loadHelp } from '../text/help.ts'
import { Page } from './page.tsx'
import { useWords } from './words-context.ts'

/** What to do at the door, for the enumerator: short, by situation. */
export function Help({ onBack }: { readonly onBack: () => void }): JSX.Element {
  const { t, language } = useWords()
  const help = useHelp(language)
  return (
    <Page title={t('help.title')} onBack={onBack}>
      {help?.situations.map(({ title, lines }) => (
        <details key={title} class="card">
          <summary>{title}</summary>
          <ul>
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </details>
      ))}
    </Page>
  )
}

interface HelpCardProps {
  /** Places of help in this area, from the round. */
  readonly places: string | undefined
  readonly onBack: () => void
}

/** The card for the respondent: rights first, then places of help. Looks the same whoever gets it, and like a health card. */
export function HelpCard({ places, onBack }: HelpCardProps): JSX.Element {
  const { t, language } = useWords()
  const help = useHelp(language)
  return (
    <Page title={t('help.card')} onBack={onBack}>
      {help && (
        <section class="sync">
          <h2>{help.card.title}</h2>
          <ul>
            {help.card.lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          <p>
            <strong>{places ?? t('help.no-places')}</strong>
          </p>
        </section>
      )}
      <p class="aside">{t('help.words')}</p>
    </Page>
  )
}

function useHelp(language: Parameters<typeof loadHelp>[0]): HelpPack | undefined {
  const [help, setHelp] = useState<HelpPack>()
  useEffect(() => void loadHelp(language).then(setHelp), [language])
  return help
}
