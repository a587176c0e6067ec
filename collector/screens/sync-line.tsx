import type { JSX } from 'preact'
import type { Phone } from '../phone.ts'
import { timeWords } from '../text/calendar-names.ts'
import { useWords } from './words-context.ts'

/** Where the interviews are, in words and numbers. Offline is a state like any other. */
export function SyncLine({ phone }: { phone: Phone }): JSX.Element {
  const { t, known, language } = useWords()
  const { running, onThisPhone, sent, lastSuccess, trouble } = phone.syncState()
  const when = lastSuccess === null ? t('sync.never') : t('sync.last', { when: timeWords(lastSuccess, language) })
  return (
    <section class="sync" aria-label={t('sync.now')}>
      <p role="status">
        <strong>{t('sync.line', { here: onThisPhone, sent })}</strong>
        <br />
        {running ? t('sync.running') : when}
        {trouble !== null && !running && (
          <>
            <br />
            {known(trouble, 'sync.other')}
          </>
        )}
      </p>
      <button type="button" class="plain" disabled={running} onClick={() => void phone.sync()}>
        {t('sync.now')}
      </button>
    </section>
  )
}
