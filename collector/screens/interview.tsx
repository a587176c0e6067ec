import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import type { Conduct } from '../interview/conduct.ts'
import type { Appointment } from '../phone.ts'
import type { Session } from '../interview/session.ts'
import { AppointmentScreen } from './appointment.tsx'
import { Head } from './head.tsx'
import { HelpCard } from './help.tsx'
import { LanguageChoice } from './language-choice.tsx'
import { Member } from './member.tsx'
import { QuestionPage } from './question-page.tsx'
import { Roster } from './roster.tsx'
import { Sections } from './sections.tsx'
import { Summary } from './summary.tsx'
import { useAttention } from './use-attention.ts'
import { useChanges } from './use-changes.ts'
import { useWords } from './words-context.ts'

export interface InterviewProps {
  readonly conduct: Conduct
  /** What the supervisor wrote about the record that this one corrects. */
  readonly comment: string | undefined
  /** YYYY-MM-DD */
  readonly today: string
  readonly onLeave: () => void
  readonly onFinish: () => void
  readonly onInterfaceLanguage: (language: string) => void
}

/** An open interview: the head with where one is, and the screen of that place. */
export function InterviewScreen({ conduct, comment, today, onLeave, onFinish, onInterfaceLanguage }: InterviewProps): JSX.Element {
  const { t } = useWords()
  useChanges(conduct)
  useAttention(conduct)
  const [isListing, setListing] = useState(false)
  const [isChoosing, setChoosing] = useState(false)
  const [isAppointing, setAppointing] = useState(false)
  const [isCardShown, setCardShown] = useState(false)
  const session = conduct.session()
  const { practice } = session.draft
  const isFailed = conduct.saving() === 'failed'
  // That an answer is durable now changes the tick in the head and nothing else: a roster of 200 is not drawn again for it.
  const place = useMemo(
    () => (
      <PlaceScreen
        session={session}
        conduct={conduct}
        comment={comment}
        onBack={() => void conduct.back().then((moved) => moved || onLeave())}
        onFinish={onFinish}
        onComeBack={() => setAppointing(true)}
      />
    ),
    [session, conduct, comment, isFailed, onLeave, onFinish],
  )
  if (isCardShown) return <HelpCard places={session.helpCard} onBack={() => setCardShown(false)} />
  if (isAppointing) {
    const appoint = (appointment: Appointment) => void conduct.appoint(appointment).then(onLeave, () => setAppointing(false))
    return <AppointmentScreen today={today} onBack={() => setAppointing(false)} onAppoint={appoint} />
  }
  if (isListing) {
    return (
      <Sections
        conduct={conduct}
        onClose={() => setListing(false)}
        onLeave={onLeave}
        onHelpCard={() => setCardShown(true)}
        onInterfaceLanguage={onInterfaceLanguage}
      />
    )
  }
  if (isChoosing) return <LanguageChoice conduct={conduct} onClose={() => setChoosing(false)} onInterfaceLanguage={onInterfaceLanguage} />
  return (
    <div class={practice ? 'interview practice' : 'interview'} data-mark={practice ? t('app.practice') : undefined}>
      <Head conduct={conduct} onList={() => setListing(true)} onLanguages={() => setChoosing(true)} />
      {place}
    </div>
  )
}

interface PlaceScreenProps {
  readonly session: Session
  readonly conduct: Conduct
  readonly comment: string | undefined
  readonly onBack: () => void
  readonly onFinish: () => void
  readonly onComeBack: () => void
}

function PlaceScreen({ session, conduct, comment, onBack, onFinish, onComeBack }: PlaceScreenProps): JSX.Element {
  const { place } = session.draft
  switch (place.screen) {
    case 'question':
      return (
        <QuestionPage key={`${place.at.row ?? ''}/${place.at.name}`} session={session} conduct={conduct} place={place.at} onBack={onBack} />
      )
    case 'roster':
      return <Roster key={place.repeat} session={session} conduct={conduct} repeat={place.repeat} onBack={onBack} />
    case 'member':
      return <Member key={place.row} session={session} conduct={conduct} repeat={place.repeat} row={place.row} onBack={onBack} />
    case 'summary':
      return <Summary session={session} conduct={conduct} comment={comment} onBack={onBack} onFinish={onFinish} onComeBack={onComeBack} />
    default:
      return place satisfies never
  }
}
