import type { Answer, Place, Row } from '../../schemas/interview/answers.ts'
import type { Form, Problem } from '../../schemas/interview/form.ts'
import type { Appointment, Draft, DraftPlace } from '../phone.ts'
import { isConfirmed, raisedBy, standingOverrides } from './checks.ts'
import type { Outline } from './outline.ts'
import { placeAfter } from './pages.ts'
import { stopSection } from './private.ts'
import { rowsOf, samePlace, valueAt } from './values.ts'

/** An interview on the screen. Everything that must outlive the page is in the draft. */
export interface Session {
  readonly form: Form
  readonly outline: Outline
  readonly draft: Draft
  /** What Next found wrong on this screen; empty until it is pressed. */
  readonly problems: readonly Problem[]
  /** The answer that stood here when the screen opened: a change of it is an edit. */
  readonly found: Answer | undefined
  /** Milliseconds of the clock when the screen opened. */
  readonly openedAt: number
  /** The member deleted last, for undo. */
  readonly removed?: Removed
  /** Places of help in this area, from the settings of the round. */
  readonly helpCard: string | undefined
  /** The names were read back and found right. */
  readonly counted: boolean
}

interface Removed {
  readonly repeat: string
  readonly row: Row
  readonly index: number
}

/** Away from the screen for so long counts as an interruption; shorter is a look at the clock. */
const interruptionMs = 60_000

export type Step =
  | { readonly kind: 'answer'; readonly place: Place; readonly value: Answer | undefined; readonly now: string }
  | { readonly kind: 'go'; readonly to: DraftPlace; readonly at: number; readonly now: string }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] }
  | { readonly kind: 'add'; readonly repeat: string; readonly id: string; readonly name: string; readonly now: string }
  | { readonly kind: 'remove'; readonly repeat: string; readonly row: string; readonly now: string }
  | { readonly kind: 'undo'; readonly now: string }
  | { readonly kind: 'forget removed' }
  | { readonly kind: 'counted' }
  | { readonly kind: 'stop'; readonly place: Place; readonly now: string }
  | { readonly kind: 'appoint'; readonly appointment: Appointment; readonly now: string }
  | { readonly kind: 'alone'; readonly place: Place }
  | { readonly kind: 'back again'; readonly awayMs: number }
  | { readonly kind: 'confirm'; readonly problem: Problem; readonly reason: string }
  | { readonly kind: 'question language'; readonly language: string }
  | { readonly kind: 'interface language'; readonly language: string }

/** The interview after one step. Pure: the clock and the ids of members come with the step. */
export function step(session: Session, taken: Step): Session {
  const { form, draft } = session
  switch (taken.kind) {
    case 'answer':
      return answered(session, taken.place, taken.value, taken.now)
    case 'go':
      return moved(session, taken.to, taken.at, taken.now)
    case 'problems':
      return { ...session, problems: taken.problems }
    case 'add': {
      const name = session.outline.nameQuestion.get(taken.repeat)
      const added = form.addRow(draft.answers, taken.repeat, taken.id)
      const place = name && { name: name.name, repeat: taken.repeat, row: taken.id }
      const answers = place && taken.name !== '' ? form.answer(added, place, taken.name) : added
      return { ...session, problems: [], draft: { ...draft, answers, updated: taken.now } }
    }
    case 'remove':
      return removed(session, taken.repeat, taken.row, taken.now)
    case 'undo':
      return restored(session, taken.now)
    case 'forget removed': {
      const { removed: _, ...kept } = session
      return kept
    }
    case 'stop': {
      const answers = stopSection(form, session.outline, draft.answers, taken.place)
      return { ...session, problems: [], draft: { ...draft, answers, updated: taken.now } }
    }
    case 'appoint':
      return { ...session, draft: { ...draft, appointment: taken.appointment, updated: taken.now } }
    case 'alone':
      return { ...session, draft: { ...draft, answeredAlone: [...new Set([...(draft.answeredAlone ?? []), taken.place.name])] } }
    case 'back again':
      // Time away from the screen is not time on the question.
      return {
        ...session,
        openedAt: session.openedAt + taken.awayMs,
        draft: { ...draft, interruptions: draft.interruptions + (taken.awayMs >= interruptionMs ? 1 : 0) },
      }
    case 'counted':
      return { ...session, counted: true, problems: [] }
    case 'confirm': {
      const { place } = taken.problem
      const others = draft.overrides.filter(({ check, place: at }) => check !== place.name || !samePlace(at, place))
      const overrides = [...others, { check: place.name, place, reason: taken.reason }]
      return { ...session, problems: session.problems.filter((each) => each !== taken.problem), draft: { ...draft, overrides } }
    }
    case 'question language':
      return { ...session, draft: { ...draft, questionLanguage: taken.language } }
    case 'interface language':
      return { ...session, draft: { ...draft, interfaceLanguage: taken.language } }
    default:
      return taken satisfies never
  }
}

