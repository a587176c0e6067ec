import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { messageOf } from '../message-of.ts'
import { Notice } from '../notice.tsx'
import { Page } from '../page.tsx'
import { PinField, pinLength } from '../pin-field.tsx'
import { useWords } from '../words-context.ts'
import type { CopiesProps } from './copies.tsx'
import { bytesOf } from './give.tsx'
import { ChooseFile } from './choose-file.tsx'

/** Brings a backup back, on the phone that made it or on another one that was invited in its place. */
export function Restore({ phone, onBack }: CopiesProps): JSX.Element {
  const words = useWords()
  const { t } = words
  const [file, setFile] = useState<File>()
  const [pin, setPin] = useState('')
  const [trouble, setTrouble] = useState<string>()
  const [isWorking, setWorking] = useState(false)
  const [back, setBack] = useState<{ readonly drafts: number; readonly records: number }>()
  const restore = async () => {
    if (!file) return
    setWorking(true)
    setTrouble(undefined)
    try {
      setBack(await phone.restore(await bytesOf(file), pin))
    } catch (error) {
      setTrouble(messageOf(error, words))
    }
    setPin('')
    setWorking(false)
  }
  if (back)
    return (
      <Page key="back" title={t('copies.restore')} onBack={onBack}>
        <p role="status">{t('copies.restored', back)}</p>
      </Page>
    )
  return (
    <Page
      title={t('copies.restore')}
      onBack={onBack}
      nextLabel={t('app.next')}
      nextDisabled={isWorking || !file || pin.length < pinLength}
      onNext={() => void restore()}
    >
      <p>{t('copies.restore-words')}</p>
      <ChooseFile name={file?.name} onFile={setFile} />
      {file && <PinField label={t('copies.restore-pin')} value={pin} onChange={isWorking ? () => {} : setPin} />}
      {isWorking && <p role="status">{t('pin.opening')}</p>}
      <Notice text={trouble} />
    </Page>
  )
}
