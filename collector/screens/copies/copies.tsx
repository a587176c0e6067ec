import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Phone, PhoneCare } from '../../phone.ts'
import type { TextKey } from '../../text/words.ts'
import { Page } from '../page.tsx'
import { useWords } from '../words-context.ts'
import { Backup } from './backup.tsx'
import { HandOver } from './hand-over.tsx'
import { Receive } from './receive.tsx'
import { Restore } from './restore.tsx'

const ways = { 'hand-over': HandOver, receive: Receive, backup: Backup, restore: Restore } as const
type Way = keyof typeof ways

export interface CopiesProps {
  readonly phone: Phone & PhoneCare
  readonly onBack: () => void
}

/** The ways off this phone, and onto it, that need no internet. */
export function Copies({ phone, onBack }: CopiesProps): JSX.Element {
  const { t } = useWords()
  const [way, setWay] = useState<Way>()
  if (way !== undefined) {
    const Chosen = ways[way]
    return <Chosen phone={phone} onBack={() => setWay(undefined)} />
  }
  return (
    <Page title={t('copies.title')} onBack={onBack}>
      <p>{t('copies.here', { count: phone.syncState().onThisPhone })}</p>
      <div class="stack">
        {(Object.keys(ways) as Way[]).map((each) => (
          <button key={each} type="button" class="card" onClick={() => setWay(each)}>
            <span class="grow">
              <strong>{t(`copies.${each}` as TextKey)}</strong>
              <small>{t(`copies.${each}-for` as TextKey)}</small>
            </span>
          </button>
        ))}
      </div>
    </Page>
  )
}
