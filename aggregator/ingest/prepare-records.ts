import type { SealedRecord } from '../../schemas/generated/records.ts'
import type { Interview } from '../../schemas/interview/interview.ts'
import { permits } from '../custody/consent.ts'
import type { Change } from '../inbox/store.ts'
import { ProblemError } from '../problem.ts'
import { interviewedHomes, type LedgerEntry, ledgerEntries } from '../warehouse/ledger.ts'
import type { LoadBatch, LoadRecord } from '../warehouse/load.ts'
import { flatten } from './flatten.ts'
import type { Stage } from './stage.ts'
import { judge } from './judge.ts'
import { listingNumberOf } from './listing-number.ts'
import { qualityFlags } from './quality.ts'

export interface Prepared {
  readonly records: readonly LoadRecord[]
  readonly roundKeys: LoadBatch['roundKeys']
}

/** Opens and judges the documents of a batch. One that cannot be read becomes a quarantine entry and stops nothing. */
export async function prepareRecords(stage: Stage, changes: readonly Change[]): Promise<Prepared> {
  const lineage = await lineageOf(stage, changes)
  const records: LoadRecord[] = []
  for (const change of changes) {
    const record = await prepareOrQuarantine(stage, change, lineage)
    lineage.add(record)
    records.push(record)
  }
  return { records: await holdSecondInterviews(stage, records), roundKeys: stage.pseudonymizer.newKeys() }
}

/** Problems of one record, not of the machine: these are kept apart with their reason. */
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

async function prepareOrQuarantine(stage: Stage, change: Change, lineage: Lineage): Promise<LoadRecord> {
  try {
    return await prepareRecord(stage, change, lineage)
  } catch (error) {
    if (error instanceof ProblemError) {
      if (!poison.has(error.type)) throw error
      stage.log.warn({ record: change.id, problem: error.type }, 'record kept apart')
      return quarantined(change, error.type)
    }
    // Our own bug on one record must not hold up the others; its message may quote an answer, so only its kind is logged.
    stage.log.error({ record: change.id, kind: error instanceof Error ? error.name : typeof error }, 'record kept apart: our error')
    return quarantined(change, 'internal')
  }
}

async function prepareRecord(stage: Stage, change: Change, lineage: Lineage): Promise<LoadRecord> {
  const record = stage.reader.envelope(change.document)
  const edition = await stage.library.edition(record.questionnaire)
  const opened = stage.reader.open(record, stage.opener)
  const { interview } = opened
  const root = lineage.rootOf(record)
  if (interview.kind === 'withdrawal') return withdrawal(stage, change.rev, record, interview, lineage)
  const round = await stage.library.round(interview.round)
  const judged = judge(opened, edition, round, (identity) => listingNumberOf(edition.questionnaire, identity))
  const flags = [...judged.flags, ...qualityFlags(interview, judged), ...lineage.flagsOf(record)]
  const blocking = flags.filter(({ severity }) => severity === 'blocking')
  const pseudonyms = await stage.pseudonymizer.of(interview.round)
  const householdKey =
    judged.listingNumber === null ? pseudonyms.householdOfRecord(root) : pseudonyms.household(interview.area, judged.listingNumber)
  const rows = flatten(judged.answers, edition.layouts, {
    record_id: record._id,
    household_key: householdKey,
    round: record.round,
    area: record.area,
    questionnaire_version: record.questionnaire.version,
    finished: record.finished,
    person: (row) => pseudonyms.person(root, row),
  })
  return {
    ...coverOf(record, change.rev, root),
    status: blocking.length > 0 ? 'held' : 'accepted',
    reasons: blocking.map(({ code, name, row }) => ({ code, ...(name !== undefined && { name }), ...(row !== undefined && { row }) })),
    flags,
    householdKey,
    withdrawalCode: interview.withdrawalCode === undefined ? null : stage.marks.ofCode(interview.withdrawalCode),
    consent: {
      purposes: judged.purposes,
      language: interview.consent.language,
      ...(interview.consent.mode !== undefined && { mode: interview.consent.mode }),
    },
    members: judged.members,
    minutes: judged.minutes,
    // Rows that break the form itself have no place in a table; the sealed original is kept for the correction.
    rows: flags.some(({ code }) => code === 'record-malformed') ? [] : rows,
    vault: permits(judged.purposes, 'keep-identity') ? (record.identity ?? null) : null,
  }
}

