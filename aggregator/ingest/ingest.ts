import { setTimeout } from 'node:timers/promises'
import { createMarks } from '../custody/marks.ts'
import type { InboxStore } from '../inbox/store.ts'
import { ProblemError } from '../problem.ts'
import { feedPosition } from '../warehouse/ledger.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'
import { finishWithdrawals } from './finish-withdrawals.ts'
import { ruleFollower } from './follow-rules.ts'
import { createPseudonymizer } from './pseudonymize.ts'
import type { IngestDependencies, IngestLog, Stage } from './stage.ts'
import { type Commit, type Counts, feed, makeReady, type Ready, takeIn, takeInAgain, takeInKeptApart } from './take-in.ts'
import { createWorkshop } from './workshop.ts'

export type { IngestDependencies, IngestLog } from './stage.ts'
export type { Commit, Counts } from './take-in.ts'

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

const nothing: Counts = { accepted: 0, held: 0, quarantined: 0, withdrawn: 0 }
/** Measured: below 1,000 the commit dominates, above 5,000 nothing is gained; 4,000 are in the tables within a second. */
const usualBatch = 4_000
/** While following: a transaction costs much the same for ten records as for hundreds, so fewer than these are the last for some ms. */
const fewChanges = 1_000
const restMs = 250
/** After a failure of store or warehouse, in ms. */
const retryAfterMs = 5_000

/** Opens, checks, pseudonymizes and loads sealed records, each exactly once, whatever is killed or replayed. */
export function createIngest(dependencies: IngestDependencies): Ingest {
  const { inbox, warehouse, keys, log, batchSize = usualBatch } = dependencies
  const marks = createMarks(keys)
  const pseudonymizer = createPseudonymizer(keys, warehouse)
  const workshop = createWorkshop({ ...dependencies, marks, pseudonymizer }, dependencies.threads)
  const stage: Stage = {
    ...dependencies,
    marks,
    pseudonymizer,
    workshop,
    followRules: ruleFollower(dependencies),
  }
  const listeners = new Set<(commit: Commit) => void>()
  const stopping = new AbortController()
  let turn: Promise<unknown> = Promise.resolve()

  const read = async (since: string | null, inFlight: Ready['records']): Promise<Ready | null> => {
    const { changes, lastSeq } = await inbox.changes(since, batchSize)
    return changes.length === 0 ? null : makeReady(stage, changes, lastSeq, inFlight)
  }
  const drain = async ({ untilFew }: { readonly untilFew: boolean }): Promise<Counts> => {
    let total = nothing
    workshop.forgetRounds()
    await takeInKeptApart(stage)
    let since = await startOfFeed(warehouse, inbox, log)
    let before = null as Ready | null
    // One batch is opened and judged while the one before it is being committed; more would only take memory.
    for (;;) {
      // Less than a batch was all there was.
      const isLast = stopping.signal.aborted || (untilFew && before !== null && before.changes < Math.min(fewChanges, batchSize))
      const ahead: Promise<Ready | null> | null = isLast ? null : read(since, before?.records ?? [])
      const [ready, taken]: [Ready | null, Commit | null] = await Promise.all([ahead, before && takeIn(stage, before)])
      if (taken) {
        total = added(total, taken)
        for (const listener of listeners) listener(taken)
        log.info({ accepted: taken.accepted, held: taken.held, quarantined: taken.quarantined }, 'records taken in')
      }
      if (!ready) break
      since = ready.since
      before = ready
    }
    const erased = await finishWithdrawals(dependencies)
    if (erased > 0) log.info({ records: erased }, 'withdrawn records erased')
    return total
  }
  const again = async (): Promise<Counts> => {
    workshop.forgetRounds()
    const taken = await takeInAgain(stage)
    if (!taken) return nothing
    for (const listener of listeners) listener(taken)
    return taken
  }
  // One consumer at a time: a second would read the same position.
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const next = turn.then(work)
    turn = next.catch(() => undefined)
    return next
  }
  const followOn = async () => {
    // A new start may bring what was missing: a published questionnaire, a restored key, a repaired program.
    await inTurn(again).catch((error: unknown) => log.error(whereOf(error), 'records that wait could not be tried again'))
    while (!stopping.signal.aborted) {
      try {
        await inTurn(() => drain({ untilFew: true }))
        await pause(restMs, stopping.signal)
        await inbox.waitForChange(stopping.signal)
      } catch (error) {
        log.error(whereOf(error), 'taking in failed; nothing is lost, it is tried again')
        await pause(retryAfterMs, stopping.signal)
      }
    }
  }
  let following: Promise<void> = Promise.resolve()
  return {
    once: () => inTurn(() => drain({ untilFew: false })),
    retry: () => inTurn(again),
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

/** From the checkpoint; from the beginning when the feed is shorter than it was (a store restored from a backup). */
async function startOfFeed(warehouse: Warehouse, inbox: InboxStore, log: IngestLog): Promise<string | null> {
  const since = await warehouse.read((connection) => feedPosition(connection, feed))
  if (since === null) return null
  const { updateSeq } = await inbox.info()
  if (Number.parseInt(updateSeq, 10) >= Number.parseInt(since, 10)) return since
  log.warn({ since, updateSeq }, 'the inbox is behind the checkpoint: reading it again from the beginning')
  return null
}

const added = (a: Counts, b: Counts): Counts => ({
  accepted: a.accepted + b.accepted,
  held: a.held + b.held,
  quarantined: a.quarantined + b.quarantined,
  withdrawn: a.withdrawn + b.withdrawn,
})

/** Where something failed, without its message: a database quotes the value it could not take. */
function whereOf(error: unknown): { readonly kind: string; readonly at: readonly string[] } {
  const kind = error instanceof ProblemError ? error.type : error instanceof Error ? error.name : typeof error
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : []
  return { kind, at: lines.filter((line) => /^\s+at /.test(line)).map((line) => line.trim()) }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> => setTimeout(ms, undefined, { signal }).catch(() => undefined)
