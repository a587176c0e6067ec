import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { messageOf } from '../message-of.ts'
import { Notice } from '../notice.tsx'
import { Page } from '../page.tsx'
import { useWords } from '../words-context.ts'
import type { CopiesProps } from './copies.tsx'
import { Give } from './give.tsx'
import { Pictures } from './pictures.tsx'

/** More than this takes longer to film than to send a file. */
const mostPictures = 90

/** Finished interviews for somebody else to carry: as a file, and a few of them as pictures. */
export function HandOver({ phone, onBack }: CopiesProps): JSX.Element {
  const words = useWords()
  const { t } = words
  const [made, setMade] = useState<Awaited<ReturnType<typeof phone.handOver>>>()
  const [trouble, setTrouble] = useState<string>()
  const [isShowing, setShowing] = useState(false)
  useEffect(() => {
    phone.handOver().then(setMade, (error: unknown) => setTrouble(messageOf(error, words)))
    // Once: a record that is finished later belongs to the next hand-over.
  }, [])
  if (made && isShowing)
    return (
      <Page key="pictures" title={t('copies.hand-over')} onBack={() => setShowing(false)}>
        <Pictures texts={made.qr} />
      </Page>
    )
  return (
    <Page title={t('copies.hand-over')} onBack={onBack}>
      {made && <p>{made.records === 0 ? t('copies.nothing') : t('copies.hand-over-words', { count: made.records })}</p>}
      {made && made.records > 0 && (
        <>
          <Give name="hand-over" bytes={made.file} />
          {made.qr.length <= mostPictures ? (
            <button type="button" class="plain wide" onClick={() => setShowing(true)}>
              {t('copies.pictures')}
            </button>
          ) : (
            <p class="aside">{t('copies.too-many')}</p>
          )}
        </>
      )}
      <Notice text={trouble} />
    </Page>
  )
}
