import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Carried } from '../../phone.ts'
import { messageOf } from '../message-of.ts'
import { Notice } from '../notice.tsx'
import { Page } from '../page.tsx'
import { timeWords } from '../../text/calendar-names.ts'
import { useWords } from '../words-context.ts'
import { canFilm, Film } from './film.tsx'
import { ChooseFile } from './choose-file.tsx'
import type { CopiesProps } from './copies.tsx'
import { bytesOf } from './give.tsx'

/** Takes the hand-over of another phone, and shows what is still carried. */
export function Receive({ phone, onBack }: CopiesProps): JSX.Element {
  const words = useWords()
  const { t } = words
  const [carried, setCarried] = useState<readonly Carried[]>([])
  const [taken, setTaken] = useState<number>()
  const [trouble, setTrouble] = useState<string>()
  const [isFilming, setFilming] = useState(false)
  const look = async () => setCarried(await phone.carried())
  useEffect(() => void look(), [])
  const take = async (file: Promise<Uint8Array>) => {
    setFilming(false)
    setTaken(undefined)
    setTrouble(undefined)
    try {
      setTaken((await phone.receive(await file)).records)
      await look()
      // Where there is a network already, nothing has to wait.
      void phone.sync().then(look)
    } catch (error) {
      setTrouble(messageOf(error, words))
    }
  }
  const drop = async (id: string) => {
    await phone.dropCarried(id)
    await look()
  }
  if (isFilming)
    return (
      <Page key="film" title={t('copies.receive')} onBack={() => setFilming(false)}>
        <Film onFile={(file) => void take(Promise.resolve(file))} />
      </Page>
    )
  return (
    <Page title={t('copies.receive')} onBack={onBack}>
      <p>{t('copies.receive-words')}</p>
      <ChooseFile onFile={(file) => void take(bytesOf(file))} />
      {canFilm() ? (
        <button type="button" class="plain wide" onClick={() => setFilming(true)}>
          {t('copies.film')}
        </button>
      ) : (
        <p class="aside">{t('copies.no-film')}</p>
      )}
      {taken !== undefined && <p role="status">{t('copies.received', { count: taken })}</p>}
      <Notice text={trouble} />
      {carried.length > 0 && <h2>{t('copies.carried')}</h2>}
      <ul class="cards">
        {carried.map(({ id, records, received, refused }) => (
          <li key={id} class={refused ? 'line bad' : 'line'}>
            <span class="grow">
              <strong>{t('copies.count', { count: records })}</strong>
              <small>{refused ? t('copies.refused') : timeWords(received, words.language)}</small>
            </span>
            {refused && (
              <button type="button" class="plain" onClick={() => void drop(id)}>
                {t('copies.remove')}
              </button>
            )}
          </li>
        ))}
      </ul>
    </Page>
  )
}
