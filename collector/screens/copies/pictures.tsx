import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { encode } from 'uqr'
import { useWords } from '../words-context.ts'

/** Slower than three a second: flashing can hurt people with epilepsy, and cheap cameras need the time. */
const shownMs = 400

/** QR pictures shown in turn, again and again, until the other phone has seen all of them. */
export function Pictures({ texts }: { readonly texts: readonly string[] }): JSX.Element {
  const { t } = useWords()
  const [at, setAt] = useState(0)
  const [isPaused, setPaused] = useState(false)
  const next = () => setAt((before) => (before + 1) % texts.length)
  useEffect(() => {
    if (isPaused) return undefined
    const timer = setInterval(next, shownMs)
    return () => clearInterval(timer)
  }, [isPaused])
  return (
    <>
      <Picture text={texts[at] ?? ''} label={t('copies.picture', { number: at + 1, count: texts.length })} />
      <p>{t('copies.pictures-words')}</p>
      <div class="pair">
        <button type="button" class="plain" onClick={() => setPaused(!isPaused)}>
          {t(isPaused ? 'copies.go-on' : 'copies.pause')}
        </button>
        <button type="button" class="plain" disabled={!isPaused} onClick={next}>
          {t('copies.next-picture')}
        </button>
      </div>
    </>
  )
}

/** One QR code, black on white in every light: that is what cameras read. */
function Picture({ text, label }: { readonly text: string; readonly label: string }): JSX.Element {
  const { data, size } = encode(text, { ecc: 'M', border: 4 })
  const dark = data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return (
    <figure class="qr">
      <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
        <path d={dark} />
      </svg>
      <figcaption>{label}</figcaption>
    </figure>
  )
}
