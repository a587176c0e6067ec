import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Answer, Place } from '../../schemas/interview/answers.ts'
import type { Question } from '../../schemas/questionnaire.ts'
import type { Conduct } from '../interview/conduct.ts'
import { memberName } from '../interview/members.ts'
import { missingAnswer, missingCodeOf } from '../interview/missing.ts'
import { isPrivate, mayAnswerAlone } from '../interview/private.ts'
import type { Session } from '../interview/session.ts'
import { valueAt } from '../interview/values.ts'
import { questionKey } from '../../schemas/recordings/keys.ts'
import { hasRecordings } from '../recordings/shelf.ts'
import { Bar } from './bar.tsx'
import { textIn } from './controls/control.ts'
import { Dashed } from './controls/choices.tsx'
import { Field } from './controls/field.tsx'
import { Icon } from './icons.tsx'
import { Notice } from './notice.tsx'
import { Title } from './page.tsx'
import { HiddenAnswer, PrivateTools } from './private-tools.tsx'
import { Problems } from './problems.tsx'
import { QuestionSound } from './question-sound.tsx'
import { RespondentView } from './respondent-view.tsx'
import { WhoAnswers } from './who-answers.tsx'
import { useWords } from './words-context.ts'
import { writeFirst } from './write-first.ts'

interface QuestionPageProps {
  readonly session: Session
  readonly conduct: Conduct
  readonly place: Place
  readonly onBack: () => void
}

const titleId = 'question'

/** One question on one screen. */
export function QuestionPage({ session, conduct, place, onBack }: QuestionPageProps): JSX.Element | null {
  const { t } = useWords()
  const { form, outline, draft } = session
  const { answers, questionLanguage } = draft
  const node = outline.nodes.get(place.name)
  const main = useRef<HTMLElement>(null)
  const [isAlone, setAlone] = useState(false)
  useEffect(() => main.current?.scrollTo?.(0, 0), [])
  if (node?.item.kind !== 'question') return null
  const question = node.item
  const language = form.questionnaire.languages.find(({ code }) => code === questionLanguage)
  const value = valueAt(answers, place)
  const hint = form.text(answers, place, 'hint', questionLanguage)
  const intro = sectionIntro(session, place)
  const name = place.repeat === undefined || place.row === undefined ? undefined : memberName(outline, answers, place.repeat, place.row)

  const next = async () => {
    try {
      if (!(await conduct.next())) globalThis.navigator?.vibrate?.(20)
    } catch {
      // Not saved: the notice below says so, and Next tries again.
    }
  }

  const answer = (given: Answer | undefined) => {
    conduct.answer(place, given)
    writeFirst(conduct.settled())
  }

  const controls = (
    <>
      <Field
        form={form}
        answers={answers}
        question={question}
        place={place}
        value={value}
        onAnswer={answer}
        onQuick={() => !isPrivate(question) && !isAlone && isStillAt(conduct, place) && void next()}
        language={questionLanguage}
        titleId={titleId}
        memberName={name}
        today={draft.started.slice(0, 10)}
      />
      <MissingButtons question={question} value={value} onAnswer={answer} />
    </>
  )

  return (
    <form
      class={isAlone ? 'screen alone' : 'screen'}
      onSubmit={(event) => {
        event.preventDefault()
        void next()
      }}
    >
      <main ref={main}>
        <div lang={questionLanguage} dir={language?.direction ?? 'ltr'}>
          {intro !== undefined && <p class="intro">{intro}</p>}
          <WhoAnswers question={question} name={name} />
          <div class="asked">
            <Title id={titleId} text={form.text(answers, place, 'label', questionLanguage)} />
            {hasRecordings(form.questionnaire.id, questionLanguage) && (
              <QuestionSound
                questionnaire={form.questionnaire.id}
                language={questionLanguage}
                sound={questionKey(question, questionLanguage)}
              />
            )}
          </div>
          {question.required === undefined && question.type !== 'note' && <p class="aside">{t('question.optional')}</p>}
          {hint !== '' && <p class="hint">{hint}</p>}
          {mayAnswerAlone(question, session.found !== undefined) ? (
            <RespondentView
              questionnaire={form.questionnaire.id}
              question={question}
              choices={question.list === undefined ? [] : form.choices(answers, place)}
              language={questionLanguage}
              otherwise={form.questionnaire.defaultLanguage}
              onStage={(isRespondent) => {
                setAlone(isRespondent)
                if (isRespondent) conduct.answersAlone(place)
              }}
              onReturned={() => void next()}
            >
              {controls}
            </RespondentView>
          ) : (
            <HiddenAnswer isHidden={isPrivate(question) && session.found !== undefined}>{controls}</HiddenAnswer>
          )}
        </div>
        {isPrivate(question) && !isAlone && <PrivateTools helpCard={session.helpCard} onStop={() => void conduct.stopPrivate(place)} />}
        <Problems session={session} conduct={conduct} place={place} />
        <Notice text={conduct.saving() === 'failed' ? t('question.not-saved') : undefined} />
      </main>
      {!isAlone && <Bar onBack={onBack} nextLabel={t('app.next')} />}
    </form>
  )
}

interface MissingButtonsProps {
  readonly question: Question
  readonly value: ReturnType<typeof valueAt>
  readonly onAnswer: (answer: ReturnType<typeof valueAt>) => void
}

/** "Don't know" and "prefer not to say" beside a number, date or text; choices bring their own. */
function MissingButtons({ question, value, onAnswer }: MissingButtonsProps): JSX.Element | null {
  const { t } = useWords()
  if (question.missing === undefined || question.list !== undefined) return null
  const chosen = missingCodeOf(question, value)
  return (
    <Dashed>
      {question.missing.map((code) => (
        <button
          key={code}
          type="button"
          class="choice calm"
          aria-pressed={chosen === code}
          onClick={() => onAnswer(chosen === code ? undefined : missingAnswer(question, code))}
        >
          <Icon name={code === '98' ? 'unknown' : 'hand'} size={32} />
          <span class="grow">{t(code === '98' ? 'question.dont-know' : 'question.prefer-not')}</span>
        </button>
      ))}
    </Dashed>
  )
}

// The words that open a section stand above its first question.
function sectionIntro({ form, outline, draft: { answers, questionLanguage } }: Session, place: Place): string | undefined {
  const group = outline.nodes.get(place.name)?.groups.findLast(({ kind }) => kind === 'group')
  if (group?.hint === undefined) return undefined
  const first = form
    .asked(answers, place.repeat === undefined || place.row === undefined ? undefined : { repeat: place.repeat, row: place.row })
    .find(({ groups }) => groups.includes(group))
  return first?.place.name === place.name ? textIn(group.hint, questionLanguage, form.questionnaire.defaultLanguage) : undefined
}

function isStillAt(conduct: Conduct, { name, row }: Place): boolean {
  const { place } = conduct.session().draft
  return place.screen === 'question' && place.at.name === name && place.at.row === row
}
