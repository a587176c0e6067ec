import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { type OverrideReason, overrideReasons } from '../interview/checks.ts'
import { useWords } from './words-context.ts'

/** "Yes, it is right", and then why: a code that the office can count. */
export function Confirm({ onReason }: { readonly onReason: (reason: OverrideReason) => void }): JSX.Element {
  const { t } = useWords()
  const [isAsked, setAsked] = useState(false)
  if (!isAsked) {
    return (
      <button type="button" class="plain" aria-expanded={false} onClick={() => setAsked(true)}>
        {t('question.right')}
      </button>
    )
  }
  return (
    <div class="stack" role="group" aria-label={t('question.right')}>
      {overrideReasons.map((reason) => (
        <button key={reason} type="button" class="plain" onClick={() => onReason(reason)}>
          {t(`reason.${reason}`)}
        </button>
      ))}
    </div>
  )
}
