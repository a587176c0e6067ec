import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { messageOf } from '../message-of.ts'
import { Notice } from '../notice.tsx'
import { Page } from '../page.tsx'
import { PinField, pinLength } from '../pin-field.tsx'
import { useWords } from '../words-context.ts'
import type { CopiesProps } from './copies.tsx'
import { Give } from './give.tsx'

/** A file with everything that is only on this phone, locked with its PIN. */
export function Backup({ phone, onBack }: CopiesProps): JSX.Element {
  const words = useWords()
  const { t } = words
  const [pin, setPin] = useState('')
  const [file, setFile] = useState<Uint8Array>()
  const [trouble, setTrouble] = useState<string>()
  const [isWorking, setWorking] = useState(false)
  const make = async () => {
    setWorking(true)
    setTrouble(undefined)
    try {
      setFile(await phone.backup(pin))
    } catch (error) {
      setTrouble(messageOf(error, words))
    }
    setPin('')
    setWorking(false)
  }
  if (file)
    return (
      <Page key="made" title={t('copies.backup')} onBack={onBack}>
        <p role="status">{t('copies.backup-made')}</p>
        <Give name="backup" bytes={file} />
      </Page>
    )
  return (
    <Page
      title={t('copies.backup')}
      onBack={onBack}
      nextLabel={t('app.next')}
      nextDisabled={isWorking || pin.length < pinLength}
      onNext={() => void make()}
    >
      <p>{t('copies.backup-words')}</p>
      <PinField label={t('pin.old')} value={pin} onChange={isWorking ? () => {} : setPin} />
      {isWorking && <p role="status">{t('finish.working')}</p>}
      <Notice text={trouble} />
    </Page>
  )
}