/** A household takes its interview back: the same phone may say so, or any phone that knows the code on the slip. */
function withdrawal(stage: Stage, rev: string, record: SealedRecord, interview: Interview, lineage: Lineage): LoadRecord {
  const target = lineage.entry(record.replaces ?? '')
  const samePhone = record.replaces !== undefined && deviceOf(record.replaces) === deviceOf(record._id)
  const knowsCode = target?.withdrawalCode != null && target.withdrawalCode === stage.marks.ofCode(interview.withdrawalCode ?? '')
  const allowed = samePhone || knowsCode
  return {
    ...coverOf(record, rev, lineage.rootOf(record)),
    status: allowed ? 'accepted' : 'held',
    reasons: allowed ? [] : [{ code: 'correction-unrelated' }],
    flags: [],
    householdKey: null,
    withdrawalCode: null,
    consent: null,
    members: null,
    minutes: null,
    rows: [],
    vault: null,
  }
}

function coverOf(record: SealedRecord, rev: string, root: string) {
  const { _id, sha256, kind, round, area, questionnaire, finished } = record
  return { id: _id, rev, sha256, kind, root, device: deviceOf(_id), round, area, questionnaire, finished }
}

function quarantined({ id, rev, document }: Change, reason: string): LoadRecord {
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
    status: 'quarantined',
    reasons: [{ code: reason }],
    flags: [],
    householdKey: null,
    withdrawalCode: null,
    consent: null,
    members: null,
    minutes: null,
    rows: [],
    vault: null,
  }
}

const deviceOf = (id: string) => id.split(':')[1] ?? ''

/** Who corrects whom, over the ledger and the batch at hand. */
interface Lineage {
  rootOf(record: Pick<SealedRecord, '_id' | 'replaces'>): string
  entry(id: string): Pick<LedgerEntry, 'device' | 'withdrawalCode'> | undefined
  flagsOf(record: SealedRecord): LoadRecord['flags']
  add(record: LoadRecord): void
}

async function lineageOf({ warehouse }: Stage, changes: readonly Change[]): Promise<Lineage> {
  const named = changes.flatMap(({ document }) => (typeof document['replaces'] === 'string' ? [document['replaces']] : []))
  const entries = await warehouse.read((connection) => ledgerEntries(connection, named))
  const known = new Map<string, Pick<LedgerEntry, 'root' | 'device' | 'withdrawalCode'>>(entries.map((entry) => [entry.id, entry]))
  return {
    rootOf: ({ _id, replaces }) => (replaces === undefined ? _id : (known.get(replaces)?.root ?? replaces)),
    entry: (id) => known.get(id),
    flagsOf({ kind, _id, replaces }) {
      if (kind !== 'correction') return []
      // Another phone's correction may be right, but a person decides: one enumerator must not rewrite another's work unseen.
      const own = replaces !== undefined && deviceOf(replaces) === deviceOf(_id)
      return own ? [] : [{ code: 'correction-unrelated', severity: 'blocking' }]
    },
    add: ({ id, root, device, withdrawalCode }) => known.set(id, { root, device, withdrawalCode }),
  }
}

/** The same home interviewed twice in a round (X19): the second is held for the supervisor, none is dropped. */
async function holdSecondInterviews({ warehouse }: Stage, records: readonly LoadRecord[]): Promise<readonly LoadRecord[]> {
  const first = new Map<string, string>()
  for (const round of new Set(records.map((record) => record.round))) {
    if (round === null) continue
    const keys = records.flatMap((record) => (record.round === round && record.householdKey !== null ? [record.householdKey] : []))
    const homes = await warehouse.read((connection) => interviewedHomes(connection, round, keys))
    for (const [key, root] of homes) first.set(key, root)
  }
  return records.map((record) => {
    if (record.householdKey === null || record.consent?.purposes.interview !== true) return record
    const root = first.get(record.householdKey)
    if (root === undefined) first.set(record.householdKey, record.root)
    if (root === undefined || root === record.root) return record
    const flag = { code: 'duplicate-household', severity: 'blocking' }
    return { ...record, status: 'held', reasons: [...record.reasons, { code: flag.code }], flags: [...record.flags, flag] }
  })
}
