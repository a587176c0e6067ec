import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Change } from '../inbox/store.ts'
import { interviewedHomes, type LedgerEntry, ledgerEntries } from '../warehouse/ledger.ts'
import type { LoadRecord, TableRows } from '../warehouse/load.ts'
import type { Job, Outcome } from './prepare-record.ts'
import { deviceOf } from './read-record.ts'
import type { Stage } from './stage.ts'
import { recordOf } from './verdict.ts'

/** Records put together before others get a turn. */
const recordsPerTurn = 500

/** Records that were opened and judged, and their rows. */
export interface Prepared {
  readonly records: readonly LoadRecord[]
  readonly tables: readonly TableRows[]
}

/**
 * Opens and judges the documents of a batch, in this thread or in several; the result has the order of the feed either way.
 * @param inFlight the batch before, which is being committed: the ledger does not know it yet.
 * @param refused ids of records whose interview was withdrawn: nothing of them is kept.
 */
export async function prepareRecords(
  stage: Stage,
  changes: readonly Change[],
  inFlight: readonly LoadRecord[] = [],
  refused: ReadonlySet<string> = new Set(),
): Promise<Prepared> {
  const entries = await stage.warehouse.read((connection) =>
    ledgerEntries(
      connection,
      changes.flatMap(({ document }) => replacedBy(document)),
    ),
  )
  const known = new Map<string, Known>([...entries, ...inFlight].map((entry) => [entry.id, entry]))
  const jobs = withRoots(changes, known, refused)
  const { outcomes, tables } = await stage.workshop.prepare(jobs)
  const records: LoadRecord[] = []
  for (const [at, job] of jobs.entries()) {
    if (at % recordsPerTurn === recordsPerTurn - 1) await nextTurn()
    const { verdict, trouble } = outcomes[at] as Outcome
    if (trouble !== undefined) stage.log.warn({ record: job.id, problem: trouble }, 'record kept apart')
    records.push(recordOf(job, verdict))
  }
  return { records: decideWithdrawals(records, changes, known), tables }
}

type Known = Pick<LedgerEntry, 'root' | 'withdrawalCode'>

const replacedBy = (document: Readonly<Record<string, unknown>>) => (typeof document['replaces'] === 'string' ? [document['replaces']] : [])

/** The first version of each interview, over the ledger and the batch at hand. */
function withRoots(changes: readonly Change[], known: ReadonlyMap<string, Known>, refused: ReadonlySet<string>): readonly Job[] {
  const roots = new Map<string, string>()
  return changes.map(({ id, rev, document }) => {
    const [replaced] = replacedBy(document)
    const root = replaced === undefined ? id : (roots.get(replaced) ?? known.get(replaced)?.root ?? replaced)
    roots.set(id, root)
    return { id, rev, document, root, refused: refused.has(id) }
  })
}

/** A household takes its interview back: the same phone may say so, or any phone that knows the code on the slip. */
function decideWithdrawals(
  records: readonly LoadRecord[],
  changes: readonly Change[],
  known: ReadonlyMap<string, Known>,
): readonly LoadRecord[] {
  if (records.every(({ kind }) => kind !== 'withdrawal')) return records
  const codes = new Map<string, string | null>([...known].map(([id, { withdrawalCode }]) => [id, withdrawalCode]))
  return records.map((record, index) => {
    codes.set(record.id, record.withdrawalCode)
    if (record.kind !== 'withdrawal' || record.status === 'quarantined') return record
    const [replaced] = replacedBy(changes[index]?.document ?? {})
    const samePhone = replaced !== undefined && deviceOf(replaced) === record.device
    const knowsCode = replaced !== undefined && record.withdrawalCode !== null && codes.get(replaced) === record.withdrawalCode
    const allowed = samePhone || knowsCode
    return {
      ...record,
      withdrawalCode: null,
      status: allowed ? 'accepted' : 'held',
      reasons: allowed ? [] : [{ code: 'correction-unrelated' }],
    }
  })
}

/** The same home interviewed twice in a round (X19): the second is held for the supervisor, none is dropped. */
export async function holdSecondInterviews(
  { warehouse }: Pick<Stage, 'warehouse'>,
  records: readonly LoadRecord[],
): Promise<readonly LoadRecord[]> {
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
