import type { Purpose } from '../questionnaire.ts'
import type { Answer, Answers, Place } from './answers.ts'

export type Kind = 'interview' | 'correction' | 'withdrawal' | 'listing'

export interface QuestionnaireReference {
  readonly id: string
  readonly version: string
  readonly sha256: string
}

/** The plain interview. It exists on the phone while open, and in ingest's memory; it travels only sealed. Identifiers are not in it. */
export interface Interview {
  readonly schema: 'interview/1'
  /** The record id, `r:<deviceId>:<ULID>`. */
  readonly id: string
  readonly kind: Kind
  /** The record this one corrects or withdraws. */
  readonly replaces?: string
  readonly round: string
  readonly area: string
  readonly questionnaire: QuestionnaireReference
  readonly device: string
  /** ISO 8601 with offset, by the device's clock. */
  readonly started: string
  readonly finished: string
  /** `listening` when a part of it was answered by the person alone, by touch. */
  readonly mode: 'face-to-face' | 'listening' | 'paper'
  readonly language: string
  readonly consent: Consent
  readonly answers: Answers
  /** Answers dropped at completion because their question was no longer relevant: names only. */
  readonly pruned: readonly Place[]
  /** Warnings the enumerator confirmed. */
  readonly overrides: readonly { readonly check: string; readonly place: Place; readonly reason: string }[]
  readonly paradata: Paradata
  /** The code on the household's slip that withdraws the interview; random, made on the phone. */
  readonly withdrawalCode?: string
}

export interface Consent {
  readonly purposes: Readonly<Partial<Record<Purpose, boolean>>>
  /** Version of the words that were read aloud: the questionnaire's version. */
  readonly version: string
  readonly language: string
  /** The answer to the consent-mode question, e.g. signed, witnessed. */
  readonly mode?: string
}

/** Durations and counts, never answers or keystrokes. */
export interface Paradata {
  readonly secondsByQuestion: Readonly<Record<string, number>>
  /** Answers that were changed after the screen had moved on. */
  readonly edits: number
  /** Times the interview was left and opened again, or the screen was away for a minute. */
  readonly interruptions: number
  readonly appVersion: string
  /** Visits at the door until it ended; left out for one. */
  readonly visits?: number
  /** Questions that the person answered alone, by touch. */
  readonly answeredAlone?: readonly string[]
}

/** The direct identifiers of one interview, sealed apart to another key. */
export interface Identity {
  readonly schema: 'identity/1'
  readonly id: string
  readonly answers: Readonly<Record<string, Answer>>
  /** repeat -> row id -> name -> answer */
  readonly rows: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Answer>>>>>>
}
