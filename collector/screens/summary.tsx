import type { JSX } from 'preact'
import type { Place } from '../../schemas/interview/answers.ts'
import type { Problem } from '../../schemas/interview/form.ts'
import type { Conduct } from '../interview/conduct.ts'
import { memberName } from '../interview/members.ts'
import type { Session } from '../interview/session.ts'
import { placeOfProblem } from '../interview/place-of-problem.ts'
import { canFinish, sumUp } from '../interview/summing-up.ts'
import { isToComeBack } from '../interview/visits.ts'
import type { DraftPlace } from '../phone.ts'
import { Bar } from './bar.tsx'
import { Comment } from './comment.tsx'
import { Confirm } from './confirm.tsx'
import { ChoiceCard } from './controls/choice-card.tsx'
import { Icon } from './icons.tsx'
import { Title } from './page.tsx'
import { problemWords } from './problems.tsx'
import { useWords } from './words-context.ts'

interface SummaryProps {
  readonly session: Session
  readonly conduct: Conduct
  /** What the supervisor wrote about the record that this one corrects. */
  readonly comment: string | undefined
  readonly onBack: () => void
  readonly onFinish: () => void
  /** The household is visited again: sets the time. */
  readonly onComeBack: () => void
}

/** Lines shown of a long list: the first are enough to begin with. */
const shownLines = 30

/** What is missing, what does not fit, and the way to each; then the end. */
export function Summary({ session, conduct, comment, onBack, onFinish, onComeBack }: SummaryProps): JSX.Element {
  const words = useWords()
  const { t } = words
  const { form, draft, outline } = session
  const { questionLanguage } = draft
  const found = sumUp(session)
  const mayFinish = canFinish(found)
  const isWhole = found.missing.length === 0 && found.blocking.length === 0 && found.warnings.length === 0
  const go = (to: DraftPlace) => void conduct.go(to)
  return (
    <form
      class="screen"
      onSubmit={(event) => {
        event.preventDefault()
        if (mayFinish) void conduct.settled().then(onFinish, () => {})
      }}
    >
      <main>
        <Title text={t('summary.title')} />
        <Comment text={comment} />
        {found.refused && <p class="hint">{t('summary.refused')}</p>}
        {isWhole && !found.refused && (
          <p class="hint">
            <Icon name="check" /> {t('summary.complete')}
          </p>
        )}
        <Lines
          title={found.missing.length > 0 ? t('summary.missing', { count: found.missing.length }) : undefined}
          places={found.missing}
          wordsOf={(place) => lineOf(session, place)}
          onOpen={(place) =>
            go(
              outline.nodes.get(place.name)?.item.kind === 'repeat'
                ? { screen: 'roster', repeat: place.name }
                : { screen: 'question', at: place },
            )
          }
        />
        {found.blocking.length > 0 && <h2>{t('summary.blocking')}</h2>}
        {found.blocking.map((problem) => (
          <ProblemCard
            key={keyOf(problem)}
            text={problemWords(session, problem, words)}
            onOpen={() => go(placeOfProblem(session, problem.place))}
          />
        ))}
        {found.warnings.length > 0 && <h2>{t('summary.warnings')}</h2>}
        {found.warnings.map((problem) => (
          <div key={keyOf(problem)} class="stack">
            <ProblemCard text={problemWords(session, problem, words)} onOpen={() => go(placeOfProblem(session, problem.place))} />
            <Confirm onReason={(reason) => conduct.confirm(problem, reason)} />
          </div>
        ))}
        {found.confirmed.length > 0 && <h2>{t('summary.confirmed')}</h2>}
        {found.confirmed.map((problem) => (
          <p key={keyOf(problem)} class="aside">
            {problemWords(session, problem, words)}
          </p>
        ))}
        {found.outcome && (!isWhole || found.refused || found.isExplained) && (
          <fieldset class="choices">
            <legend>{isWhole ? t('summary.outcome') : t('summary.why-partly')}</legend>
            {form.choices(draft.answers, { name: found.outcome.name }).map((choice) => (
              <ChoiceCard
                key={choice.name}
                choice={choice}
                kind="radio"
                group="outcome"
                checked={draft.answers[found.outcome?.name ?? ''] === choice.name}
                language={questionLanguage}
                otherwise={form.questionnaire.defaultLanguage}
                onToggle={() => found.outcome && conduct.answer({ name: found.outcome.name }, choice.name)}
              />
            ))}
          </fieldset>
        )}
        {isToComeBack(form, outline, draft.answers) && (
          <button type="button" class="go wide" onClick={onComeBack}>
            {t('visit.come-back')}
          </button>
        )}
        {!mayFinish && <p class="aside">{t('summary.blocked')}</p>}
      </main>
      <Bar onBack={onBack} nextLabel={t(isWhole ? 'summary.finish' : 'summary.finish-partly')} nextDisabled={!mayFinish} />
    </form>
  )
}

interface LinesProps {
  readonly title: string | undefined
  readonly places: readonly Place[]
  readonly wordsOf: (place: Place) => string
  readonly onOpen: (place: Place) => void
}

function Lines({ title, places, wordsOf, onOpen }: LinesProps): JSX.Element | null {
  if (title === undefined) return null
  return (
    <>
      <h2>{title}</h2>
      <ul class="cards">
        {places.slice(0, shownLines).map((place) => (
          <li key={`${place.row ?? ''}/${place.name}`}>
            <button type="button" class="card" onClick={() => onOpen(place)}>
              <span class="grow">{wordsOf(place)}</span>
              <Icon name="next" mirrored />
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}

function ProblemCard({ text, onOpen }: { text: string; onOpen: () => void }): JSX.Element {
  return (
    <button type="button" class="card wrong" onClick={onOpen}>
      <Icon name="warn" />
      <span class="grow">{text}</span>
      <Icon name="next" mirrored />
    </button>
  )
}

function keyOf({ kind, place }: Problem): string {
  return `${kind} ${place.row ?? ''} ${place.name}`
}

function lineOf({ form, outline, draft }: Session, place: Place): string {
  if (outline.nodes.get(place.name)?.item.kind !== 'question')
    return outline.nodes.get(place.name)?.item.label?.[draft.questionLanguage] ?? place.name
  const label = form.text(draft.answers, place, 'label', draft.questionLanguage)
  const name =
    place.repeat === undefined || place.row === undefined ? undefined : memberName(outline, draft.answers, place.repeat, place.row)
  return name === undefined || label.includes(name) ? label : `\u2068${name}\u2069: ${label}`
}
