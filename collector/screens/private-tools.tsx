import type { ComponentChildren, JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { Icon } from './icons.tsx'
import { useWords } from './words-context.ts'

/** Shorter presses show nothing: a look over the shoulder should not be one tap away. */
const holdMs = 600

/** An answer that was given before stays off the screen until a held press, or Enter, shows it. */
export function HiddenAnswer({ isHidden, children }: { isHidden: boolean; children: ComponentChildren }): JSX.Element {
  const { t, language, direction } = useWords()
  const [isShown, setShown] = useState(!isHidden)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const release = () => clearTimeout(timer.current)
  if (isShown) return <>{children}</>
  return (
    <button
      type="button"
      class="choice calm"
      lang={language}
      dir={direction}
      onPointerDown={() => {
        timer.current = setTimeout(() => setShown(true), holdMs)
      }}
      onPointerUp={release}
      onPointerLeave={release}
      onKeyDown={(event) => event.key === 'Enter' && setShown(true)}
    >
      <Icon name="lock" size={32} />
      <span class="grow">{t('private.hidden')}</span>
    </button>
  )
}

interface PrivateToolsProps {
  readonly helpCard: string | undefined
  readonly onStop: () => void
}

/** On every private question: the way out, and the card for everybody. */
export function PrivateTools({ helpCard, onStop }: PrivateToolsProps): JSX.Element {
  const { t } = useWords()
  const [isCardShown, setCardShown] = useState(false)
  return (
    <section class="private" aria-label={t('private.title')}>
      <div class="pair">
        <button type="button" class="plain" onClick={onStop}>
          <Icon name="stop" />
          {t('private.stop')}
        </button>
        <button type="button" class="plain" aria-expanded={isCardShown} onClick={() => setCardShown(!isCardShown)}>
          <Icon name="plus" />
          {t('help.card')}
        </button>
      </div>
      {isCardShown && (
        <div class="sync">
          <p>{helpCard ?? t('help.no-places')}</p>
          <small>{t('help.words')}</small>
        </div>
      )}
    </section>
  )
}
