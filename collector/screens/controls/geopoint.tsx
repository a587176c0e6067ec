import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Notice } from '../notice.tsx'
import { useWords } from '../words-context.ts'
import type { ControlProps } from './control.ts'

/** Good enough to stop measuring, in metres. */
const accuracyMetres = 20
/** After this the best place so far is taken, with its accuracy, in ms. */
const patienceMs = 60_000

type Measuring =
  | { readonly kind: 'rest' }
  | { readonly kind: 'waiting'; readonly best?: GeolocationCoordinates }
  | { readonly kind: 'none' }

/** The place of the home. Stored as `latitude longitude altitude accuracy`; it is measured only on a tap. */
export function Geopoint({ value, onAnswer }: ControlProps): JSX.Element {
  const { t } = useWords()
  const [measuring, setMeasuring] = useState<Measuring>({ kind: 'rest' })
  const stop = useRef<() => void>(() => {})
  useEffect(() => () => stop.current(), [])

  const take = (coordinates: GeolocationCoordinates) => {
    stop.current()
    setMeasuring({ kind: 'rest' })
    onAnswer(stored(coordinates))
  }
  const start = () => {
    if (!('geolocation' in navigator)) return setMeasuring({ kind: 'none' })
    let best: GeolocationCoordinates | undefined
    const watch = navigator.geolocation.watchPosition(
      ({ coords }) => {
        if (best === undefined || coords.accuracy < best.accuracy) best = coords
        if (best.accuracy <= accuracyMetres) take(best)
        else setMeasuring({ kind: 'waiting', best })
      },
      () => {
        stop.current()
        setMeasuring({ kind: 'none' })
      },
      { enableHighAccuracy: true, maximumAge: 0 },
    )
    const timer = setTimeout(() => best && take(best), patienceMs)
    stop.current = () => {
      navigator.geolocation.clearWatch(watch)
      clearTimeout(timer)
    }
    return setMeasuring({ kind: 'waiting' })
  }

  const accuracy = typeof value === 'string' ? Math.round(Number(value.split(' ')[3] ?? 0)) : undefined
  return (
    <div class="stack">
      {accuracy !== undefined && measuring.kind === 'rest' && (
        <p role="status">
          {t('geo.done')} {t('geo.accuracy', { count: accuracy })}
        </p>
      )}
      {measuring.kind === 'waiting' && (
        <p role="status">
          {t('geo.waiting')} {measuring.best && t('geo.accuracy', { count: Math.round(measuring.best.accuracy) })}
        </p>
      )}
      {measuring.kind !== 'waiting' && (
        <button type="button" class="plain wide" onClick={start}>
          {t(value === undefined ? 'geo.start' : 'geo.again')}
        </button>
      )}
      {measuring.kind === 'waiting' && measuring.best && (
        <button type="button" class="plain wide" onClick={() => measuring.best && take(measuring.best)}>
          {t('geo.take')}
        </button>
      )}
      <Notice text={measuring.kind === 'none' ? t('geo.none') : undefined} />
    </div>
  )
}

function stored({ latitude, longitude, altitude, accuracy }: GeolocationCoordinates): string {
  return `${latitude.toFixed(6)} ${longitude.toFixed(6)} ${(altitude ?? 0).toFixed(1)} ${accuracy.toFixed(1)}`
}
