import type { Round, SealedRecord } from '../../schemas/generated/records.ts'
import type { QuestionnaireReference } from '../../schemas/interview/interview.ts'
import { permits } from '../custody/consent.ts'
import type { Marks } from '../custody/marks.ts'
import type { Opener } from '../custody/open-sealed.ts'
import type { RoundPseudonyms } from '../custody/pseudonyms.ts'
import type { StoredDocument } from '../inbox/store.ts'
import { ProblemError } from '../problem.ts'
import type { LoadRecord } from '../warehouse/load.ts'
import type { Rows } from './flatten.ts'
import { judge } from './judge.ts'
import { qualityFlags } from './quality.ts'
import type { Edition } from './questionnaire-library.ts'
import { deviceOf, type RecordReader } from './read-record.ts'

/** Everything one record needs, at hand: the work itself waits for nothing, so it runs in this thread or in another. */
export interface Workbench {
  readonly reader: RecordReader
  readonly opener: Opener
  readonly marks: Marks
  /** @throws ProblemError `unknown-questionnaire`. */
  edition(reference: QuestionnaireReference): Edition
  /** @throws ProblemError `unknown-round`. */
  round(id: string): Round
  pseudonyms(round: string): RoundPseudonyms
}

/** One document of the feed, and the first version of the interview it belongs to. */
export interface Job {
  readonly id: string
  readonly rev: string
  readonly document: StoredDocument
  readonly root: string
  /** The interview was withdrawn: that this came is noted, nothing of it is kept. */
  readonly refused: boolean
}

/** What came of a job; `trouble` names what the log should say, never content. */
export interface Outcome {
  readonly record: LoadRecord
  readonly trouble?: string
}

/** Problems of one record, not of the machine: the record is kept apart with the reason, and nothing behind it waits. */
const poison = new Set([
  'seal-broken',
  'seal-other-record',
  'seal-key-gone',
  'record-changed',
  'record-malformed',
  'unknown-questionnaire',
  'unknown-round',
  'warehouse-mismatch',
])

/** Opens and judges one record; its answers go to `rows`, everything else into the outcome. */
export function prepareRecord(bench: Workbench, job: Job, rows: Rows): Outcome {
  try {
    if (job.refused) return { record: refused(job) }
    return { record: prepared(bench, job, rows) }
  } catch (error) {
    if (error instanceof ProblemError) {
      if (!poison.has(error.type)) throw error
      return { record: quarantined(job, error.type), trouble: error.type }
    }
    // Our own bug on one record must not hold up the others; its message may quote an answer, so only its kind goes on.
    return { record: quarantined(job, 'internal'), trouble: error instanceof Error ? error.name : typeof error }
  }
}

function prepared(bench: Workbench, { document, rev, root }: Job, rows: Rows): LoadRecord {
  const record = bench.reader.envelope(document)
  const edition = bench.edition(record.questionnaire)
  const rules = record.kind === 'withdrawal' ? undefined : edition.compiled?.rules
  const opened = bench.reader.open(
    record,
    bench.opener,
    rules && ((json, at) => rules.read(json, at, edition.lists(bench.round(record.round)))),
  )
  const { interview } = opened
  const code = interview.withdrawalCode === undefined ? null : bench.marks.ofCode(interview.withdrawalCode)
  // Whether a withdrawal is allowed depends on the record it names: decided once that is known.
  if (interview.kind === 'withdrawal') return { ...nothingOf(record, rev, root), status: 'held', withdrawalCode: code }
  const judged = judge(opened, edition, bench.round(interview.round))
  const flags = [...judged.flags, ...qualityFlags(interview, judged), ...foreignCorrection(record)]
  const blocking = flags.filter(({ severity }) => severity === 'blocking')
  const pseudonyms = bench.pseudonyms(interview.round)
  const householdKey =
    judged.listingNumber === null ? pseudonyms.householdOfRecord(root) : pseudonyms.household(interview.area, judged.listingNumber)
  // The same member is asked for by the links and by the row.
  const persons = new Map<string, string>()
  const person = (row: string): string => {
    const known = persons.get(row) ?? pseudonyms.person(root, row)
    persons.set(row, known)
    return known
  }
  const outcome: LoadRecord = {
    ...nothingOf(record, rev, root),
    status: blocking.length > 0 ? 'held' : 'accepted',
    reasons: blocking.map(({ code: reason, name, row }) => ({
      code: reason,
      ...(name !== undefined && { name }),
      ...(row !== undefined && { row }),
    })),
    flags,
    householdKey,
    withdrawalCode: code,
    consent: {
      purposes: judged.purposes,
      language: interview.consent.language,
      ...(interview.consent.mode !== undefined && { mode: interview.consent.mode }),
    },
    members: judged.members,
    minutes: judged.minutes,
    vault: permits(judged.purposes, 'keep-identity') ? (record.identity ?? null) : null,
    links: permits(judged.purposes, 'link')
      ? edition
          .linkFields(judged.membersOf, opened.identity)
          .map(([row, ...fields]) => [person(row), pseudonyms.linkToken(...fields)] as const)
      : [],
  }
  // Last, so that a record which could not be read leaves no row behind.
  judged.write(
    {
      record_id: record._id,
      household_key: householdKey,
      round: record.round,
      area: record.area,
      questionnaire_version: record.questionnaire.version,
      finished: record.finished,
      person,
    },
    rows,
  )
  return outcome
}

/** Another phone's correction may be right, but a person decides: one enumerator must not rewrite another's work unseen. */
function foreignCorrection({ kind, _id, replaces }: SealedRecord): LoadRecord['flags'] {
  if (kind !== 'correction' || (replaces !== undefined && deviceOf(replaces) === deviceOf(_id))) return []
  return [{ code: 'correction-unrelated', severity: 'blocking' }]
}

function nothingOf({ _id, sha256, kind, round, area, questionnaire, finished }: SealedRecord, rev: string, root: string): LoadRecord {
  return {
    id: _id,
    rev,
    sha256,
    kind,
    root,
    device: deviceOf(_id),
    round,
    area,
    questionnaire,
    finished,
    status: 'held',
    reasons: [],
    flags: [],
    householdKey: null,
    withdrawalCode: null,
    consent: null,
    members: null,
    minutes: null,
    vault: null,
    links: [],
  }
}

function refused(job: Job): LoadRecord {
  const { round } = job.document
  return {
    ...quarantined(job, 'withdrawn-record'),
    root: job.root,
    round: typeof round === 'string' ? round : null,
    status: 'withdrawn',
  }
}

const nothing = {
  reasons: [],
  flags: [],
  householdKey: null,
  withdrawalCode: null,
  consent: null,
  members: null,
  minutes: null,
  vault: null,
  links: [],
}

function quarantined({ id, rev, document }: Omit<Job, 'root' | 'refused'>, reason: string): LoadRecord {
  const { sha256, kind } = document as { sha256?: unknown; kind?: unknown }
  const kinds = ['interview', 'correction', 'withdrawal', 'listing'] as const
  return {
    ...nothing,
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
    status: 'quarantined',
    reasons: [{ code: reason }],
  }
}

/** The ledger entry of a record that the gateway kept apart, with the gateway's reasons. */
export function keptApart({ id, rev, document }: Omit<Job, 'root' | 'refused'>): LoadRecord {
  const reasons = Array.isArray(document['reasons']) ? (document['reasons'] as LoadRecord['reasons']) : []
  return { ...quarantined({ id, rev, document }, 'record-malformed'), ...(reasons.length > 0 && { reasons }) }
}
