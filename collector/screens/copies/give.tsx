import type { JSX } from 'preact'
import { base64url, fromBase64url } from '../../vault/bytes.ts'
import { useWords } from '../words-context.ts'

/** As text in base64url: browsers let a page share text files and few others. */
function textFile(name: string, bytes: Uint8Array): File {
  const day = new Date().toISOString().slice(0, 10)
  return new File([base64url(bytes)], `tala-${name}-${day}.txt`, { type: 'text/plain' })
}

/** The bytes in such a file; something else gives bytes that nobody can read, and the phone says so. */
export async function bytesOf(file: Blob): Promise<Uint8Array> {
  try {
    return fromBase64url((await file.text()).trim())
  } catch {
    return new Uint8Array()
  }
}

/** Gives a file out of the phone: by the share sheet where there is one, and as a download. */
export function Give({ name, bytes }: { readonly name: string; readonly bytes: Uint8Array }): JSX.Element {
  const { t } = useWords()
  const file = textFile(name, bytes)
  const canShare = 'canShare' in navigator && navigator.canShare({ files: [file] })
  return (
    <div class="stack">
      {canShare && (
        // Closing the share sheet is no fault.
        <button type="button" class="plain wide" onClick={() => void navigator.share({ files: [file] }).catch(() => {})}>
          {t('copies.share')}
        </button>
      )}
      <button type="button" class="plain wide" onClick={() => save(file)}>
        {t('copies.save')}
      </button>
    </div>
  )
}

/** A text out of the phone: by the share sheet, else as a download. */
export function giveText(name: string, text: string): void {
  if ('share' in navigator) void navigator.share({ text }).catch(() => {})
  else save(new File([text], `tala-${name}.txt`, { type: 'text/plain' }))
}

function save(file: File): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = file.name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
