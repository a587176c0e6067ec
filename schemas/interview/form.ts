import type { Choice, Group, Question, Questionnaire, Repeat } from '../questionnaire.ts'
import type { Answer, Answers, Place } from './answers.ts'

/** What an expression may know besides the answers. */
export interface FormContext {
  /** The interview day, YYYY-MM-DD, local. */
  readonly today: string
  /** Local time with offset, ISO 8601. */
  readonly now: string
  /** Settings of the round by name; they replace the default of the `hidden` question of that name. */
  readonly settings?: Readonly<Record<string, string | number>>
  /** Choices that the round adds to a list of the questionnaire, offered before its own: its areas. */
  readonly lists?: Readonly<Record<string, readonly Choice[]>>
  /** True where direct identifiers are not at hand, because they travel apart from the answers: their absence is no problem there. */
  readonly withoutIdentifiers?: boolean
  /** From 0 to below 1, for once(random()); Math.random when left out. */
  readonly random?: () => number
}

/** A relevant question at its place, in the order of the form. */
export interface Asked {
  readonly question: Question
  readonly place: Place
  /** The groups it stands in, outermost first; sections of the progress bar. */
  readonly groups: readonly (Group | Repeat)[]
}

export type ProblemKind = 'required' | 'constraint' | 'check' | 'choice' | 'type' | 'not-relevant' | 'exclusive' | 'unknown-name'

/** Something wrong with the answers. Holds no answer: only where and what rule. */
export interface Problem {
  readonly kind: ProblemKind
  readonly severity: 'note' | 'warning' | 'blocking'
  readonly place: Place
}

/**
 * The questionnaire at work, the same on phone and server. Pure: answers in, answers out; what did not change is shared.
 */
export interface Form {
  readonly questionnaire: Questionnaire
  /** A new interview: defaults, settings and calculations filled in. */
  start(): Answers
  /** Sets (or with undefined clears) one answer and refreshes every calculation that depends on it. */
  answer(answers: Answers, place: Place, value: Answer | undefined): Answers
  addRow(answers: Answers, repeat: string, id: string): Answers
  removeRow(answers: Answers, repeat: string, id: string): Answers
  /** How many rows a repeat with a repeat_count must have now; undefined when the enumerator decides. */
  rowCount(answers: Answers, repeat: string): number | undefined
  /** Settings of the round and all calculations from scratch: what the server does with a record, and what `answer` must equal. */
  calculate(answers: Answers): Answers
  isRelevant(answers: Answers, place: Place): boolean
  /** Every relevant, visible question in order (no calculate, hidden, or check); with `row`, only those of that member. */
  asked(answers: Answers, within?: { repeat: string; row: string }): readonly Asked[]
  /** The choices offered now: choice_filter applied. */
  choices(answers: Answers, place: Place): readonly Choice[]
  /** Problems of one question, as shown on Next. */
  check(answers: Answers, place: Place): readonly Problem[]
  /**
   * All problems of the interview: missing, out of range, cross-member checks; the server calls the same.
   * Give it pruned answers: what is left of questions that are not relevant is a blocking problem of kind `not-relevant`.
   */
  validate(answers: Answers): readonly Problem[]
  /** Removes answers to questions that are not relevant. */
  prune(answers: Answers): { readonly answers: Answers; readonly pruned: readonly Place[] }
  /** A text with its `${name}`s filled in, in the language, else in the default language. */
  text(answers: Answers, place: Place, part: 'label' | 'hint' | 'constraintMessage' | 'requiredMessage', language: string): string
}
