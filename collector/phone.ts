import type { Answers, Place } from '../schemas/interview/answers.ts'
import type { Interview, Kind } from '../schemas/interview/interview.ts'
import type { RecordingsOffer } from '../schemas/recordings/recordings.ts'
import type { Questionnaire } from '../schemas/questionnaire.ts'
import type { Round } from '../schemas/generated/records.ts'
import type { Carried } from './store/carry.ts'
import type { CheckLine } from './store/device-check.ts'
import type { Room } from './store/room.ts'

/** An open interview on this phone. Stored encrypted; every change is durable before the next question is shown. */
export interface Draft {
  /** The record id it will have: `r:<deviceId>:<ULID>`. */
  readonly id: string
  readonly kind: Kind
  readonly replaces?: string
  readonly questionnaire: { readonly id: string; readonly version: string; readonly sha256: string }
  readonly area: string
  /** ISO 8601 with offset. */
  readonly started: string
  readonly updated: string
  readonly answers: Answers
  /** Where the enumerator was: reopening lands there. */
  readonly place: DraftPlace
  readonly interfaceLanguage: string
  readonly questionLanguage: string
  readonly overrides: Interview['overrides']
  readonly secondsByQuestion: Readonly<Record<string, number>>
  readonly edits: number
  readonly interruptions: number
  /** Practice interviews have their own colour and are never sent. */
  readonly practice: boolean
  /** Visits at the door so far; 0 for a home that was only listed, 1 when left out. */
  readonly visits?: number
  /** When the household asked to be visited again. */
  readonly appointment?: Appointment
  /** Questions that a person answered alone, by touch. */
  readonly answeredAlone?: readonly string[]
  /** Its last answers could not be read again: it is to be looked through before it is finished. */
  readonly torn?: boolean
}

export interface Appointment {
  /** YYYY-MM-DD */
  readonly day: string
  readonly part: DayPart
}

export type DayPart = 'morning' | 'afternoon' | 'evening'

export type DraftPlace =
  | { readonly screen: 'question'; readonly at: Place }
  | { readonly screen: 'roster'; readonly repeat: string }
  | { readonly screen: 'member'; readonly repeat: string; readonly row: string }
  | { readonly screen: 'summary' }

/** saved on this phone -> sending -> received by the server -> accepted | held -> freed from the phone. */
export type RecordState = 'saved' | 'sending' | 'received' | 'accepted' | 'held' | 'withdrawn' | 'refused'

/** One line of today's list; what remains of a record after the phone let go of it. */
export interface RecordSummary {
  readonly id: string
  readonly state: RecordState | 'draft'
  /** Home number or other name of the home; kept encrypted. */
  readonly label: string
  readonly area: string
  readonly updated: string
  readonly practice: boolean
  /** Of an open interview: the home was only listed. */
  readonly isListed?: boolean
  readonly appointment?: Appointment
  /** Of an open interview: its last answers could not be read again. */
  readonly torn?: boolean
  readonly reasons: readonly { readonly code: string; readonly name?: string; readonly row?: string }[]
  /** The code on the household's slip. */
  readonly withdrawalCode?: string
  /** What the supervisor wrote about it last, while it waits for the enumerator. */
  readonly comment?: string
}

/** What the supervisor wrote to whoever carries this phone, about no record. */
export interface SupervisorNotice {
  readonly text: string
  /** ISO 8601 */
  readonly at: string
}

export type PhoneState =
  /** `left`: the browser lost its database, and so many finished records of this device are still here, sealed. */
  | { readonly kind: 'new'; readonly left?: { readonly device: string; readonly records: number } }
  | { readonly kind: 'locked'; readonly waitSeconds: number; readonly attemptsLeft: number }
  | {
      readonly kind: 'open'
      readonly device: string
      readonly round: Round
      /** Areas the supervisor gave to this phone; empty when not known, then all. */
      readonly assigned: readonly string[]
      readonly questionnaire: Questionnaire
    }
  /** Another tab has the phone; only one may write. */
  | { readonly kind: 'elsewhere' }
  /** Revoked, or the lease ran out: a supervisor must renew. */
  | { readonly kind: 'closed'; readonly why: 'revoked' | 'lease' }

export interface SyncState {
  readonly running: boolean
  readonly onThisPhone: number
  readonly sent: number
  readonly lastSuccess: string | null
  /** A key of the interface texts: what stops it now, e.g. `sync.offline`, `sync.server-full`. */
  readonly trouble: string | null
}

