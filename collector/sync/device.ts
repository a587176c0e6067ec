import type { Receipt, SealedRecord } from '../../schemas/generated/records.ts'
import type { Kind } from '../../schemas/interview/interview.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { type Entry, type Ledger, safeIds } from '../store/entries.ts'
import type { Keep } from '../store/keep.ts'
import { openOutbox, type Outbox } from '../store/outbox.ts'
import type { OpenPouch } from '../store/pouch.ts'
import { type BackOff, patiently } from './back-off.ts'
import { pullQuestionnaire, questionnaireKey } from './config-pull.ts'
import { enrol, type Enrolment, openTokens, post, readEnrolment } from './enrolment.ts'
import { type ItemShelf, pullManifest } from './manifest.ts'
import { batchSize, missingAt, mostDirect, packRecords, pushDirectly, type Refusal } from './push.ts'
import { afterReceipts, askReceipts, isUrgent, toAskAbout } from './receipts.ts'
import { asSyncError, askJson, type Fetch, sturdyFetch, SyncError, troubleOf, type SyncTrouble, timeoutMs } from './request.ts'

/** Everything a device touches, so that the same code runs on a phone, in a simulation and under a fault harness. */
export interface DeviceEnvironment {
  readonly fetch: Fetch
  readonly keep: Keep
  readonly pouch: OpenPouch
  readonly ledger: Ledger
  readonly items: ItemShelf
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly backOff: BackOff
  /** Longest wait for one answer, in milliseconds. */
  readonly timeoutMs?: number
  /** How many records still go without asking what is missing; `mostDirect` when absent. */
  readonly mostDirect?: number
}

export interface SyncReport {
  /** null when everything that could be done was done. */
  readonly trouble: SyncTrouble | null
  /** Records answered as written in this run; proves nothing by itself. */
  readonly pushed: number
  readonly refused: readonly Refusal[]
  /** How many records are in which state now. */
  readonly states: Readonly<Partial<Record<Entry['state'], number>>>
  readonly requests: number
  /** True when round, keys, assignments or comments changed. */
  readonly news: boolean
}

export interface Device {
  enrolment(): Promise<Enrolment | undefined>
  /** @throws SyncError. */
  enrol(link: string): Promise<Enrolment>
  /** The questionnaire of the round, once a sync has brought it. */
  questionnaire(): Promise<Questionnaire | undefined>
  /** Puts a sealed record into the outbox; repeating it after an interruption changes nothing. */
  put(record: SealedRecord, about?: { readonly label?: string; readonly withdrawalCode?: string }): Promise<Entry>
  entries(): Promise<readonly Entry[]>
  /** One round of sync: push, receipts, resend, manifest, questionnaires. Never throws for a network's sake: see `trouble`. */
  sync(signal?: AbortSignal): Promise<SyncReport>
  /** Frees every outbox whose records are all safe. @returns how many. */
  free(): Promise<number>
  /** The body of a GET below the server's address. @throws SyncError. */
  bytes(path: string): Promise<Uint8Array>
  readonly outbox: Outbox
  /** One question of this device to its server. @throws SyncError. */
  ask(path: string, body: unknown): Promise<unknown>
  /** Milliseconds that this device's clock is ahead of the server's, by the last answer. */
  clockAheadMs(): number | null
  close(): Promise<void>
}

const sinceId = 'receipts-since'
const askedId = 'receipts-asked'
/** How often to ask only whether accepted records are backed up by now. */
const backupQuestionMs = 6 * 3_600_000

