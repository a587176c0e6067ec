import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Draft, Phone } from '../phone.ts'
import { messageOf } from './message-of.ts'
import { Notice } from './notice.tsx'
import { Page } from './page.tsx'
import { useWords } from './words-context.ts'

interface FinishProps {
  readonly phone: Phone
  readonly draft: Draft
  readonly onDone: () => void
  readonly onBack: () => void
}

/** The end: the interview is sealed; the household gets the code that takes it back. */
export function Finish({ phone, draft, onDone, onBack }: FinishProps): JSX.Element {
  const words = useWords()
  const { t } = words
  const [code, setCode] = useState<string>()
  const [trouble, setTrouble] = useState<string>()
  useEffect(() => {
    phone.completeDraft(draft).then(
      ({ withdrawalCode }) => setCode(withdrawalCode),
      (error: unknown) => setTrouble(`${t('finish.failed')} ${messageOf(error, words)}`),
    )
    // Once, when the screen opens: the draft does not change any more.
  }, [])
  if (trouble !== undefined) {
    return (
      <Page title={t('finish.title')} onBack={onBack}>
        <Notice text={trouble} />
      </Page>
    )
  }
  if (code === undefined) {
    return (
      <Page title={t('finish.title')}>
        <p role="status">{t('finish.working')}</p>
      </Page>
    )
  }
  return (
    <Page key="done" title={t('finish.title')} nextLabel={t('finish.done')} onNext={onDone}>
      {draft.practice ? (
        <p class="mark">{t('finish.practice')}</p>
      ) : (
        <>
          <p>{t('finish.words')}</p>
          <p>{t('finish.slip')}</p>
          <p class="slip" dir="ltr">
            {code}
          </p>
          <p>{t('finish.slip-words')}</p>
        </>
      )}
    </Page>
  )
}
