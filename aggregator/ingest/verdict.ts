import type { SealedRecord } from '../../schemas/generated/records.ts'
import type { LoadRecord } from '../warehouse/load.ts'
import type { Job } from './prepare-record.ts'
import { deviceOf } from './read-record.ts'

/** What was found in a record. What stands on its cover the other thread has: only this goes from thread to thread, and the rows. */
export interface Verdict
  extends Pick<LoadRecord, 'status' | 'reasons' | 'flags' | 'householdKey' | 'withdrawalCode' | 'consent' | 'members' | 'minutes'> {
  /** Consent lets the office keep the sealed identity. */
  readonly keepsIdentity: boolean
}

const nothing = {
  reasons: [],
  flags: [],
  householdKey: null,
  withdrawalCode: null,
  consent: null,
  members: null,
  minutes: null,
} as const satisfies Partial<LoadRecord>

/** Of a record that says nothing, or could not be read. */
export const nothingFound = { ...nothing, keepsIdentity: false } as const satisfies Partial<Verdict>

/** The record as it is stored. */
export function recordOf(job: Job, verdict: Verdict): LoadRecord {
  if (verdict.status === 'quarantined') return unread(job, verdict)
  if (verdict.status === 'withdrawn') {
    const { round } = job.document
    return { ...unread(job, verdict), root: job.root, round: typeof round === 'string' ? round : null }
  }
  // Its shape was checked where it was opened.
  const { _id, sha256, kind, round, area, questionnaire, finished, identity } = job.document as unknown as SealedRecord
  const { status, reasons, flags, householdKey, withdrawalCode, consent, members, minutes, keepsIdentity } = verdict
  return {
    id: _id,
    rev: job.rev,
    sha256,
    kind,
    root: job.root,
    device: deviceOf(_id),
    round,
    area,
    questionnaire,
    finished,
    status,
    reasons,
    flags,
    householdKey,
    withdrawalCode,
    consent,
    members,
    minutes,
    vault: keepsIdentity ? (identity ?? null) : null,
  }
}

/** What the gateway kept apart, with the gateway's reasons. */
export function keptApart({ id, rev, document }: Pick<Job, 'id' | 'rev' | 'document'>): LoadRecord {
  const given = Array.isArray(document['reasons']) ? (document['reasons'] as LoadRecord['reasons']) : []
  const reasons = given.length > 0 ? given : [{ code: 'record-malformed' }]
  return unread({ id, rev, document }, { ...nothingFound, status: 'quarantined', reasons })
}

function unread({ id, rev, document }: Pick<Job, 'id' | 'rev' | 'document'>, { status, reasons }: Verdict): LoadRecord {
  const { sha256, kind } = document as { sha256?: unknown; kind?: unknown }
  const kinds = ['interview', 'correction', 'withdrawal', 'listing'] as const
  return {
    id,
    rev,
    sha256: typeof sha256 === 'string' ? sha256 : '',
    kind: kinds.find((each) => each === kind) ?? 'interview',
    root: id,
    device: deviceOf(id),
    round: null,
    area: null,
    questionnaire: null,
    finished: null,
    ...nothing,
    status,
    reasons,
    vault: null,
  }
}
