import type { Answer, Answers, Row } from '../../schemas/interview/answers.ts'
import type { Form } from '../../schemas/interview/form.ts'
import type { Consent, Identity, Interview } from '../../schemas/interview/interview.ts'
import type { Item, Purpose, Question, Questionnaire } from '../../schemas/questionnaire.ts'
import type { Draft } from '../phone.ts'

/** What completion knows besides the draft. */
export interface Completion {
  readonly round: string
  readonly device: string
  /** ISO 8601 with offset. */
  readonly finished: string
  readonly appVersion: string
  readonly withdrawalCode: string
}

export interface CompletedInterview {
  readonly interview: Interview
  /** null when nobody was named. */
  readonly identity: Identity | null
}

/**
 * Turns a finished draft into the two documents that are sealed: answers that are no longer relevant are dropped (and named), and every direct
 * identifier moves to the identity. Calculations stay behind: ingest makes them anew from the same form, and they would be a third of the bytes.
 * Pure; answers come out in the order of the form, so that their order tells nothing and deflates well.
 */
export function complete(draft: Draft, form: Form, completion: Completion): CompletedInterview {
  const { answers, pruned } = form.prune(form.calculate(draft.answers))
  const { questionnaire } = form
  const questions = questionsOf(questionnaire.items)
  const ordered = inFormOrder(answers, questionnaire.items)
  const isIdentifier = (name: string) => questions.get(name)?.sensitivity === 'direct identifier'
  const isLeftOut = (name: string) => isIdentifier(name) || questions.get(name)?.type === 'calculate'
  const identity: Identity = { schema: 'identity/1', id: draft.id, ...identifiers(ordered, isIdentifier) }
  const interview: Interview = {
    schema: 'interview/1',
    id: draft.id,
    kind: draft.kind,
    ...(draft.replaces !== undefined && { replaces: draft.replaces }),
    round: completion.round,
    area: draft.area,
    questionnaire: draft.questionnaire,
    device: completion.device,
    started: draft.started,
    finished: completion.finished,
    mode: draft.answeredAlone === undefined ? 'face-to-face' : 'listening',
    language: draft.questionLanguage,
    consent: consentOf(ordered, questionnaire, draft.questionLanguage),
    answers: without(ordered, isLeftOut),
    // A default that nobody asked about was not an answer.
    pruned: pruned.filter(({ name }) => questions.get(name)?.default === undefined),
    overrides: draft.overrides,
    paradata: {
      secondsByQuestion: longSeconds(draft.secondsByQuestion),
      edits: draft.edits,
      interruptions: draft.interruptions,
      appVersion: completion.appVersion,
      ...(draft.visits !== undefined && draft.visits > 1 && { visits: draft.visits }),
      ...(draft.answeredAlone && { answeredAlone: draft.answeredAlone }),
    },
    withdrawalCode: completion.withdrawalCode,
  }
  const named = Object.keys(identity.answers).length > 0 || Object.keys(identity.rows).length > 0
  return { interview, identity: named ? identity : null }
}

/** The document that takes an interview back: no answers, only which record and why (a code, never a sentence). */
export function withdrawalOf(
  original: Pick<Draft, 'area' | 'questionnaire' | 'questionLanguage'> & { readonly id: string },
  completion: Completion & { readonly id: string; readonly reason: string },
): Interview {
  const { area, questionnaire, questionLanguage } = original
  return {
    schema: 'interview/1',
    id: completion.id,
    kind: 'withdrawal',
    replaces: original.id,
    round: completion.round,
    area,
    questionnaire,
    device: completion.device,
    started: completion.finished,
    finished: completion.finished,
    mode: 'face-to-face',
    language: questionLanguage,
    consent: { purposes: {}, version: questionnaire.version, language: questionLanguage },
    answers: {},
    pruned: [],
    overrides: [{ check: 'withdrawal', place: { name: 'withdrawal' }, reason: completion.reason }],
    paradata: { secondsByQuestion: {}, edits: 0, interruptions: 0, appVersion: completion.appVersion },
    withdrawalCode: completion.withdrawalCode,
  }
}

function questionsOf(items: readonly Item[]): ReadonlyMap<string, Question> {
  return new Map(
    items.flatMap((item): [string, Question][] => (item.kind === 'question' ? [[item.name, item]] : [...questionsOf(item.items)])),
  )
}

function consentOf(answers: Answers, questionnaire: Questionnaire, language: string): Consent {
  const purposes: Partial<Record<Purpose, boolean>> = {}
  let mode: string | undefined
  for (const question of questionsOf(questionnaire.items).values()) {
    const answer = answers[question.name]
    if (typeof answer !== 'string') continue
    if (question.consent) purposes[question.consent] = answer === '1'
    if (question.list === 'consent_mode' || question.concept === 'consent_mode') mode = answer
  }
  return { purposes, version: questionnaire.version, language, ...(mode !== undefined && { mode }) }
}

const rowsOf = (value: Answers[string]): readonly Row[] | undefined =>
  Array.isArray(value) && value.some((each) => typeof each === 'object') ? (value as readonly Row[]) : undefined

function without(answers: Answers, isLeftOut: (name: string) => boolean): Answers {
  const kept = (from: Answers): Answers =>
    Object.fromEntries(
      Object.entries(from)
        .filter(([name]) => !isLeftOut(name))
        .map(([name, value]) => [name, rowsOf(value)?.map((row) => kept(row) as unknown as Row) ?? value]),
    )
  return kept(answers)
}

function identifiers(answers: Answers, isIdentifier: (name: string) => boolean): Pick<Identity, 'answers' | 'rows'> {
  const taken = (from: object) =>
    Object.fromEntries(Object.entries(from).filter(([name, value]) => isIdentifier(name) && value !== undefined)) as Record<string, Answer>
  const rows: Record<string, Record<string, Record<string, Answer>>> = {}
  for (const [repeat, value] of Object.entries(answers))
    for (const row of rowsOf(value) ?? []) {
      const named = taken(row)
      if (Object.keys(named).length > 0) (rows[repeat] ??= {})[row._id] = named
    }
  return { answers: taken(answers), rows }
}

/** Unknown names stay, at the end: the server says what it thinks of them. */
function inFormOrder(answers: Answers, items: readonly Item[]): Answers {
  const names = flatNames(items)
  const position = new Map(names.map((name, at) => [name, at]))
  const order = (from: object) =>
    Object.entries(from)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (position.get(a) ?? names.length) - (position.get(b) ?? names.length))
  const row = ({ _id, ...rest }: Row): Row => ({ _id, ...Object.fromEntries(order(rest)) })
  return Object.fromEntries(order(answers).map(([name, value]) => [name, rowsOf(value as Answers[string])?.map(row) ?? value]))
}

function flatNames(items: readonly Item[]): readonly string[] {
  return items.flatMap((item) => (item.kind === 'question' ? [item.name] : [item.name, ...flatNames(item.items)]))
}

/** Fine enough to find the questions that stop people; finer would be a fingerprint, and a third of the bytes. */
const durationStep = 10

function longSeconds(seconds: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const rounded = Object.entries(seconds).map(([name, each]) => [name, Math.round(each / durationStep) * durationStep] as const)
  return Object.fromEntries(rounded.filter(([, each]) => each > 0))
}
