import type { Round, SealedRecord } from '../../schemas/generated/records.ts'
import type { QuestionnaireReference } from '../../schemas/interview/interview.ts'
import { permits } from '../custody/consent.ts'
import type { Marks } from '../custody/marks.ts'
import type { Opener } from '../custody/open-sealed.ts'
import type { RoundPseudonyms } from '../custody/pseudonyms.ts'
import type { StoredDocument } from '../inbox/store.ts'
import { ProblemError } from '../problem.ts'
import type { RowMeta, Rows } from './flatten.ts'
import { type Flag, judge } from './judge.ts'
import { qualityFlags } from './quality.ts'
import type { Edition } from './questionnaire-library.ts'
import { deviceOf, type RecordReader } from './read-record.ts'
import { nothingFound, type Verdict } from './verdict.ts'

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
  readonly verdict: Verdict
  readonly trouble?: string
}

/** Keyed values of members over rounds, as the warehouse's table has them. */
const linkTable = { name: 'link_token', repeat: 'members', columns: [{ type: 'VARCHAR' }, { type: 'UUID' }, { type: 'UUID' }] }

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
    if (job.refused) return { verdict: { ...nothingFound, status: 'withdrawn', reasons: [{ code: 'withdrawn-record' }] } }
    return { verdict: prepared(bench, job, rows) }
  } catch (error) {
    if (error instanceof ProblemError) {
      if (!poison.has(error.type)) throw error
      return { verdict: keptAside(error.type), trouble: error.type }
    }
    // Our own bug on one record must not hold up the others; its message may quote an answer, so only its kind goes on.
    return { verdict: keptAside('internal'), trouble: error instanceof Error ? error.name : typeof error }
  }
}

const keptAside = (reason: string): Verdict => ({ ...nothingFound, status: 'quarantined', reasons: [{ code: reason }] })

function prepared(bench: Workbench, { document, root }: Job, rows: Rows): Verdict {
  const record = bench.reader.envelope(document)
  const edition = bench.edition(record.questionnaire)
  const rules = record.kind === 'withdrawal' ? undefined : edition.compiled?.rules
  const opened = bench.reader.open(record, bench.opener, {
    answers: (json, at) => (rules ? rules.read(json, at, edition.lists(bench.round(record.round))) : -1),
    identity: edition.readIdentity,
  })
  const { interview } = opened
  const code = interview.withdrawalCode === undefined ? null : bench.marks.ofCode(interview.withdrawalCode)
  // Whether a withdrawal is allowed depends on the record it names: decided once that is known.
  if (record.kind === 'withdrawal') return { ...nothingFound, status: 'held', withdrawalCode: code }
  const judged = judge(opened, edition, bench.round(record.round))
  const flags = [...judged.flags, ...qualityFlags(interview, judged), ...foreignCorrection(record)]
  const blocking = flags.filter(({ severity }) => severity === 'blocking')
  const pseudonyms = bench.pseudonyms(record.round)
  const householdKey =
    judged.listingNumber === null ? pseudonyms.householdOfRecord(root) : pseudonyms.household(record.area, judged.listingNumber)
  const links = permits(judged.purposes, 'link') ? edition.linkFields(judged.membersOf, opened.identity) : []
  const consent: Verdict['consent'] = {
    purposes: judged.purposes,
    language: interview.consent.language,
    ...(interview.consent.mode !== undefined && { mode: interview.consent.mode }),
  }
  // The same member is asked for by the row and by the links.
  const persons = new Map<string, string>()
  const meta: RowMeta = {
    record_id: record._id,
    household_key: householdKey,
    round: record.round,
    area: record.area,
    questionnaire_version: record.questionnaire.version,
    finished: record.finished,
    person(row) {
      const known = persons.get(row) ?? pseudonyms.person(root, row)
      persons.set(row, known)
      return known
    },
  }
  // Last, so that a record which could not be read leaves no row behind.
  judged.write(meta, rows)
  for (const [row, ...fields] of links) rows.of(linkTable).add([record._id, meta.person(row), pseudonyms.linkToken(...fields)])
  return {
    status: blocking.length > 0 ? 'held' : 'accepted',
    reasons: blocking.length === 0 ? nothingFound.reasons : blocking.map(asReason),
    flags,
    householdKey,
    withdrawalCode: code,
    consent,
    members: judged.members,
    minutes: judged.minutes,
    keepsIdentity: permits(judged.purposes, 'keep-identity'),
  }
}

const asReason = ({ code, name, row }: Flag): Verdict['reasons'][number] => ({
  code,
  ...(name !== undefined && { name }),
  ...(row !== undefined && { row }),
})

/** Another phone's correction may be right, but a person decides: one enumerator must not rewrite another's work unseen. */
function foreignCorrection({ kind, _id, replaces }: SealedRecord): readonly Flag[] {
  if (kind !== 'correction' || (replaces !== undefined && deviceOf(replaces) === deviceOf(_id))) return []
  return [{ code: 'correction-unrelated', severity: 'blocking' }]
}
