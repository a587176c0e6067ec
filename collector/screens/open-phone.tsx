import type { JSX } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { nodesOf } from '../../schemas/interview/nodes.ts'
import { areaQuestions, assignedAreas } from '../interview/areas.ts'
import { type Conduct, conduct } from '../interview/conduct.ts'
import { localDay } from '../interview/dates.ts'
import { openSession } from '../interview/open-session.ts'
import { placeOfReason } from '../interview/place-of-problem.ts'
import type { Session } from '../interview/session.ts'
import { listedHome } from '../interview/visits.ts'
import type { Draft, Phone, PhoneCare, PhoneState, RecordSummary } from '../phone.ts'
import { cryptoRandom, rowId } from '../store/record-id.ts'
import { Begin } from './begin.tsx'
import { Copies } from './copies/copies.tsx'
import { DeviceCheck } from './device-check.tsx'
import { Finish } from './finish.tsx'
import { Help } from './help.tsx'
import { InterviewScreen } from './interview.tsx'
import { Listing } from './listing.tsx'
import { messageOf } from './message-of.ts'
import { Notice } from './notice.tsx'
import type { Preferences } from './preferences.ts'
import { RecordScreen } from './record.tsx'
import { RecordingsScreen } from './recordings.tsx'
import { Settings } from './settings.tsx'
import { Today } from './today.tsx'
import { useWords } from './words-context.ts'

type Route =
  | { readonly kind: 'today' }
  | { readonly kind: 'begin'; readonly practice: boolean; readonly isListing: boolean }
  | { readonly kind: 'listing'; readonly area: string }
  | { readonly kind: 'help' }
  | { readonly kind: 'recordings' }
  | { readonly kind: 'interview'; readonly conduct: Conduct }
  | { readonly kind: 'finish'; readonly draft: Draft }
  | { readonly kind: 'record'; readonly id: string }
  | { readonly kind: 'settings' }
  | { readonly kind: 'check' }
  | { readonly kind: 'copies' }

export interface OpenPhoneProps {
  readonly phone: Phone & PhoneCare
  readonly state: Extract<PhoneState, { kind: 'open' }>
  readonly preferences: Preferences
  readonly onPreferences: (preferences: Preferences) => void
  readonly onInterfaceLanguage: (language: string) => void
  /** The interview that was open when the phone locked itself: it opens again at its question. */
  readonly resume: { current: string | undefined }
}

