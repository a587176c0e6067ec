import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Phone } from '../phone.ts'
import { type InterfaceLanguage, interfaceLanguages } from '../text/words.ts'
import { Notice } from './notice.tsx'
import { Page } from './page.tsx'
import { isEasyPin, PinField, pinLength } from './pin-field.tsx'
import type { Preferences } from './preferences.ts'
import { useWords } from './words-context.ts'

interface SettingsProps {
  readonly phone: Phone
  readonly preferences: Preferences
  readonly onPreferences: (preferences: Preferences) => void
  readonly onRecordings: () => void
  readonly onBack: () => void
}

const themes = ['auto', 'light', 'dark'] as const

export function Settings({ phone, preferences, onPreferences, onRecordings, onBack }: SettingsProps): JSX.Element {
  const { t } = useWords()
  const [isChangingPin, setChangingPin] = useState(false)
  if (isChangingPin) return <ChangePin phone={phone} onBack={() => setChangingPin(false)} />
  const choose = (language: InterfaceLanguage) => onPreferences({ ...preferences, language })
  return (
    <Page title={t('settings.title')} onBack={onBack}>
      <fieldset class="choices">
        <legend>{t('settings.app-language')}</legend>
        {interfaceLanguages.map(({ code, name, direction }) => (
          <label key={code} class={preferences.language === code ? 'choice chosen' : 'choice'}>
            <span class="grow" lang={code} dir={direction}>
              {name}
            </span>
            <input type="radio" name="language" checked={preferences.language === code} onChange={() => choose(code)} />
          </label>
        ))}
      </fieldset>
      <label class={preferences.sunlight ? 'choice chosen' : 'choice'}>
        <span class="grow">{t('settings.sunlight')}</span>
        <input
          type="checkbox"
          checked={preferences.sunlight}
          onChange={(event) => onPreferences({ ...preferences, sunlight: event.currentTarget.checked })}
        />
      </label>
      <fieldset class="choices">
        <legend>{t('settings.theme')}</legend>
        {themes.map((theme) => (
          <label key={theme} class={preferences.theme === theme ? 'choice chosen' : 'choice'}>
            <span class="grow">{t(`settings.theme-${theme}`)}</span>
            <input
              type="radio"
              name="theme"
              checked={preferences.theme === theme}
              onChange={() => onPreferences({ ...preferences, theme })}
            />
          </label>
        ))}
      </fieldset>
      <button type="button" class="plain wide" onClick={onRecordings}>
        {t('audio.title')}
      </button>
      <button type="button" class="plain wide" onClick={() => setChangingPin(true)}>
        {t('pin.change')}
      </button>
      <button type="button" class="plain wide" onClick={() => void phone.lock()}>
        {t('settings.lock')}
      </button>
    </Page>
  )
}

function ChangePin({ phone, onBack }: { phone: Phone; onBack: () => void }): JSX.Element {
  const { t } = useWords()
  const [pins, setPins] = useState<readonly string[]>([])
  const [typed, setTyped] = useState('')
  const [trouble, setTrouble] = useState<string>()
  const [isDone, setDone] = useState(false)
  const restart = (why: string) => {
    setTrouble(why)
    setPins([])
  }
  const next = async () => {
    if (isDone) return onBack()
    const [oldPin, newPin] = pins
    setTyped('')
    setTrouble(undefined)
    if (oldPin !== undefined && newPin === undefined && isEasyPin(typed)) return restart(t('pin.too-easy'))
    if (oldPin === undefined || newPin === undefined) return setPins([...pins, typed])
    if (newPin !== typed) return restart(t('pin.differs'))
    if (!(await phone.changePin(oldPin, newPin))) return restart(t('pin.wrong'))
    return setDone(true)
  }
  const label = [t('pin.old'), t('pin.new'), t('pin.again')][pins.length] ?? ''
  return (
    <Page
      title={t('pin.change')}
      onBack={onBack}
      nextLabel={t('app.next')}
      nextDisabled={!isDone && typed.length < pinLength}
      onNext={() => void next()}
    >
      {isDone ? <p role="status">{t('pin.changed')}</p> : <PinField label={label} value={typed} onChange={setTyped} />}
      <Notice text={trouble} />
    </Page>
  )
}
