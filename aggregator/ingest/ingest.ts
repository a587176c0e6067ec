import { createMarks } from '../custody/marks.ts'
import { finishWithdrawals } from '../custody/withdrawal.ts'
import type { Change, InboxStore } from '../inbox/store.ts'
import { eraseInterviews } from '../warehouse/erase.ts'
import { feedPosition, ledgerEntries, recordsWaiting, releaseFromQuarantine, tombstonesAmong } from '../warehouse/ledger.ts'
import { loadBatch, type LoadRecord } from '../warehouse/load.ts'
import { appendRows } from '../warehouse/table-writer.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'
import { keptApart } from './prepare-record.ts'
import { prepareRecords } from './prepare-records.ts'
import { createPseudonymizer } from './pseudonymize.ts'
import type { IngestDependencies, IngestLog, Stage } from './stage.ts'
import { createWorkshop } from './workshop.ts'

export type { IngestDependencies, IngestLog } from './stage.ts'

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

export interface Ingest {
  /** Takes in what lies in the inbox until nothing is left. */
  once(): Promise<Counts>
  /** Tries the records again that were kept apart because something was missing here: a questionnaire, a round, a key. */
  retry(): Promise<Counts>
  /** Goes on taking in what arrives, until stopped. */
  follow(): void
  /** Calls back after each transaction; returns the way to stop. */
  onCommit(listener: (commit: Commit) => void): () => void
  /** Resolves when the batch at hand is committed and nothing more will be read. */
  stop(): Promise<void>
}

const feed = 'inbox'
/** Measured: below 1,000 the commit dominates, above 5,000 nothing is gained. */
const usualBatch = 1_000
/** After a failure of store or warehouse, in ms. */
const retryAfterMs = 5_000

/** Opens, checks, pseudonymizes and loads sealed records, each exactly once, whatever is killed or replayed. */
export function createIngest(dependencies: IngestDependencies): Ingest {
  const { inbox, warehouse, keys, log, batchSize = usualBatch } = dependencies
  const marks = createMarks(keys)
  const pseudonymizer = createPseudonymizer(keys, warehouse)
  const workshop = createWorkshop({ ...dependencies, marks, pseudonymizer }, dependencies.threads)
  const stage: Stage = { ...dependencies, marks, pseudonymizer, prepare: (jobs) => workshop.prepare(jobs) }
  const listeners = new Set<(commit: Commit) => void>()
  const stopping = new AbortController()
  let turn: Promise<unknown> = Promise.resolve()

  const drain = async (): Promise<Counts> => {
    let total: Counts = { accepted: 0, held: 0, quarantined: 0, withdrawn: 0 }
    workshop.forgetRounds()
    await takeInKeptApart(stage)
    let since = await startOfFeed(warehouse, inbox, log)
    while (!stopping.signal.aborted) {
      const { changes, lastSeq } = await inbox.changes(since, batchSize)
      if (changes.length === 0) break
      const commit = await takeIn(stage, changes, lastSeq)
      since = lastSeq
      total = added(total, commit)
      for (const listener of listeners) listener(commit)
      log.info({ accepted: commit.accepted, held: commit.held, quarantined: commit.quarantined }, 'records taken in')
    }
    const erased = await finishWithdrawals(dependencies)
    if (erased > 0) log.info({ records: erased }, 'withdrawn records erased')
    return total
  }
  // One consumer at a time: a second would read the same position.
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const next = turn.then(work)
    turn = next.catch(() => undefined)
    return next
  }
  const followOn = async () => {
    while (!stopping.signal.aborted) {
      try {
        await inTurn(drain)
        await inbox.waitForChange(stopping.signal)
      } catch (error) {
        log.error({ err: error }, 'taking in failed; nothing is lost, it is tried again')
        await pause(retryAfterMs, stopping.signal)
      }
    }
  }
  let following: Promise<void> = Promise.resolve()
  return {
    once: () => inTurn(drain),
    retry: () =>
      inTurn(async () => {
        workshop.forgetRounds()
        const commit = await takeInAgain(stage)
        for (const listener of listeners) listener(commit)
        return commit
      }),
    follow() {
      following = followOn()
    },
    onCommit(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async stop() {
      stopping.abort()
      await Promise.all([following, turn])
      await workshop.close()
    },
  }
}