function answered(session: Session, place: Place, value: Answer | undefined, now: string): Session {
  const { form, draft, outline } = session
  const answers = form.answer(draft.answers, place, value)
  if (answers === draft.answers) return { ...session, problems: [] }
  return {
    ...session,
    problems: [],
    draft: { ...draft, answers, updated: now, overrides: standingOverrides(outline, draft.overrides, place) },
  }
}

function moved(session: Session, to: DraftPlace, at: number, now: string): Session {
  const { draft, found, openedAt } = session
  const left = draft.place.screen === 'question' ? draft.place.at : undefined
  const seconds = Math.max(0, Math.round((at - openedAt) / 100) / 10)
  const isEdit = left !== undefined && found !== undefined && !sameAnswer(valueAt(draft.answers, left), found)
  const secondsByQuestion =
    left === undefined
      ? draft.secondsByQuestion
      : { ...draft.secondsByQuestion, [left.name]: Math.round(((draft.secondsByQuestion[left.name] ?? 0) + seconds) * 10) / 10 }
  return {
    ...session,
    problems: [],
    openedAt: at,
    found: to.screen === 'question' ? valueAt(draft.answers, to.at) : undefined,
    draft: { ...draft, place: to, updated: now, secondsByQuestion, edits: draft.edits + (isEdit ? 1 : 0) },
  }
}

function removed(session: Session, repeat: string, row: string, now: string): Session {
  const { form, draft } = session
  const rows = rowsOf(draft.answers, repeat)
  const index = rows.findIndex(({ _id }) => _id === row)
  const gone = rows[index]
  if (!gone) return session
  const place: DraftPlace = { screen: 'roster', repeat }
  const overrides = draft.overrides.filter((each) => each.place.row !== row)
  const answers = form.removeRow(draft.answers, repeat, row)
  return {
    ...session,
    problems: [],
    removed: { repeat, row: gone, index },
    draft: { ...draft, answers, place, overrides, updated: now, edits: draft.edits + 1 },
  }
}

function restored(session: Session, now: string): Session {
  const { form, draft, removed: last } = session
  if (!last) return session
  const others = rowsOf(draft.answers, last.repeat)
  const rows = [...others.slice(0, last.index), last.row, ...others.slice(last.index)]
  const { removed: _, ...kept } = session
  return { ...kept, draft: { ...draft, answers: form.calculate({ ...draft.answers, [last.repeat]: rows }), updated: now } }
}

export type Outcome = { readonly kind: 'stay'; readonly problems: readonly Problem[] } | { readonly kind: 'go'; readonly to: DraftPlace }

/**
 * What Next does: stays with what is wrong on this screen, else goes on. A blocking check between answers is shown once and may be left
 * for the summary, because its cause can be another question; a warning stays until it is confirmed or the answer changed.
 */
export function next({ form, outline, draft, problems }: Session): Outcome {
  const { answers, place, overrides } = draft
  if (place.screen === 'question') {
    const own = form.check(answers, place.at)
    if (own.length > 0) return { kind: 'stay', problems: own }
    const raised = raisedBy(form, outline, answers, place.at).filter((each) => !isConfirmed(overrides, each))
    const unseen = raised.filter((each) => each.severity === 'warning' || !problems.some((shown) => samePlace(shown.place, each.place)))
    if (unseen.length > 0) return { kind: 'stay', problems: raised }
  }
  return { kind: 'go', to: placeAfter(form, outline, answers, place) }
}

function sameAnswer(one: Answer | undefined, other: Answer | undefined): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}