/** The unlocked phone: the list of the day, and from there every way through a visit. */
export function OpenPhone({ phone, state, preferences, onPreferences, onInterfaceLanguage, resume }: OpenPhoneProps): JSX.Element {
  const words = useWords()
  const [route, setRoute] = useState<Route>({ kind: 'today' })
  const [trouble, setTrouble] = useState<string>()
  const area = useRef<string | undefined>(undefined)
  const { round, questionnaire } = state
  // Drawn again after every save: nothing of the questionnaire is walked through for that.
  const areas = useMemo(() => assignedAreas(round.areas, state.assigned), [state])
  const only = areas.length === 1 ? areas[0] : undefined
  const hasListing = useMemo(
    () => nodesOf(questionnaire.items).some(({ item }) => item.kind === 'question' && item.concept?.startsWith('listing-number')),
    [questionnaire],
  )
  const today = () => {
    resume.current = undefined
    setRoute({ kind: 'today' })
  }
  const showing = async (action: () => Promise<void>) => {
    setTrouble(undefined)
    try {
      await action()
    } catch (error) {
      setTrouble(messageOf(error, words))
      today()
    }
  }
  const sessionOf = async (draft: Draft): Promise<Session> => {
    area.current = draft.area
    // A draft ends on the version of the questionnaire that it began with.
    const isCurrent = draft.questionnaire.version === questionnaire.version && draft.questionnaire.id === questionnaire.id
    const form = isCurrent ? questionnaire : await phone.questionnaireOf(draft.questionnaire)
    return openSession(form, round, { ...draft, interfaceLanguage: preferences.language }, Date.now())
  }
  const interview = async (draft: Draft, reason?: RecordSummary['reasons'][number]) => {
    const start = await sessionOf(draft)
    const session = reason ? { ...start, draft: { ...start.draft, place: placeOfReason(start, reason) } } : start
    resume.current = draft.id
    const opened = conduct(session, {
      saveDraft: (each) => phone.saveDraft(each),
      clock: () => new Date(),
      newRowId: () => rowId(cryptoRandom),
    })
    setRoute({ kind: 'interview', conduct: opened })
  }
  useEffect(() => {
    const id = resume.current
    if (id !== undefined) void showing(async () => await interview(await phone.openDraft(id)))
  }, [])
  const begin = (code: string, practice: boolean) => showing(async () => await interview(await phone.startDraft({ area: code, practice })))
  const list = (code: string, number: string, isVisitedNow: boolean) =>
    showing(async () => {
      const home = listedHome(await sessionOf(await phone.startDraft({ area: code, practice: false })), number)
      await phone.saveDraft(home)
      if (isVisitedNow) await interview(home)
      else today()
    })
  const open = ({ id, state: recordState }: RecordSummary) =>
    recordState === 'draft' ? void showing(async () => await interview(await phone.openDraft(id))) : setRoute({ kind: 'record', id })

  const commentOn = (id: string | undefined) => (id === undefined ? undefined : phone.records().find((each) => each.id === id)?.comment)
  // The phone tells of every save; an open interview listens to its own conduct, and is not drawn again for that.
  const interviewing = useMemo(
    () =>
      route.kind === 'interview' ? (
        <InterviewScreen
          conduct={route.conduct}
          comment={commentOn(route.conduct.session().draft.replaces)}
          today={localDay(new Date())}
          onLeave={() => void route.conduct.settled().then(today, () => {})}
          onFinish={() => setRoute({ kind: 'finish', draft: route.conduct.session().draft })}
          onInterfaceLanguage={onInterfaceLanguage}
        />
      ) : null,
    [route, onInterfaceLanguage],
  )

  switch (route.kind) {
    case 'today':
      return (
        <>
          <Notice text={trouble} />
          <Today
            phone={phone}
            area={round.title}
            onOpen={open}
            onSettings={() => setRoute({ kind: 'settings' })}
            onCheck={() => setRoute({ kind: 'check' })}
            hasListing={hasListing}
            onHelp={() => setRoute({ kind: 'help' })}
            onList={() =>
              only ? setRoute({ kind: 'listing', area: only.code }) : setRoute({ kind: 'begin', practice: false, isListing: true })
            }
            onCopies={() => setRoute({ kind: 'copies' })}
            onBegin={(practice) => {
              if (only && areaQuestions(questionnaire).length > 0) void begin(only.code, practice)
              else setRoute({ kind: 'begin', practice, isListing: false })
            }}
          />
        </>
      )
    case 'begin':
      return (
        <Begin
          areas={areas}
          practice={route.practice}
          latest={area.current}
          onBack={today}
          onBegin={(code) => (route.isListing ? setRoute({ kind: 'listing', area: code }) : void begin(code, route.practice))}
        />
      )
    case 'listing': {
      const named = areas.find(({ code }) => code === route.area) ?? { code: route.area, name: route.area }
      return (
        <Listing
          records={phone.records()}
          area={named}
          onBack={today}
          onListed={(number, isVisitedNow) => void list(route.area, number, isVisitedNow)}
        />
      )
    }
    case 'help':
      return <Help onBack={today} />
    case 'interview':
      return <>{interviewing}</>
    case 'finish':
      return (
        <Finish phone={phone} draft={route.draft} onDone={today} onBack={() => void showing(async () => await interview(route.draft))} />
      )
    case 'record': {
      const record = phone.records().find(({ id }) => id === route.id)
      if (!record) return <Notice text={words.t('phone.no-record')} />
      return (
        <RecordScreen
          phone={phone}
          questionnaire={questionnaire}
          record={record}
          onBack={today}
          onCorrect={(id, reason) => void showing(async () => await interview(await phone.correct(id), reason))}
        />
      )
    }
    case 'settings':
      return (
        <Settings
          phone={phone}
          preferences={preferences}
          onPreferences={onPreferences}
          onRecordings={() => setRoute({ kind: 'recordings' })}
          onBack={today}
        />
      )
    case 'recordings':
      return (
        <RecordingsScreen
          phone={phone}
          questionnaire={questionnaire}
          preferences={preferences}
          onPreferences={onPreferences}
          onBack={() => setRoute({ kind: 'settings' })}
        />
      )
    case 'check':
      return <DeviceCheck phone={phone} onBack={today} />
    case 'copies':
      return <Copies phone={phone} onBack={today} />
    default:
      return route satisfies never
  }
}
