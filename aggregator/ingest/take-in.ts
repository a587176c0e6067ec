import type { Change } from '../inbox/store.ts'
import { eraseInterviews } from '../warehouse/erase.ts'
import { feedPosition, ledgerEntries, recordsWaiting, releaseFromQuarantine, tombstonesAmong } from '../warehouse/ledger.ts'
import { loadBatch, type LoadRecord } from '../warehouse/load.ts'
import { appendRows } from '../warehouse/table-writer.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'
import { keptApart } from './prepare-record.ts'
import { holdSecondInterviews, prepareRecords } from './prepare-records.ts'
import type { Stage } from './stage.ts'

export interface Counts {
  readonly accepted: number
  readonly held: number
  readonly quarantined: number
  readonly withdrawn: number
}

/** What one transaction brought; indicators refresh from it. */
export interface Commit extends Counts {
  readonly rounds: readonly string[]
  readonly records: readonly string[]
}

/** Name of the feed whose position stands in the checkpoint table. */
export const feed = 'inbox'
const batchOfKeptApart = 1_000

/** A batch that is opened and judged, and waits for the one before it to be committed. */
export interface Ready {
  readonly records: readonly LoadRecord[]
  readonly released: readonly string[]
  readonly since: string
}

/** @param inFlight the batch before, while it is being committed. */
export async function makeReady(stage: Stage, changes: readonly Change[], since: string, inFlight: readonly LoadRecord[]): Promise<Ready> {
  const { fresh, released } = await notYetKnown(stage.warehouse, changes, inFlight)
  return { records: await prepareRecords(stage, fresh, inFlight), released, since }
}

/** Takes a batch in, in one transaction with the feed's new position. */
export function takeIn(stage: Stage, ready: Ready): Promise<Commit> {
  return commit(stage, feed, ready)
}

/** What was missing may be here now; a record that still cannot be read stays as it is. */
export async function takeInAgain(stage: Stage): Promise<Commit | null> {
  const waiting = await stage.warehouse.read(recordsWaiting)
  const documents = waiting.length === 0 ? [] : await stage.inbox.read(waiting)
  const changes = documents.map((document) => ({ seq: '', id: document._id, rev: document._rev, deleted: false, document }))
  const records = (await prepareRecords(stage, changes)).filter(({ status }) => status !== 'quarantined')
  if (records.length === 0) return null
  return commit(stage, 'again', { records, released: records.map(({ id }) => id), since: '' })
}

/** One transaction: what was kept apart before is forgotten, what was withdrawn is kept out, the rest is loaded. */
async function commit(stage: Stage, feed: string, { records, released, since }: Ready): Promise<Commit> {
  const { warehouse, marks, clock } = stage
  const now = clock().toISOString()
  const judged = await holdSecondInterviews(stage, records)
  const roundKeys = stage.pseudonymizer.newKeys()
  const marksOf = ({ id, root, withdrawalCode }: LoadRecord) => [
    marks.ofRecord(id),
    marks.ofRecord(root),
    ...(withdrawalCode === null ? [] : [withdrawalCode]),
  ]
  const { loaded, erased } = await warehouse.write(async (connection) => {
    const dead = await tombstonesAmong(connection, judged.flatMap(marksOf))
    const loaded = judged.map((record) => (marksOf(record).some((mark) => dead.has(mark)) ? refused(record) : record))
    await releaseFromQuarantine(connection, released)
    await loadBatch(connection, { feed, since, records: loaded, roundKeys })
    // An old copy of a withdrawn record lies in the inbox again: it goes the same way as the first.
    const again = loaded.filter(({ status }) => status === 'withdrawn')
    await appendRows(
      connection,
      'erasure',
      again.map(({ id }) => [id, now]),
    )
    const erased = await eraseInterviews(connection, withdrawnRoots(loaded), (id) => marks.ofRecord(id), now)
    return { loaded, erased }
  })
  stage.pseudonymizer.committed(roundKeys)
  return { ...counted(loaded), withdrawn: erased.length, rounds: roundsOf(loaded), records: [...loaded.map(({ id }) => id), ...erased] }
}

/** A record of an interview that was withdrawn: that it came is noted, nothing of it is kept. */
function refused(record: LoadRecord): LoadRecord {
  if (record.kind === 'withdrawal') return record
  return {
    ...record,
    status: 'withdrawn',
    reasons: [{ code: 'withdrawn-record' }],
    flags: [],
    rows: [],
    vault: null,
    links: [],
    householdKey: null,
    withdrawalCode: null,
    area: null,
    finished: null,
    questionnaire: null,
    consent: null,
    members: null,
    minutes: null,
  }
}

const withdrawnRoots = (records: readonly LoadRecord[]) =>
  records.filter(({ kind, status }) => kind === 'withdrawal' && status === 'accepted').map(({ root }) => root)

interface Fresh {
  readonly fresh: readonly Change[]
  /** Of these, the ids that the gateway had kept apart and a supervisor has let through. */
  readonly released: readonly string[]
}

async function notYetKnown(warehouse: Warehouse, changes: readonly Change[], inFlight: readonly LoadRecord[] = []): Promise<Fresh> {
  const living = changes.filter(({ deleted }) => !deleted)
  const entries = await warehouse.read((connection) =>
    ledgerEntries(
      connection,
      living.map(({ id }) => id),
    ),
  )
  const known = new Set([...entries, ...inFlight].map(({ id, rev }) => `${id} ${rev}`))
  const seen = new Set<string>()
  const fresh = living.filter(({ id, rev }) => {
    const name = `${id} ${rev}`
    if (known.has(name) || seen.has(name)) return false
    seen.add(name)
    return true
  })
  const ids = new Set(fresh.map(({ id }) => id))
  return { fresh, released: entries.filter(({ id, status }) => status === 'quarantined' && ids.has(id)).map(({ id }) => id) }
}

const apart = 'quarantine'

/** What the gateway kept apart is told to its phone by the same receipts; it is not opened. */
export async function takeInKeptApart({ warehouse, quarantine }: Stage): Promise<void> {
  for (;;) {
    const since = await warehouse.read((connection) => feedPosition(connection, apart))
    const { changes, lastSeq } = await quarantine.changes(since, batchOfKeptApart)
    if (changes.length === 0) return
    // Under a revision of its own, so that the record is new to the ledger once a supervisor lets it through.
    const { fresh } = await notYetKnown(
      warehouse,
      changes.map((change) => ({ ...change, rev: `kept-apart ${change.rev}` })),
    )
    const records = fresh.map(keptApart)
    await warehouse.write((connection) => loadBatch(connection, { feed: apart, since: lastSeq, records, roundKeys: [] }))
  }
}

function counted(records: readonly LoadRecord[]): Omit<Counts, 'withdrawn'> {
  const of = (status: LoadRecord['status']) => records.filter((record) => record.status === status).length
  return { accepted: of('accepted'), held: of('held'), quarantined: of('quarantined') }
}

const roundsOf = (records: readonly LoadRecord[]) => [...new Set(records.flatMap(({ round }) => (round === null ? [] : [round])))]
