import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Phone } from '../phone.ts'
import { messageOf } from './message-of.ts'
import { Notice } from './notice.tsx'
import { Page } from './page.tsx'
import { PinField, pinLength } from './pin-field.tsx'
import { useWords } from './words-context.ts'

interface UnlockProps {
  readonly phone: Phone
  readonly waitSeconds: number
  readonly attemptsLeft: number
}

/** The locked phone: a PIN opens it. After wrong ones it waits, and says for how long. */
export function Unlock({ phone, waitSeconds, attemptsLeft }: UnlockProps): JSX.Element {
  const words = useWords()
  const { t } = words
  const [pin, setPin] = useState('')
  const [trouble, setTrouble] = useState<string>()
  const [isOpening, setOpening] = useState(false)
  const wait = useCountdown(waitSeconds)

  const unlock = async () => {
    setOpening(true)
    setTrouble(undefined)
    try {
      const { attemptsLeft: left } = lockedState(phone) ?? { attemptsLeft }
      if (!(await phone.unlock(pin)))
        setTrouble(`${t('pin.wrong')} ${left > 1 && left <= 6 ? t('pin.left', { count: left - 1 }) : ''}`.trim())
    } catch (error) {
      setTrouble(messageOf(error, words))
    }
    setPin('')
    setOpening(false)
  }

  const isBlocked = isOpening || wait > 0
  return (
    <Page title={t('pin.unlock')} nextLabel={t('app.next')} onNext={() => void unlock()} nextDisabled={isBlocked || pin.length < pinLength}>
      <PinField label="PIN" value={pin} onChange={isBlocked ? () => {} : setPin} />
      <p class="aside">{t('unlock.forgotten')}</p>
      {isOpening && <p role="status">{t('pin.opening')}</p>}
      <Notice text={wait > 0 ? t('pin.wait', { count: wait }) : trouble} />
    </Page>
  )
}

function lockedState(phone: Phone) {
  const state = phone.state()
  return state.kind === 'locked' ? state : undefined
}

function useCountdown(seconds: number): number {
  const [left, setLeft] = useState(seconds)
  useEffect(() => {
    setLeft(seconds)
    if (seconds <= 0) return undefined
    const until = Date.now() + seconds * 1000
    const timer = setInterval(() => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000))), 500)
    return () => clearInterval(timer)
  }, [seconds])
  return left
}
