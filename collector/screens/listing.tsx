import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { nextNumber } from '../interview/visits.ts'
import type { RecordSummary } from '../phone.ts'
import { Page } from './page.tsx'
import { useWords } from './words-context.ts'

interface ListingProps {
  readonly records: readonly RecordSummary[]
  readonly area: { readonly code: string; readonly name: string }
  readonly onBack: () => void
  /** Keeps the home on the list; `isVisitedNow` goes on to its interview. */
  readonly onListed: (number: string, isVisitedNow: boolean) => void
}

/** A home that was found: it gets its number, and is visited now or later. Empty homes are visited too: the result says so. */
export function Listing({ records, area, onBack, onListed }: ListingProps): JSX.Element {
  const { t } = useWords()
  const [number, setNumber] = useState(() => nextNumber(records, area.code))
  const isKnown = records.some(({ label, area: code }) => code === area.code && label === number.trim())
  const isWritten = number.trim() !== ''
  return (
    <Page
      title={t('listing.title')}
      onBack={onBack}
      nextLabel={t('listing.now')}
      nextDisabled={!isWritten}
      onNext={() => onListed(number.trim(), true)}
    >
      <p class="hint">
        <bdi>{area.name}</bdi>
      </p>
      <label class="field">
        <span>{t('listing.number')}</span>
        <input class="big" dir="ltr" value={number} onInput={(event) => setNumber(event.currentTarget.value)} />
      </label>
      <p class="aside">{t('listing.words')}</p>
      <p role="status">{isKnown && <strong>{t('listing.known')}</strong>}</p>
      <button type="button" class="plain wide" disabled={!isWritten} onClick={() => onListed(number.trim(), false)}>
        {t('listing.later')}
      </button>
    </Page>
  )
}
