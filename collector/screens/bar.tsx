import type { ComponentChildren, JSX } from 'preact'
import { Icon } from './icons.tsx'
import { useWords } from './words-context.ts'

interface BarProps {
  readonly onBack?: (() => void) | undefined
  readonly backLabel?: string
  /** Left out where nothing comes next. */
  readonly nextLabel?: ComponentChildren
  readonly onNext?: () => void
  readonly nextDisabled?: boolean
}

/** The bar at the bottom: Back two fifths, Next three fifths. Without `onNext` the button submits the page. */
export function Bar({ onBack, backLabel, nextLabel, onNext, nextDisabled }: BarProps): JSX.Element {
  const { t } = useWords()
  return (
    <div class="bar">
      {onBack && (
        <button type="button" class="back" onClick={onBack}>
          <Icon name="back" mirrored />
          {backLabel ?? t('app.back')}
        </button>
      )}
      {nextLabel !== undefined && (
        <button type={onNext ? 'button' : 'submit'} class="go" onClick={onNext} disabled={nextDisabled}>
          {nextLabel}
          <Icon name="next" mirrored />
        </button>
      )}
    </div>
  )
}
