import type { JSX } from 'preact'
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { Phone, PhoneCare } from '../phone.ts'
import { isInterfaceLanguage, loadWords, type Words } from '../text/words.ts'
import { Enrol, isEnrolmentLink } from './enrol.tsx'
import { OpenPhone } from './open-phone.tsx'
import { Page } from './page.tsx'
import type { Preferences } from './preferences.ts'
import { Unlock } from './unlock.tsx'
import { useChanges } from './use-changes.ts'
import { useWords, WordsContext } from './words-context.ts'

export interface AppProps {
  readonly phone: Phone & PhoneCare
  readonly preferences: Preferences
  /** The texts of the language in `preferences`. */
  readonly words: Words
  readonly onPreferences: (preferences: Preferences) => void
  /** The address the app was opened with; an enrolment link carries its code behind the #. */
  readonly address: string
}

/** The whole app: the state of the phone decides what is shown. */
export function App({ phone, preferences: start, words: first, onPreferences, address }: AppProps): JSX.Element {
  useChanges(phone)
  const [preferences, setPreferences] = useState(start)
  const words = useWordsOf(preferences.language, first)
  const choose = (next: Preferences) => {
    setPreferences(next)
    onPreferences(next)
  }
  const speak = useCallback(
    (language: string) => {
      if (isInterfaceLanguage(language)) choose({ ...preferences, language })
    },
    [preferences],
  )
  useEffect(() => {
    const page = document.documentElement
    page.lang = words.language
    page.dir = words.direction
    page.dataset.theme = preferences.theme
    page.toggleAttribute('data-sunlight', preferences.sunlight)
  }, [words, preferences])
  return (
    <WordsContext.Provider value={words}>
      <Screen phone={phone} address={address} preferences={preferences} onPreferences={choose} onInterfaceLanguage={speak} />
    </WordsContext.Provider>
  )
}

interface ScreenProps {
  readonly phone: Phone & PhoneCare
  readonly address: string
  readonly preferences: Preferences
  readonly onPreferences: (preferences: Preferences) => void
  readonly onInterfaceLanguage: (language: string) => void
}

function Screen({ phone, address, ...others }: ScreenProps): JSX.Element {
  const state = phone.state()
  const { t } = useWords()
  const [isPinKnown, setPinKnown] = useState(false)
  const resume = useRef<string | undefined>(undefined)
  const again = isEnrolmentLink(address) && !isPinKnown
  switch (state.kind) {
    case 'new':
      return <Enrol phone={phone} link={isEnrolmentLink(address) ? address : undefined} left={state.left} />
    case 'locked':
      if (again) return <Enrol phone={phone} link={address} again onCancel={() => setPinKnown(true)} />
      return <Unlock phone={phone} waitSeconds={state.waitSeconds} attemptsLeft={state.attemptsLeft} />
    case 'open':
      return <OpenPhone phone={phone} state={state} resume={resume} {...others} />
    case 'elsewhere':
      return (
        <Page title={t('app.name')}>
          <p>{t('app.elsewhere')}</p>
        </Page>
      )
    case 'closed':
      if (again) return <Enrol phone={phone} link={address} again onCancel={() => setPinKnown(true)} />
      return <Closed phone={phone} why={state.why} />
    default:
      return state satisfies never
  }
}

/** A phone that needs its server, or its supervisor, before it opens. */
function Closed({ phone, why }: { readonly phone: Phone & PhoneCare; readonly why: 'revoked' | 'lease' }): JSX.Element {
  const { t } = useWords()
  const [isAsking, setAsking] = useState(false)
  const ask = async () => {
    setAsking(true)
    await phone.askServer()
    setAsking(false)
  }
  const next = why === 'lease' ? { nextLabel: t('app.try-again'), onNext: () => void ask(), nextDisabled: isAsking } : {}
  return (
    <Page title={t('app.name')} {...next}>
      <p>{t(why === 'revoked' ? 'app.closed-revoked' : 'app.closed-lease')}</p>
    </Page>
  )
}

/** Until another language has come, the one before stays. */
function useWordsOf(language: Preferences['language'], first: Words): Words {
  const [words, setWords] = useState(first)
  useEffect(() => {
    let isCurrent = true
    void loadWords(language).then((loaded) => isCurrent && setWords(loaded))
    return () => {
      isCurrent = false
    }
  }, [language])
  return words
}
