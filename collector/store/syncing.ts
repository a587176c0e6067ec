import type { SyncState } from '../phone.ts'
import type { Entry } from './entries.ts'
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
  readonly after: () => Promise<void>
}

const lastSuccessId = 'last-success'

/** Seconds after a push to look for receipts: ingest takes a moment, and the enumerator is still looking. */
const lookAgainSeconds = [3, 10, 30, 120] as const

const isOnlyHere = ({ state }: Entry) => state === 'saved' || state === 'sending' || state === 'refused'

export function createSyncing({ keep, now, parts, notify, after }: SyncingDependencies): Syncing {
  let running = false
  let trouble: string | null = null
  let lastSuccess: string | null = null
  let again = false
  let looks = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let abort = new AbortController()

  const entries = () => parts()?.finishing.ledger.known() ?? []
  const state = (): SyncState => {
    const here = entries().filter((entry) => isOnlyHere(entry)).length
    return { running, onThisPhone: here, sent: entries().length - here, lastSuccess, trouble }
  }

  const lookAgain = () => {
    const waiting = entries().some((entry) => entry.state === 'received' || isOnlyHere(entry))
    const seconds = lookAgainSeconds[looks]
    if (!waiting || seconds === undefined) return
    looks++
    clearTimeout(timer)
    timer = setTimeout(() => void once(), seconds * 1000)
  }

  const once = async (): Promise<SyncState> => {
    const open = parts()
    again ||= running
    if (!open || running) return state()
    running = true
    notify()
    try {
      const report = await open.device.sync(abort.signal)
      trouble = report.trouble
      if (trouble === null) {
        lastSuccess = new Date(now()).toISOString()
        await keep.write([['settings', lastSuccessId, lastSuccess]])
      }
      await after()
    } finally {
      running = false
      notify()
    }
    if (again) {
      // A record was finished while the last run was on its way.
      again = false
      return await once()
    }
    if (trouble === null) lookAgain()
    return state()
  }

  return {
    async open() {
      abort = new AbortController()
      lastSuccess = (await keep.get<string>('settings', lastSuccessId)) ?? null
    },
    run() {
      looks = 0
      return once()
    },
    state,
    entries,
    stop() {
      clearTimeout(timer)
      abort.abort()
    },
  }
}
