import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Phone, PhoneCare, PhoneState } from '../phone.ts'
import { messageOf } from './message-of.ts'
import { Notice } from './notice.tsx'
import { Page } from './page.tsx'
import { isEasyPin, PinField, pinLength } from './pin-field.tsx'
import { useWords } from './words-context.ts'

type Stage = 'link' | 'pin' | 'again' | 'working'

interface EnrolProps {
  readonly phone: Phone & PhoneCare
  readonly link: string | undefined
  /** The PIN was forgotten: the same phone gets a new one. */
  readonly again?: boolean
  readonly onCancel?: () => void
  /** What is left on a phone whose browser lost its database. */
  readonly left?: Extract<PhoneState, { kind: 'new' }>['left']
}

/** A phone that belongs to nobody yet: the link of the supervisor, then a PIN, twice. */
export function Enrol({ phone, link: given, again: isAgain = false, onCancel, left }: EnrolProps): JSX.Element {
  const words = useWords()
  const { t } = words
  const [stage, setStage] = useState<Stage>(given === undefined ? 'link' : 'pin')
  const [link, setLink] = useState(given ?? '')
  const [pin, setPin] = useState('')
  const [again, setAgain] = useState('')
  const [trouble, setTrouble] = useState<string>()
  const [keeps, setKeeps] = useState(true)
  useEffect(() => {
    if (isAgain) void phone.forgottenPinKeeps().then(setKeeps)
  }, [])

  const restart = (why: string) => {
    setTrouble(why)
    setPin('')
    setAgain('')
    setStage('pin')
  }
  const enrol = async () => {
    setStage('working')
    setTrouble(undefined)
    try {
      await (isAgain ? phone.startAgain(link, pin) : phone.enrol(link, pin))
    } catch (error) {
      restart(messageOf(error, words))
      if (given === undefined) setStage('link')
    }
  }
  const next = () => {
    setTrouble(undefined)
    if (stage === 'link') {
      if (!isEnrolmentLink(link)) return setTrouble(t('enrol.wrong-link'))
      return setStage('pin')
    }
    if (stage === 'pin') {
      if (pin.length < pinLength) return setTrouble(t('pin.six'))
      if (isEasyPin(pin)) return restart(t('pin.too-easy'))
      return setStage('again')
    }
    if (again !== pin) return restart(t('pin.differs'))
    return void enrol()
  }

  return (
    <Page
      key={stage}
      title={t(isAgain ? 'again.title' : 'enrol.title')}
      {...(onCancel && { onBack: onCancel, backLabel: t('again.cancel') })}
      nextLabel={t('app.next')}
      onNext={next}
      nextDisabled={stage === 'working'}
    >
      {left && <Notice text={t('enrol.left', { count: left.records, device: left.device })} asks />}
      {stage === 'link' && (
        <>
          <p>{t('enrol.words')}</p>
          <label class="field">
            <span>{t('enrol.link')}</span>
            <input type="url" dir="ltr" value={link} onInput={(event) => setLink(event.currentTarget.value.trim())} />
          </label>
        </>
      )}
      {stage === 'pin' && (
        <>
          <p>{t(isAgain ? (keeps ? 'again.words' : 'again.words-lost') : 'pin.choose-words')}</p>
          <PinField label={t('pin.choose')} value={pin} onChange={setPin} />
        </>
      )}
      {stage === 'again' && <PinField label={t('pin.again')} value={again} onChange={setAgain} />}
      {stage === 'working' && <p role="status">{t('enrol.working')}</p>}
      <Notice text={trouble} />
    </Page>
  )
}

/** `<server>/collector/#enrol=<code>`. */
export function isEnrolmentLink(link: string): boolean {
  return /^https?:\/\/\S+#enrol=\S+$/.test(link)
}