/** What the screens may ask of the phone; implemented in store/, vault/ and sync/, and by a fake in screen tests. */
export interface Phone {
  state(): PhoneState
  /** Calls back after each change of state, records or sync; returns the way to stop. */
  subscribe(listener: () => void): () => void
  /** Uses an enrolment link once and chooses the PIN. @throws with a `code` that is a key of the interface texts. */
  enrol(link: string, pin: string): Promise<void>
  unlock(pin: string): Promise<boolean>
  lock(): Promise<void>
  changePin(oldPin: string, newPin: string): Promise<boolean>

  startDraft(options: { area: string; practice: boolean; kind?: Kind; replaces?: string }): Promise<Draft>
  openDraft(id: string): Promise<Draft>
  /** Resolves when the draft is durable on this phone. */
  saveDraft(draft: Draft): Promise<void>
  discardDraft(id: string): Promise<void>
  /** Prunes, splits identity from answers, seals both, writes the outbox, deletes the draft: in that order, safe at any interruption. */
  completeDraft(draft: Draft): Promise<{ readonly id: string; readonly withdrawalCode: string }>
  /** Opens the phone's own copy of a held record as a correction draft. */
  correct(id: string): Promise<Draft>
  withdraw(id: string, reason: string): Promise<void>

  records(): readonly RecordSummary[]
  /** What the supervisor wrote last that is about no record, the newest first. */
  notices(): readonly SupervisorNotice[]
  sync(): Promise<SyncState>
  syncState(): SyncState
}

/** How much longer this phone can collect. */
export type { Room } from './store/room.ts'
export type { Carried } from './store/carry.ts'
export type { CheckLine } from './store/device-check.ts'

/** The phone's own health and its second copies: what `openPhone` gives beside the interviews. */
export interface PhoneCare {
  /** The questionnaire a draft was started with: it ends on the version it began with. */
  questionnaireOf(reference: { readonly id: string; readonly version: string }): Promise<Questionnaire>
  room(): Promise<Room>
  /** A newer version of the app is on this phone and waits; offer it on the list screen, never inside an interview. */
  isUpdateWaiting(): boolean
  /** Lets it in and loads it. */
  activateUpdate(): Promise<void>
  /**
   * Forgotten PIN: with a new invitation of the supervisor for this same phone, a new PIN. Everything on the phone stays, unless it was taken out.
   * @throws with code `phone.not-recovered` when the server gave no key; nothing was changed then.
   */
  startAgain(link: string, pin: string): Promise<void>
  /**
   * A file with all open interviews and everything not yet safe at the server, encrypted under the PIN; to keep elsewhere.
   * @throws with code `phone.wrong-pin`.
   */
  backup(pin: string): Promise<Uint8Array>
  /**
   * Brings back what is missing here, on this phone or on a new one that was invited as this device. What is on the phone already stays as it is.
   * @throws with code `phone.backup-unreadable` or `phone.backup-of-another`.
   */
  restore(file: Uint8Array, pin: string): Promise<{ readonly drafts: number; readonly records: number }>
  /** Sealed records for the supervisor to carry: one file, and the same as texts of QR codes to show in turn. The carrier cannot read them. */
  handOver(): Promise<{ readonly records: number; readonly file: Uint8Array; readonly qr: readonly string[] }>
  /** Whether a new PIN keeps what is on this phone: phones that were taken out, or enrolled before there was a second key, begin empty. */
  forgottenPinKeeps(): Promise<boolean>
  /** Takes a hand-over of another phone, to deliver it at the next contact. @throws with code `phone.hand-over-unreadable`. */
  receive(file: Uint8Array): Promise<Carried>
  /** What this phone carries for others and has not delivered. */
  carried(): Promise<readonly Carried[]>
  dropCarried(id: string): Promise<void>
  /** A closed or locked phone asks its server once whether it is still one of its own; that renews its lease. */
  askServer(): Promise<void>
  /** Packs of recordings that the server offers for the questionnaire of the round. */
  recordings(): Promise<readonly RecordingsOffer[]>
  /** @param part from 0. @throws with a `code` that is a key of the interface texts. */
  recordingsPart(sha256: string, part: number): Promise<Uint8Array>
  /** The lines of the device check page. */
  checkDevice(): Promise<readonly CheckLine[]>
}