export function createDevice(environment: DeviceEnvironment): Device {
  const { keep, pouch, ledger, items, now, backOff } = environment
  const outbox = openOutbox({ keep, pouch, now })
  const instant = () => new Date(now()).toISOString()
  let requests = 0
  let clockAheadMs: number | null = null
  const answered = (response: Response) => {
    const date = Date.parse(response.headers.get('Date') ?? '')
    if (Number.isFinite(date)) clockAheadMs = now() - date
  }
  const plainFetch = (signal?: AbortSignal) =>
    sturdyFetch(environment.fetch, { signal, sent: () => requests++, answered, limitMs: environment.timeoutMs ?? timeoutMs })
  const tokens = openTokens(keep, plainFetch(), now)

  /** Adds the access token; renews it once when the server no longer takes it. */
  const authorized = (signal?: AbortSignal): Fetch => {
    const fetch = plainFetch(signal)
    const send: Fetch = async (input, options = {}) => {
      const headers = new Headers(options.headers)
      headers.set('Authorization', `Bearer ${await tokens.access()}`)
      return await fetch(input, { ...options, headers })
    }
    return async (input, options) => {
      const response = await send(input, options)
      if (response.status !== 401) return response
      tokens.forget()
      return await send(input, options)
    }
  }

  type Sent = Pick<SyncReport, 'pushed' | 'refused'>
  const mark = (entries: readonly Entry[], change: Partial<Entry>) =>
    ledger.put(entries.map((entry) => ({ ...entry, ...change, updated: instant() })))

  /** A batch as it goes: those entries whose records are here, and the body of the request. */
  const packBatch = async (entries: readonly Entry[]) => {
    const found = await outbox.find(
      entries.map(({ id }) => id),
      new Set(entries.map((entry) => entry.outbox)),
    )
    const here = new Set(found.map(({ record }) => record._id))
    return { going: entries.filter(({ id }) => here.has(id)), body: await packRecords(found.map(({ record }) => record)) }
  }

  /** Sends one batch. What was answered as written stays `sending` until a receipt proves it. */
  const pushBatch = async (fetch: Fetch, inboxUrl: string, { going, body }: Awaited<ReturnType<typeof packBatch>>): Promise<Sent> => {
    if (going.length === 0) return { pushed: 0, refused: [] }
    await mark(going, { state: 'sending' })
    const refused = await patiently(backOff, () => pushDirectly(fetch, inboxUrl, body)).catch(async (error: unknown) => {
      // Perhaps it arrived, perhaps not: until a receipt says so it is only here.
      await mark(going, { state: 'saved' })
      throw error
    })
    for (const { id, reason } of refused)
      await mark(
        going.filter((entry) => entry.id === id),
        { state: 'refused', reasons: [{ code: reason }] },
      )
    return { pushed: going.length - refused.length, refused }
  }

  /** One batch after the other: a broken connection costs one of them, and what went before is not sent again. */
  const pushInBatches = async (fetch: Fetch, inboxUrl: string, entries: readonly Entry[]): Promise<Sent> => {
    const refused: Refusal[] = []
    let pushed = 0
    let packed = packBatch(entries.slice(0, batchSize))
    for (let at = 0; at < entries.length; at += batchSize) {
      const batch = await packed
      // While the server writes this one, the next is read and packed.
      packed = packBatch(entries.slice(at + batchSize, at + 2 * batchSize))
      packed.catch(() => {})
      const sent = await pushBatch(fetch, inboxUrl, batch)
      pushed += sent.pushed
      refused.push(...sent.refused)
    }
    return { pushed, refused }
  }

  const push = async (fetch: Fetch, inboxUrl: string, entries: readonly Entry[]): Promise<Sent> => {
    if (entries.length <= (environment.mostDirect ?? mostDirect)) return await pushInBatches(fetch, inboxUrl, entries)
    const missing = await patiently(backOff, () => missingAt(fetch, inboxUrl, entries))
    const going = new Set(missing)
    await mark(
      entries.filter((entry) => !going.has(entry)),
      { state: 'sending' },
    )
    return await pushInBatches(fetch, inboxUrl, missing)
  }

  const receive = async (fetch: Fetch, publicUrl: string): Promise<readonly string[]> => {
    const all = await ledger.all()
    const asked = toAskAbout(all)
    const last = (await keep.get<number>('settings', askedId)) ?? 0
    if (asked.length === 0 || (!isUrgent(all) && Math.abs(now() - last) < backupQuestionMs)) return []
    const since = (await keep.get<number>('settings', sinceId)) ?? 0
    const answer = await patiently(backOff, () => askReceipts(fetch, publicUrl, since, asked))
    await ledger.put(afterReceipts(all, asked, answer, instant()))
    // After the entries: a receipt that was not kept is asked for again.
    await keep.write([
      ['settings', sinceId, answer.next],
      ['settings', askedId, now()],
    ])
    return answer.resend
  }

  const road = async (signal: AbortSignal | undefined) => {
    const enrolment = await readEnrolment(keep)
    if (!enrolment) throw new SyncError('sync.token-expired')
    // Without any network not one record is read and marked: with a thousand that wait, each finished interview would cost seconds.
    if ((globalThis as { readonly navigator?: { readonly onLine?: boolean } }).navigator?.onLine === false)
      throw new SyncError('sync.offline')
    const fetch = authorized(signal)
    const { publicUrl } = enrolment
    // What was answered as written before the run was cut is asked about, not sent again.
    const waiting = (await ledger.all()).filter(({ state }) => state === 'saved')
    const inboxUrl = `${publicUrl}/sync/v1/inbox`
    const sent = await push(fetch, inboxUrl, waiting)
    const resend = new Set(await receive(fetch, publicUrl))
    if (resend.size > 0) {
      // The server never saw these although someone answered for it: straight to the store, without asking.
      const lost = (await ledger.all()).filter(({ id }) => resend.has(id))
      await pushInBatches(fetch, inboxUrl, lost)
      await receive(fetch, publicUrl)
    }
    const changed = await patiently(backOff, () => pullManifest(keep, items, fetch, publicUrl))
    const round = (await readEnrolment(keep))?.round
    if (round) await patiently(backOff, () => pullQuestionnaire(keep, fetch, publicUrl, round.questionnaire))
    return { ...sent, news: changed.length > 0 }
  }

  const report = async (outcome: Pick<SyncReport, 'trouble' | 'pushed' | 'refused' | 'news'>): Promise<SyncReport> => {
    const states: Partial<Record<Entry['state'], number>> = {}
    for (const { state } of await ledger.all()) states[state] = (states[state] ?? 0) + 1
    return { ...outcome, states, requests }
  }

  let running: Promise<SyncReport> | undefined
  const syncOnce = async (signal: AbortSignal | undefined): Promise<SyncReport> => {
    requests = 0
    try {
      return await report({ trouble: null, ...(await road(signal)) })
    } catch (error) {
      if (!(error instanceof SyncError)) throw error
      return await report({ trouble: error.code, pushed: 0, refused: [], news: false })
    }
  }

  return {
    outbox,
    async ask(path, body) {
      const enrolment = await readEnrolment(keep)
      if (!enrolment) throw new SyncError('sync.token-expired')
      return await askJson(authorized(), `${enrolment.publicUrl}${path}`, post(body))
    },
    clockAheadMs: () => clockAheadMs,
    enrolment: () => readEnrolment(keep),
    enrol: (link) => enrol(keep, plainFetch(), link, now()),
    async questionnaire() {
      const round = (await readEnrolment(keep))?.round
      return round && (await keep.get<Questionnaire>('questionnaires', questionnaireKey(round.questionnaire)))
    },
    async bytes(path) {
      const enrolment = await readEnrolment(keep)
      if (!enrolment) throw new SyncError('sync.token-expired')
      const response = await authorized()(`${enrolment.publicUrl}${path}`, {}).catch((error: unknown) => {
        throw asSyncError(error)
      })
      if (!response.ok) throw troubleOf(response, await response.json().catch(() => undefined))
      return new Uint8Array(await response.arrayBuffer())
    },
    async put(record, { label = '', withdrawalCode } = {}) {
      const stored = await outbox.put(record)
      const known = (await ledger.all()).find(({ id }) => id === record._id)
      if (known) return known
      const entry = entryOf(stored.record, stored.outbox, instant(), label, withdrawalCode)
      await ledger.put([entry])
      return entry
    },
    entries: () => ledger.all(),
    sync(signal) {
      running ??= syncOnce(signal).finally(() => (running = undefined))
      return running
    },
    async free() {
      const safe = safeIds(await ledger.all())
      let freed = 0
      for (const name of await outbox.names()) if (await outbox.destroyIf(name, (ids) => ids.every((id) => safe.has(id)))) freed++
      return freed
    },
    close: () => outbox.close(),
  }
}

/** The summary line of a record that was just written. */
export function entryOf(record: SealedRecord, outbox: string, now: string, label: string, withdrawalCode?: string): Entry {
  const reasons: Receipt['reasons'] = []
  const kind: Kind = record.kind
  return {
    id: record._id,
    kind,
    ...(record.replaces !== undefined && { replaces: record.replaces }),
    sha256: record.sha256,
    state: 'saved',
    reasons,
    outbox,
    backedUp: false,
    label,
    area: record.area,
    updated: now,
    ...(withdrawalCode !== undefined && { withdrawalCode }),
  }
}
