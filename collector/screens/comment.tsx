import type { JSX } from 'preact'
import { Icon } from './icons.tsx'
import { useWords } from './words-context.ts'

/** What the supervisor wrote about this record. */
export function Comment({ text }: { readonly text: string | undefined }): JSX.Element | null {
  const { t } = useWords()
  if (text === undefined) return null
  return (
    <div class="sync comment">
      <h2>
        <Icon name="warn" /> {t('record.comment')}
      </h2>
      <p dir="auto">{text}</p>
    </div>
  )
}
