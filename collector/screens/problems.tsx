import type { JSX } from 'preact'
import type { Place } from '../../schemas/interview/answers.ts'
import type { Problem } from '../../schemas/interview/form.ts'
import { isConfirmed, type OverrideReason } from '../interview/checks.ts'
import type { Conduct } from '../interview/conduct.ts'
import type { Session } from '../interview/session.ts'
import { placeOf, samePlace } from '../interview/values.ts'
import type { Words } from '../text/words.ts'
import { Confirm } from './confirm.tsx'
import { Notice } from './notice.tsx'
import { useWords } from './words-context.ts'

interface ProblemsProps {
  readonly session: Session
  readonly conduct: Conduct
  /** The question on the screen. */
  readonly place: Place
}

/** What Next found: what is wrong, what to do, and for a soft check the way to say that it is right. */
export function Problems({ session, conduct, place }: ProblemsProps): JSX.Element {
  const words = useWords()
  const { t } = words
  const open = session.problems.filter((each) => !isConfirmed(session.draft.overrides, each))
  const confirm = (problem: Problem, reason: OverrideReason) => {
    conduct.confirm(problem, reason)
    void conduct.next()
  }
  return (
    <>
      {open.map((problem) => (
        <Notice key={`${problem.kind} ${problem.place.name} ${problem.place.row ?? ''}`} text={problemWords(session, problem, words)}>
          {problem.kind === 'check' && (
            <div class="stack">
              {otherPlaces(session, problem, place).map((other) => (
                <button key={other.name} type="button" class="plain" onClick={() => void conduct.go({ screen: 'question', at: other })}>
                  {t('question.look-at', {
                    what: session.form.text(session.draft.answers, other, 'label', session.draft.questionLanguage),
                  })}
                </button>
              ))}
              {problem.severity === 'blocking' ? (
                <button type="submit" class="plain">
                  {t('question.later')}
                </button>
              ) : (
                <Confirm onReason={(reason) => confirm(problem, reason)} />
              )}
            </div>
          )}
        </Notice>
      ))}
    </>
  )
}

/** A problem as one sentence: the form's own words, else ours. */
export function problemWords({ form, draft }: Session, { kind, place }: Problem, { t }: Words): string {
  const { answers, questionLanguage: language } = draft
  switch (kind) {
    case 'check':
      return form.text(answers, place, 'label', language)
    case 'required':
      return form.text(answers, place, 'requiredMessage', language) || t('question.required')
    case 'constraint':
      return form.text(answers, place, 'constraintMessage', language) || t('question.constraint')
    case 'choice':
      return t('question.choice')
    case 'exclusive':
      return t('question.exclusive')
    case 'type':
    case 'not-relevant':
    case 'unknown-name':
      return t('question.type')
    default:
      return kind satisfies never
  }
}

// The other questions of the same member or of the home that the check compares; at most two, to stay readable.
function otherPlaces({ outline, form, draft }: Session, { place: check }: Problem, here: Place): readonly Place[] {
  const compared = [...outline.checksOf]
    .filter(([, checks]) => checks.some(({ question }) => question.name === check.name))
    .map(([name]) => name)
  return compared
    .flatMap((name): Place[] => {
      const repeat = outline.nodes.get(name)?.repeat?.name
      if (repeat !== undefined && repeat !== check.repeat) return []
      return [placeOf(name, repeat, check.row)]
    })
    .filter((place) => !samePlace(place, here) && form.isRelevant(draft.answers, place))
    .slice(0, 2)
}
