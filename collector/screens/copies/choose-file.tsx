import type { JSX } from 'preact'
import { useWords } from '../words-context.ts'

export function ChooseFile({ name, onFile }: { readonly name?: string | undefined; readonly onFile: (file: File) => void }): JSX.Element {
  const { t } = useWords()
  const choose = (file: File | undefined) => file && onFile(file)
  return (
    <label class="plain wide file">
      {name === undefined ? t('copies.choose') : <bdi>{name}</bdi>}
      <input type="file" accept=".txt,text/plain" onChange={(event) => choose(event.currentTarget.files?.[0])} />
    </label>
  )
}
