import type { ComponentChildren, JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { Choice, Question } from '../../schemas/questionnaire.ts'
import { choiceKey, questionKey } from '../../schemas/recordings/keys.ts'
import { hush } from '../recordings/play.ts'
import { Icon } from './icons.tsx'
import { OneByOne } from './one-by-one.tsx'
import { hear, Speaker } from './question-sound.tsx'
import { RespondentContext, type RespondentTools } from './respondent-context.ts'
import { textIn } from './controls/control.ts'
import { useShelf } from './use-shelf.ts'
import { useWords } from './words-context.ts'

/** Handing back takes a held press, so that the enumerator does not see the answer by a slip of the finger; ms. */
const holdMs = 600

type Stage = 'enumerator' | 'respondent' | 'back'

interface RespondentViewProps {
  /** The question's answers, as the respondent sees them. */
  readonly children: ComponentChildren
  readonly questionnaire: string
  readonly question: Question
  /** What can be chosen now. */
  readonly choices: readonly Choice[]
  readonly language: string
  readonly otherwise: string
  /** Goes on after the phone came back; the answer never shows. */
  readonly onReturned: () => void
  readonly onStage: (isRespondent: boolean) => void
}

/** Lets the respondent answer alone: picture, sound and touch; the screen is blank until the phone is back. */
export function RespondentView({ children, onReturned, onStage, ...asked }: RespondentViewProps): JSX.Element {
  const { t, language, direction } = useWords()
  const [stage, setStage] = useState<Stage>('enumerator')
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const to = (next: Stage) => {
    hush()
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
      {stage === 'respondent' ? <Listening {...asked}>{children}</Listening> : children}
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

type ListeningProps = Pick<RespondentViewProps, 'children' | 'questionnaire' | 'question' | 'choices' | 'language' | 'otherwise'>

/** The answers with their speakers, and one button that says them all, each lit while it is heard. */
function Listening({ children, questionnaire, question, choices, language, otherwise }: ListeningProps): JSX.Element {
  const words = useWords()
  const { t } = words
  const shelf = useShelf(questionnaire, language)
  const [heard, setHeard] = useState<string>()
  const run = useRef(0)
  const keyOf = (choice: Choice) => choiceKey(question.list ?? '', choice, language)
  const isRecorded = (choice: Choice) => shelf?.has(keyOf(choice)) === true
  const hearAll = async () => {
    if (!shelf) return
    run.current += 1
    const mine = run.current
    await hear(shelf, questionKey(question, language))
    for (const choice of choices.filter(isRecorded)) {
      if (run.current !== mine) return
      setHeard(choice.name)
      await hear(shelf, keyOf(choice))
    }
    if (run.current === mine) setHeard(undefined)
  }
  const stop = () => {
    run.current += 1
    setHeard(undefined)
    hush()
  }
  const tools: RespondentTools = {
    Many: OneByOne,
    isHeard: ({ name }) => name === heard,
    beside: (choice) =>
      shelf && isRecorded(choice) ? (
        <Speaker
          label={t('audio.choice', { choice: textIn(choice.label, language, otherwise) ?? choice.name })}
          onPress={() => {
            stop()
            void hear(shelf, keyOf(choice))
          }}
        />
      ) : null,
  }
  return (
    <RespondentContext.Provider value={tools}>
      <p class="hint" lang={words.language} dir={words.direction}>
        {t('respondent.words')}
      </p>
      {choices.some(isRecorded) && (
        <button
          type="button"
          class="plain wide"
          lang={words.language}
          dir={words.direction}
          onClick={() => (heard === undefined ? void hearAll() : stop())}
        >
          <Icon name={heard === undefined ? 'aloud' : 'stop'} />
          {t(heard === undefined ? 'audio.all' : 'audio.stop')}
        </button>
      )}
      {children}
    </RespondentContext.Provider>
  )
}
