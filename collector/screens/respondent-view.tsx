import type { ComponentChildren, JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { Icon } from './icons.tsx'
import { useWords } from './words-context.ts'

/** Handing back takes a held press, so that the enumerator does not see the answer by a slip of the finger; ms. */
const holdMs = 600

type Stage = 'enumerator' | 'respondent' | 'back'

interface RespondentViewProps {
  /** The question and its answers, as the respondent sees them. */
  readonly children: ComponentChildren
  /** Goes on after the phone came back; the answer never shows. */
  readonly onReturned: () => void
  readonly onStage: (isRespondent: boolean) => void
}

/** Lets the respondent answer alone: the screen is the question and its answers, then blank until the phone is back. */
export function RespondentView({ children, onReturned, onStage }: RespondentViewProps): JSX.Element {
  const { t, language, direction } = useWords()
  const [stage, setStage] = useState<Stage>('enumerator')
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const to = (next: Stage) => {
    setStage(next)
    onStage(next !== 'enumerator')
  }
  const returned = () => {
    to('enumerator')
    onReturned()
  }
  const release = () => clearTimeout(timer.current)
  if (stage === 'back') {
    return (
      <div class="handing" lang={language} dir={direction}>
        <p role="status">{t('respondent.thanks')}</p>
        <button
          type="button"
          class="plain wide"
          onPointerDown={() => {
            timer.current = setTimeout(returned, holdMs)
          }}
          onPointerUp={release}
          onPointerLeave={release}
          onKeyDown={(event) => event.key === 'Enter' && returned()}
        >
          <Icon name="lock" />
          {t('respondent.hold')}
        </button>
      </div>
    )
  }
  return (
    <>
      {children}
      <button
        type="button"
        class={stage === 'respondent' ? 'go wide' : 'plain wide'}
        lang={language}
        dir={direction}
        onClick={() => to(stage === 'respondent' ? 'back' : 'respondent')}
      >
        <Icon name={stage === 'respondent' ? 'check' : 'person'} />
        {t(stage === 'respondent' ? 'respondent.done' : 'respondent.show')}
      </button>
    </>
  )
}
