import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Notice } from '../notice.tsx'
import { useWords } from '../words-context.ts'
import type { ControlProps } from './control.ts'

/** Longest side, in pixels, unless the question says less (max-pixels). */
const mostPixels = 1280
const quality = 0.7

/** A photo, made small before it is stored. Drawing it anew leaves out what the camera wrote beside it: place, time, device. */
export function ImageField({ question, value, onAnswer }: ControlProps): JSX.Element {
  const { t } = useWords()
  const [hasFailed, setFailed] = useState(false)
  const take = async (file: File | undefined) => {
    if (!file) return
    try {
      setFailed(false)
      onAnswer(await smallPhoto(file, Math.min(mostPixels, Number(question.parameters?.['max-pixels'] ?? mostPixels))))
    } catch {
      setFailed(true)
    }
  }
  return (
    <div class="stack">
      {typeof value === 'string' && <img src={value} alt={t('image.shown')} />}
      <label class="plain wide file">
        {t(value === undefined ? 'image.take' : 'image.again')}
        <input type="file" accept="image/*" capture="environment" onChange={(event) => void take(event.currentTarget.files?.[0])} />
      </label>
      {value !== undefined && (
        <button type="button" class="plain wide" onClick={() => onAnswer(undefined)}>
          {t('image.remove')}
        </button>
      )}
      <Notice text={hasFailed ? t('app.failed') : undefined} />
    </div>
  )
}

/** A photo as a JPEG data URL with the longest side of at most `pixels`. */
async function smallPhoto(file: File, pixels: number): Promise<string> {
  const picture = await createImageBitmap(file)
  const scale = Math.min(1, pixels / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(picture.width * scale)
  canvas.height = Math.round(picture.height * scale)
  const pen = canvas.getContext('2d')
  if (!pen) throw new TypeError('no canvas to draw the photo on')
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  return canvas.toDataURL('image/jpeg', quality)
}
