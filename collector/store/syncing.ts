import type { SyncState } from '../phone.ts'
import type { Entry } from './entries.ts'
import { KeepError } from './indexed-db-keep.ts'
import type { Keep } from './keep.ts'
import type { OpenParts } from './phone-parts.ts'

/** When the screens' sync runs, and what they may say about it. */
export interface Syncing {
  /** Reads what is remembered of earlier syncs. */
  open(): Promise<void>
  run(): Promise<SyncState>
  state(): SyncState
  entries(): readonly Entry[]
  stop(): void
}

interface SyncingDependencies {
  readonly keep: Keep
  readonly now: () => number
  readonly parts: () => OpenParts | undefined
  readonly notify: () => void
  readonly after: (trouble: string | null) => Promise<void>
}

const lastSuccessId = 'last-success'

/** Seconds after a push to look for receipts: ingest takes a moment, and the enumerator is still looking. */
const lookAgainSeconds = [3, 10, 30, 120] as const

/** A full or broken store has its own words; anything else is ours to repair, and sending goes on later. */
const troubleOf = (error: unknown): string =>
  error instanceof KeepError ? (error.code === 'full' ? 'phone.storage-full' : 'phone.storage-broken') : 'sync.other'

const isOnlyHere = ({ state }: Entry) => state === 'saved' || state === 'sending' || state === 'refused'

export function createSyncing({ keep, now, parts, notify, after }: SyncingDependencies): Syncing {
  let running: Promise<SyncState> | undefined
  let trouble: string | null = null
  let lastSuccess: string | null = null
  let again = false
  let looks = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let abort = new AbortController()

  const entries = () => parts()?.finishing.ledger.known() ?? []
  const state = (): SyncState => {
    const here = entries().filter((entry) => isOnlyHere(entry)).length
    return { running: running !== undefined, onThisPhone: here, sent: entries().length - here, lastSuccess, trouble }
  }

  const lookAgain = () => {
    const waiting = entries().some((entry) => entry.state === 'received' || isOnlyHere(entry))
    const seconds = lookAgainSeconds[looks]
    if (!waiting || seconds === undefined) return
    looks++
    clearTimeout(timer)
    timer = setTimeout(() => void start(), seconds * 1000)
  }

  const once = async (open: OpenParts): Promise<void> => {
    const report = await open.device.sync(abort.signal)
    trouble = report.trouble
    if (trouble === null) {
      lastSuccess = new Date(now()).toISOString()
      await keep.write([['settings', lastSuccessId, lastSuccess]])
    }
    await after(trouble)
  }

  const untilNothingNew = async (): Promise<SyncState> => {
    notify()
    try {
      do {
        // A record that is finished while a run is on its way gets a run of its own.
        again = false
        const open = parts()
        if (open) await once(open)
      } while (again)
    } catch (error) {
      // Locked in the middle of it: what was under way ends quietly, and the next run finds everything as it was.
      if (parts() !== undefined) trouble = troubleOf(error)
    } finally {
      running = undefined
      notify()
    }
    if (trouble === null) lookAgain()
    return state()
  }

  const start = (): Promise<SyncState> => {
    again = running !== undefined
    running ??= untilNothingNew()
    return running
  }

  return {
    async open() {
      abort = new AbortController()
      lastSuccess = (await keep.get<string>('settings', lastSuccessId)) ?? null
    },
    run() {
      looks = 0
      return start()
    },
    state,
    entries,
    stop() {
      clearTimeout(timer)
      abort.abort()
    },
  }
}
