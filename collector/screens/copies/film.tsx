import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { collectQrParts } from '../../store/hand-over.ts'
import { Notice } from '../notice.tsx'
import { useWords } from '../words-context.ts'

/** The browser's own reader; Chrome on Android has it, and it costs no download. */
interface CodeReader {
  detect(picture: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>
}
interface WithCodeReader {
  readonly BarcodeDetector?: new (options: { readonly formats: readonly string[] }) => CodeReader
}

export const canFilm = () => (globalThis as WithCodeReader).BarcodeDetector !== undefined

const lookMs = 120

/** The camera over the pictures of another phone, until all have been seen. */
export function Film({ onFile }: { readonly onFile: (file: Uint8Array) => void }): JSX.Element {
  const { t } = useWords()
  const video = useRef<HTMLVideoElement>(null)
  const [seen, setSeen] = useState({ seen: 0, parts: 0 })
  const [isRefused, setRefused] = useState(false)
  useEffect(() => {
    const over = new AbortController()
    let stream: MediaStream | undefined
    const stop = () => {
      over.abort()
      for (const track of stream?.getTracks() ?? []) track.stop()
    }
    const film = async () => {
      const screen = video.current
      const Reader = (globalThis as WithCodeReader).BarcodeDetector
      if (!screen || !Reader) return
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
      if (over.signal.aborted) return stop()
      screen.srcObject = stream
      await screen.play()
      const reader = new Reader({ formats: ['qr_code'] })
      const collection = collectQrParts()
      while (!over.signal.aborted) {
        // A picture that is blurred is looked at again.
        for (const { rawValue } of await reader.detect(screen).catch(() => [])) setSeen(collection.see(rawValue))
        const file = await collection.file()
        if (file && !over.signal.aborted) {
          stop()
          onFile(file)
        }
        await new Promise((resolve) => setTimeout(resolve, lookMs))
      }
    }
    film().catch(() => setRefused(true))
    return stop
  }, [])
  return (
    <>
      <p role="status">{seen.parts === 0 ? t('copies.film-words') : t('copies.seen', seen)}</p>
      <video ref={video} class="film" muted playsInline aria-label={t('copies.film')} />
      <Notice text={isRefused ? t('check.camera.bad') : undefined} />
    </>
  )
}