/** Follows the inbox from now on. */
export function startIngest(dependencies: IngestDependencies): Ingest {
  const ingest = createIngest(dependencies)
  ingest.follow()
  return ingest
}

async function takeIn(stage: Stage, changes: readonly Change[], lastSeq: string): Promise<Commit> {
  const { warehouse, marks, clock } = stage
  const { fresh, released } = await notYetKnown(warehouse, changes)
  const prepared = await prepareRecords(stage, fresh)
  const now = clock().toISOString()
  const { loaded, erased } = await warehouse.write(async (connection) => {
    const marksOf = ({ id, root, withdrawalCode }: LoadRecord) => [
      marks.ofRecord(id),
      marks.ofRecord(root),
      ...(withdrawalCode === null ? [] : [withdrawalCode]),
    ]
    const dead = await tombstonesAmong(connection, prepared.records.flatMap(marksOf))
    const loaded = prepared.records.map((record) => (marksOf(record).some((mark) => dead.has(mark)) ? refused(record) : record))
    await releaseFromQuarantine(connection, released)
    await loadBatch(connection, { feed, since: lastSeq, records: loaded, roundKeys: prepared.roundKeys })
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
  stage.pseudonymizer.committed(prepared.roundKeys)
  return { ...counted(loaded), withdrawn: erased.length, rounds: roundsOf(loaded), records: [...loaded.map(({ id }) => id), ...erased] }
}

/** What was missing may be here now; a record that still cannot be read stays as it is. */
async function takeInAgain(stage: Stage): Promise<Commit> {
  const { warehouse, inbox } = stage
  const waiting = await warehouse.read(recordsWaiting)
  const documents = await inbox.read(waiting)
  const prepared = await prepareRecords(
    stage,
    documents.map((document) => ({ seq: '', id: document._id, rev: document._rev, deleted: false, document })),
  )
  const records = prepared.records.filter(({ status }) => status !== 'quarantined')
  await warehouse.write(async (connection) => {
    await releaseFromQuarantine(
      connection,
      records.map(({ id }) => id),
    )
    await loadBatch(connection, { feed: 'again', since: '', records, roundKeys: prepared.roundKeys })
  })
  stage.pseudonymizer.committed(prepared.roundKeys)
  return { ...counted(records), withdrawn: 0, rounds: roundsOf(records), records: records.map(({ id }) => id) }
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

async function notYetKnown(warehouse: Warehouse, changes: readonly Change[]): Promise<Fresh> {
  const living = changes.filter(({ deleted }) => !deleted)
  const entries = await warehouse.read((connection) =>
    ledgerEntries(
      connection,
      living.map(({ id }) => id),
    ),
  )
  const known = new Set(entries.map(({ id, rev }) => `${id} ${rev}`))
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
async function takeInKeptApart({ warehouse, quarantine }: Stage): Promise<void> {
  for (;;) {
    const since = await warehouse.read((connection) => feedPosition(connection, apart))
    const { changes, lastSeq } = await quarantine.changes(since, usualBatch)
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

/** From the checkpoint; from the beginning when the feed is shorter than it was (a store restored from a backup). */
async function startOfFeed(warehouse: Warehouse, inbox: InboxStore, log: IngestLog): Promise<string | null> {
  const since = await warehouse.read((connection) => feedPosition(connection, feed))
  if (since === null) return null
  const { updateSeq } = await inbox.info()
  if (Number.parseInt(updateSeq, 10) >= Number.parseInt(since, 10)) return since
  log.warn({ since, updateSeq }, 'the inbox is behind the checkpoint: reading it again from the beginning')
  return null
}

function counted(records: readonly LoadRecord[]): Omit<Counts, 'withdrawn'> {
  const of = (status: LoadRecord['status']) => records.filter((record) => record.status === status).length
  return { accepted: of('accepted'), held: of('held'), quarantined: of('quarantined') }
}

const roundsOf = (records: readonly LoadRecord[]) => [...new Set(records.flatMap(({ round }) => (round === null ? [] : [round])))]

const added = (a: Counts, b: Counts): Counts => ({
  accepted: a.accepted + b.accepted,
  held: a.held + b.held,
  quarantined: a.quarantined + b.quarantined,
  withdrawn: a.withdrawn + b.withdrawn,
})

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
