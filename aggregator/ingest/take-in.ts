import type { DuckDBConnection } from '@duckdb/node-api'
import type { Marks } from '../custody/marks.ts'
import type { Change } from '../inbox/store.ts'
import { eraseInterviews } from '../warehouse/erase.ts'
import { feedPosition, hasTombstones, ledgerEntries, recordsWaiting, releaseFromQuarantine, tombstonesAmong } from '../warehouse/ledger.ts'
import { loadBatch, type LoadRecord } from '../warehouse/load.ts'
import { appendRows } from '../warehouse/table-writer.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'
import { holdSecondInterviews, type Prepared, prepareRecords } from './prepare-records.ts'
import type { Stage } from './stage.ts'
import { keptApart } from './verdict.ts'

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
export interface Ready extends Prepared {
  readonly released: readonly string[]
  readonly since: string
  /** Read from the feed for it, known ones too. */
  readonly changes: number
  /** The same batch, when it turns out that some of its interviews were withdrawn meanwhile. */
  readonly without: (withdrawn: ReadonlySet<string>) => Promise<Prepared>
}

/** @param inFlight the batch before, while it is being committed. */
export async function makeReady(stage: Stage, changes: readonly Change[], since: string, inFlight: readonly LoadRecord[]): Promise<Ready> {
  const { fresh, released } = await notYetKnown(stage.warehouse, changes, inFlight)
  const without = (withdrawn: ReadonlySet<string>) => prepareRecords(stage, fresh, inFlight, withdrawn)
  return { ...(await without(new Set())), released, since, changes: changes.length, without }
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
  const without = async (withdrawn: ReadonlySet<string>): Promise<Prepared> => {
    const { records, tables } = await prepareRecords(stage, changes, [], withdrawn)
    return { records: records.filter(({ status }) => status !== 'quarantined'), tables }
  }
  const prepared = await without(new Set())
  if (prepared.records.length === 0) return null
  return commit(stage, 'again', {
    ...prepared,
    released: prepared.records.map(({ id }) => id),
    since: '',
    changes: changes.length,
    without,
  })
}

/** One transaction: what was kept apart before is forgotten, what was withdrawn is kept out, the rest is loaded. */
async function commit(stage: Stage, feed: string, ready: Ready): Promise<Commit> {
  const { warehouse, marks, clock } = stage
  const now = clock().toISOString()
  const records = await holdSecondInterviews(stage, ready.records)
  const roundKeys = stage.pseudonymizer.newKeys()
  const loaded = await warehouse.write(async (connection): Promise<readonly string[] | ReadonlySet<string>> => {
    const withdrawn = await withdrawnAmong(connection, records, marks)
    if (withdrawn.size > 0) return withdrawn
    await releaseFromQuarantine(connection, ready.released)
    await loadBatch(connection, { feed, since: ready.since, records, tables: ready.tables, roundKeys })
    await stage.followRules(connection, records)
    // An old copy of a withdrawn record lies in the inbox again: it goes the same way as the first.
    const again = records.filter(({ status }) => status === 'withdrawn')
    await appendRows(
      connection,
      'erasure',
      again.map(({ id }) => [id, now, null]),
    )
    return eraseInterviews(connection, withdrawnRoots(records), (id) => marks.ofRecord(id), now)
  })
  // Rare: withdrawn since, or a copy of what was withdrawn. The rows of a batch lie together, so it is made again without them.
  if (!isErased(loaded)) {
    const known = ready.records.flatMap(({ id, status }) => (status === 'withdrawn' ? [id] : []))
    return commit(stage, feed, { ...ready, ...(await ready.without(new Set([...known, ...loaded]))) })
  }
  stage.workshop.giveBack(ready.tables)
  stage.pseudonymizer.committed(roundKeys)
  return { ...counted(records), withdrawn: loaded.length, rounds: roundsOf(records), records: [...records.map(({ id }) => id), ...loaded] }
}

const isErased = (loaded: readonly string[] | ReadonlySet<string>): loaded is readonly string[] => Array.isArray(loaded)

/** Records of interviews that were withdrawn, and are not refused yet. */
async function withdrawnAmong(connection: DuckDBConnection, records: readonly LoadRecord[], marks: Marks): Promise<ReadonlySet<string>> {
  if (!(await hasTombstones(connection))) return new Set()
  const living = records.filter(({ kind, status }) => kind !== 'withdrawal' && status !== 'withdrawn')
  const marksOf = ({ id, root, withdrawalCode }: LoadRecord) => [
    marks.ofRecord(id),
    ...(root === id ? [] : [marks.ofRecord(root)]),
    ...(withdrawalCode === null ? [] : [withdrawalCode]),
  ]
  const marked = living.map((record) => ({ id: record.id, marks: marksOf(record) }))
  const dead = await tombstonesAmong(
    connection,
    marked.flatMap((each) => each.marks),
  )
  return new Set(marked.flatMap((each) => (each.marks.some((mark) => dead.has(mark)) ? [each.id] : [])))
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
  const known = new Map<string, string[]>()
  const isNew = ({ id, rev }: Pick<Change, 'id' | 'rev'>): boolean => {
    const revs = known.get(id)
    if (revs === undefined) known.set(id, [rev])
    else if (revs.includes(rev)) return false
    else revs.push(rev)
    return true
  }
  entries.forEach(isNew)
  inFlight.forEach(isNew)
  const fresh = living.filter(isNew)
  const quarantined = entries.filter(({ status }) => status === 'quarantined')
  if (quarantined.length === 0) return { fresh, released: [] }
  const ids = new Set(fresh.map(({ id }) => id))
  return { fresh, released: quarantined.flatMap(({ id }) => (ids.has(id) ? [id] : [])) }
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
    await warehouse.write((connection) => loadBatch(connection, { feed: apart, since: lastSeq, records, tables: [], roundKeys: [] }))
  }
}

function counted(records: readonly LoadRecord[]): Omit<Counts, 'withdrawn'> {
  const of = (status: LoadRecord['status']) => records.filter((record) => record.status === status).length
  return { accepted: of('accepted'), held: of('held'), quarantined: of('quarantined') }
}

const roundsOf = (records: readonly LoadRecord[]) => [...new Set(records.flatMap(({ round }) => (round === null ? [] : [round])))]
