import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { readRecordings, type RecordingsOffer } from '../../schemas/recordings/recordings.ts'
import type { PhoneCare } from '../phone.ts'
import { bringRecordings } from '../recordings/download.ts'
import { fillShelf, openShelf } from '../recordings/shelf.ts'
import { Notice } from './notice.tsx'
import { Page } from './page.tsx'
import type { Preferences } from './preferences.ts'
import { Recorder } from './recorder.tsx'
import { useWords } from './words-context.ts'

interface RecordingsProps {
  readonly phone: PhoneCare
  readonly questionnaire: Questionnaire
  readonly preferences: Preferences
  readonly onPreferences: (preferences: Preferences) => void
  readonly onBack: () => void
}

/** The spoken questions on this phone: what is here, what the server has, what came by file, and the way to record them. */
export function RecordingsScreen({ phone, questionnaire, preferences, onPreferences, onBack }: RecordingsProps): JSX.Element {
  const { t } = useWords()
  const [offers, setOffers] = useState<readonly RecordingsOffer[]>([])
  const [here, setHere] = useState<ReadonlyMap<string, string | null>>(new Map())
  const [trouble, setTrouble] = useState<string>()
  const [isRecording, setRecording] = useState(false)
  const look = async () => {
    const shelves = await Promise.all(
      questionnaire.languages.map(async ({ code }) => [code, (await openShelf(questionnaire.id, code))?.sha256] as const),
    )
    setHere(new Map(shelves.flatMap(([code, sha256]) => (sha256 === undefined ? [] : [[code, sha256]]))))
    setOffers(await phone.recordings())
  }
  useEffect(() => void look(), [isRecording])
  const load = async (file: File | undefined) => {
    if (!file) return
    setTrouble(undefined)
    try {
      const pack = readRecordings(new Uint8Array(await file.arrayBuffer()))
      if (pack.questionnaire !== questionnaire.id) throw new RangeError('another questionnaire')
      await fillShelf(pack, null)
      await look()
    } catch {
      setTrouble(t('audio.wrong-file'))
    }
  }
  if (isRecording) return <Recorder questionnaire={questionnaire} onBack={() => setRecording(false)} />
  const nameOf = (code: string) => questionnaire.languages.find((each) => each.code === code)?.name ?? code
  const waiting = offers.filter(({ language, sha256 }) => here.get(language) !== sha256)
  return (
    <Page title={t('audio.title')} onBack={onBack}>
      {here.size === 0 && waiting.length === 0 && <p class="calm">{t('audio.none')}</p>}
      {[...here.keys()].map((code) => (
        <p key={code}>{t('audio.ready', { language: nameOf(code) })}</p>
      ))}
      {waiting.map((offer) => (
        <Offer key={offer.sha256} offer={offer} name={nameOf(offer.language)} phone={phone} onBrought={() => void look()} />
      ))}
      <Notice text={trouble} />
      <label class={preferences.autoplay ? 'choice chosen' : 'choice'}>
        <span class="grow">{t('audio.autoplay')}</span>
        <input
          type="checkbox"
          checked={preferences.autoplay}
          onChange={(event) => onPreferences({ ...preferences, autoplay: event.currentTarget.checked })}
        />
      </label>
      <p class="aside">{t('audio.headset')}</p>
      <label class="plain wide file">
        {t('audio.file')}
        <input type="file" accept=".tar" onChange={(event) => void load(event.currentTarget.files?.[0])} />
      </label>
      <button type="button" class="plain wide" onClick={() => setRecording(true)}>
        {t('voice.title')}
      </button>
    </Page>
  )
}

interface OfferProps {
  readonly offer: RecordingsOffer
  readonly name: string
  readonly phone: PhoneCare
  readonly onBrought: () => void
}

function Offer({ offer, name, phone, onBrought }: OfferProps): JSX.Element {
  const { t } = useWords()
  const [share, setShare] = useState<number>()
  const [isBroken, setBroken] = useState(false)
  const bring = async () => {
    setBroken(false)
    setShare(0)
    try {
      await bringRecordings(offer, (part) => phone.recordingsPart(offer.sha256, part), setShare)
      onBrought()
    } catch {
      setBroken(true)
    }
    setShare(undefined)
  }
  const megabytes = Math.max(0.1, Math.round(offer.bytes / 1e5) / 10)
  return (
    <div class="sync">
      <p role="status">
        {share === undefined
          ? t('audio.missing', { language: name, megabytes })
          : t('audio.working', { language: name, percent: Math.round(share * 100) })}
      </p>
      {isBroken && <p>{t('audio.broken')}</p>}
      <button type="button" class="plain" disabled={share !== undefined} onClick={() => void bring()}>
        {t('audio.get')}
      </button>
    </div>
  )
}
