// Runs a schedule: two gateways behind one store, a consumer, backups, and phones with the real device code; all in virtual time.
import { createHash } from 'node:crypto'
import { invite } from '../../aggregator/fieldwork/invitations.ts'
import { revokeDevice } from '../../aggregator/fieldwork/devices.ts'
import { ensureFirstRound } from '../../aggregator/fieldwork/rounds.ts'
import { enrolmentLink } from '../../aggregator/fieldwork/enrolment-link.ts'
import type { KeyProvider } from '../../aggregator/custody/keys.ts'
import { rewindSafeFeed } from '../../aggregator/inbox/rewind-safe-feed.ts'
import { ProblemError } from '../../aggregator/problem.ts'
import { recordId } from '../../collector/store/record-id.ts'
import type { Device, SyncReport } from '../../collector/sync/device.ts'
import { createSealer, type Sealer } from '../../collector/vault/seal-record.ts'
import { sealingKeys } from '../../aggregator/fieldwork/seal-keys.ts'
import { createRandom, type Random } from '../simulation/random.ts'
import { memoryKeys, smallQuestionnaire } from '../contracts/test-server.ts'
import { attackWith } from './attack.ts'
import { Consumer, emptyWarehouse, type ConsumerState } from './consumer.ts'
import { openGateways, type Gateways } from './gateways.ts'
import type { Fetch } from './inject.ts'
import { ModelStore, type StoreCopy } from './model-store.ts'
import { travel, type Road } from './network.ts'
import { copyDisk, emptyDisk, Killed, openPhone, type Disk } from './phone.ts'
import type { RequestFault, Schedule, Step } from './schedule.ts'
import type { Undo } from './undo.ts'

/** A name that no store may ever hold in clear. */
export const secretName = 'MARIKIT DELACRUZ'
const publicUrl = 'http://tala.test'
const areas = [
  { code: '1', name: 'Town', level: 'municipality' as const },
  { code: '11', name: 'Village', level: 'barangay' as const, parent: '1' },
]

interface SimulatedPhone {
  disk: Disk
  id: string
  clockOffset: number
  /** What may have locked it out, other than the network. */
  mayBeLockedOut: boolean
  faults: RequestFault[]
  requests: number
  readonly cache: Map<string, Response>
}
interface Backup {
  readonly inbox: StoreCopy
  readonly quarantine: StoreCopy
  readonly office: StoreCopy
  readonly warehouse: ConsumerState
}

/** What serves every schedule of a process. */
export interface Bench {
  readonly gateways: Gateways
  readonly keys: KeyProvider
  readonly sealer: Sealer
}

export async function openBench(): Promise<Bench> {
  const keys = await memoryKeys()
  return { gateways: openGateways(keys), keys, sealer: await createSealer(smallQuestionnaire(), sealingKeys(keys)) }
}

export interface Outcome {
  readonly records: number
  /** Empty when everything held. */
  readonly violations: readonly string[]
}

export async function runSchedule(bench: Bench, schedule: Schedule, undo: ReadonlySet<Undo> = new Set()): Promise<Outcome> {
  const world = new World(bench, schedule, undo)
  await world.open()
  for (const [at, step] of schedule.steps.entries()) await world.take(step, at)
  await world.settle()
  return { records: world.saved.size, violations: world.judge() }
}

class World {
  readonly saved = new Map<string, string>()
  readonly violations: string[] = []
  private readonly inbox = new ModelStore()
  private readonly quarantine = new ModelStore()
  private readonly config = new ModelStore()
  private readonly office = new ModelStore()
  private readonly consumer: Consumer
  private readonly phones: SimulatedPhone[] = []
  private readonly random: Random
  private backup: Backup | undefined
  private time = Date.parse('2026-11-21T08:00:00Z')
  private diskFull = false
  private nodes = 3
  private dying: 'before' | 'after' | null = null
  private died = false
  private everFreed = false
  private elsewhere = new Set<string>()
  /** Accepted by a single node of a cluster: gone when the others come back. */
  private doomed: StoreCopy | undefined
  private readonly bench: Bench
  private readonly schedule: Schedule
  private readonly undo: ReadonlySet<Undo>

  constructor(bench: Bench, schedule: Schedule, undo: ReadonlySet<Undo>) {
    this.bench = bench
    this.schedule = schedule
    this.undo = undo
    this.consumer = new Consumer(undo)
    this.random = createRandom(schedule.seed ^ 0x5eed)
  }

  async open(): Promise<void> {
    const onWrite = (moment: 'before' | 'after') => {
      if (this.dying !== moment) return
      this.dying = null
      this.died = true
      throw new Error('the gateway died')
    }
    for (const store of [this.inbox, this.quarantine, this.office]) store.onWrite = onWrite
    const health = { check: () => this.checkHealth() }
    const stores = { inbox: this.inbox, quarantine: this.quarantine, config: this.config, office: this.office, health }
    this.bench.gateways.use({ stores, receipts: this.consumer, now: () => new Date(this.time), undo: this.undo })
    await this.openOffice()
    for (let at = 0; at < this.schedule.phones; at += 1) {
      this.phones.push({ disk: emptyDisk(), id: '', clockOffset: 0, mayBeLockedOut: false, faults: [], requests: 0, cache: new Map() })
      await this.enrol(at)
    }
  }

  private async openOffice(): Promise<void> {
    await ensureFirstRound(this.office, this.config, { questionnaire: smallQuestionnaire(), areas, today: new Date(this.time) })
  }

  private checkHealth(): Promise<void> {
    if (this.diskFull) return Promise.reject(new ProblemError('storage-full', 'Send again later.'))
    return Promise.resolve()
  }

  async take(step: Step, at: number): Promise<void> {
    try {
      await this.act(step)
    } catch (error) {
      if (!(error instanceof Killed)) this.violations.push(`step ${at} (${step.do}) broke: ${String(error)}`)
    }
    // What is still under way (the failure log) belongs to this step.
    await new Promise<void>((resolve) => setImmediate(resolve))
    this.time += 1000
  }

  private async act(step: Step): Promise<void> {
    switch (step.do) {
      case 'interview':
        return this.interview(step.phone, step.count, step.elsewhere === true)
      case 'sync':
        await this.sync(step.phone, step.faults, step.killAt ?? null)
        return
      case 'free': {
        await this.app(step.phone, step.killAt ?? null).free()
        return
      }
      case 'ingest':
        await this.ingest(step.limit, step.dies)
        return
      case 'replay':
        // A cluster hands out changes again that were read before.
        this.consumer.state = { ...this.consumer.state, since: null }
        return
      case 'backup':
        return this.makeBackup()
      case 'restore':
        return this.restore(step.what)
      case 'restart':
        return this.bench.gateways.restart(step.gateway)
      case 'disk':
        this.diskFull = step.full
        return
      case 'cluster':
        return this.setNodes(step.nodes)
      case 'pass':
        this.time += step.minutes * 60_000
        if (step.minutes >= 60 * 24 * 90) for (const phone of this.phones) phone.mayBeLockedOut = true
        return
      case 'clock':
        this.phone(step.phone).clockOffset = Date.UTC(step.year, 0, 1) - this.time
        return
      case 'revoke':
        this.phone(step.phone).mayBeLockedOut = true
        await revokeDevice(this.office, this.phone(step.phone).id, 'lost', new Date(this.time)).catch(ignoreUnknown)
        return
      case 'invite':
        return this.enrol(step.phone)
      case 'clone':
        return this.clone(step.phone)
      case 'attack': {
        const stored = await this.inbox.revisionsOf([...this.saved.keys()])
        await attackWith(step.how, (path, body) => this.asPhone(step.phone, path, body), this.phone(step.phone).id, [...stored.keys()])
        return
      }
      default:
        return step satisfies never
    }
  }

  private phone(at: number): SimulatedPhone {
    const phone = this.phones[at]
    if (!phone) throw new RangeError(`no phone ${at}`)
    return phone
  }

  private app(at: number, killAt: number | null = null): Device {
    const phone = this.phone(at)
    return openPhone(
      phone.disk,
      {
        fetch: this.roadOf(phone),
        now: () => this.time + phone.clockOffset,
        pass: (ms) => {
          this.time += ms
        },
        chance: () => this.random.next(),
        freeing: (ids) => this.checkFreeing(ids),
        realPouch: this.schedule.realPouch === true,
      },
      killAt,
    )
  }

  private roadOf(phone: SimulatedPhone): Fetch {
    const road: Road = {
      deliver: (input, options) => this.deliver(addressOf(input), options ?? {}),
      pass: (ms) => {
        this.time += ms
      },
      cache: phone.cache,
      dieAt: (moment) => {
        this.dying = moment
      },
    }
    return async (input, options = {}) => {
      const url = addressOf(input)
      const at = phone.requests
      phone.requests += 1
      const found = phone.faults.findIndex((each) => each.at <= at && (each.path === undefined ? each.at === at : url.includes(each.path)))
      const [hit] = found < 0 ? [] : phone.faults.splice(found, 1)
      return this.withoutSafeguards(url, options, await travel(road, hit?.fault, url, options))
    }
  }

  /** What an app without a safeguard would have made of the answer. */
  private async withoutSafeguards(url: string, options: RequestInit, response: Response): Promise<Response> {
    if (!url.endsWith('/device/receipts') || !response.ok) return response
    const naive = this.undo.has('only-receipts-prove')
    if (!naive && !this.undo.has('receipts-ask-again')) return response
    const answer = (await response
      .clone()
      .json()
      .catch(() => undefined)) as { receipts?: object[]; resend?: string[] } | undefined
    if (!answer?.receipts) return response
    if (!naive) return Response.json({ ...answer, resend: [] })
    const text = await textOf(options)
    const asked = (JSON.parse(text) as { unreceipted: { id: string; sha256: string }[] }).unreceipted
    const believed = asked.map(({ id, sha256 }) => ({
      schema: 'receipt/1',
      id,
      sha256,
      status: 'accepted',
      reasons: [],
      seq: 1,
      backedUp: true,
    }))
    return Response.json({ ...answer, receipts: believed, resend: [] })
  }

  private async deliver(url: string, options: RequestInit): Promise<Response> {
    const gateway = this.random.whole(0, 1)
    const fetch = this.bench.gateways.fetch[gateway === 0 ? 0 : 1]
    const response = await fetch(url, options)
    if (!this.died) return response
    this.died = false
    this.bench.gateways.restart(gateway)
    throw new TypeError('fetch failed')
  }

  private async interview(at: number, count: number, elsewhere: boolean): Promise<void> {
    const phone = this.phone(at)
    const app = this.app(at)
    for (let made = 0; made < count; made += 1) {
      const id = recordId(phone.id, this.time + phone.clockOffset, (length) => Uint8Array.from({ length }, () => this.random.whole(0, 255)))
      const record = await this.bench.sealer.seal(this.plain(id, elsewhere), {
        schema: 'identity/1',
        id,
        answers: { name: secretName },
        rows: {},
      })
      await app.put(record)
      this.saved.set(id, record.sha256)
      if (elsewhere) this.elsewhere.add(id)
    }
  }

  private plain(id: string, elsewhere: boolean): Parameters<Sealer['seal']>[0] {
    const day = new Date(this.time).toISOString()
    const { id: questionnaire, version, sha256 } = smallQuestionnaire()
    return {
      schema: 'interview/1',
      id,
      kind: 'interview',
      round: '2026-11',
      area: elsewhere ? '99' : '11',
      questionnaire: { id: questionnaire, version, sha256 },
      device: id.split(':')[1] ?? '',
      started: day,
      finished: day,
      mode: 'face-to-face',
      language: 'en',
      consent: { purposes: { interview: true }, version, language: 'en' },
      answers: { A01: 1, remark: secretName },
      pruned: [],
      overrides: [],
      paradata: { secondsByQuestion: {}, edits: 0, interruptions: 0, appVersion: 'simulated' },
    } as unknown as Parameters<Sealer['seal']>[0]
  }

  private async sync(at: number, faults: readonly RequestFault[], killAt: number | null): Promise<SyncReport> {
    const phone = this.phone(at)
    phone.faults = [...faults]
    phone.requests = 0
    const report = await this.app(at, killAt).sync()
    const lockedOut = report.trouble === 'sync.revoked'
    if (lockedOut && !phone.mayBeLockedOut) this.violations.push(`phone ${at} was locked out by the network alone`)
    return report
  }

  private feed() {
    return this.undo.has('feed-notices-rewinding') ? shrinkingOnly(this.inbox) : rewindSafeFeed(this.inbox)
  }

  private ingest(limit: number, dies?: 'before-commit' | 'after-commit'): Promise<boolean> {
    return this.consumer.run(this.feed(), limit, dies)
  }

  private makeBackup(): void {
    this.consumer.markBackedUp()
    this.backup = {
      inbox: this.inbox.copy(),
      quarantine: this.quarantine.copy(),
      office: this.office.copy(),
      warehouse: this.consumer.state,
    }
  }

  private async restore(what: (Step & { do: 'restore' })['what']): Promise<void> {
    if (what === 'nothing-left') {
      // Only an office that never had a backup may lose everything: otherwise what phones let go of is in it.
      if (this.backup || this.everFreed) return
      const empty = new ModelStore().copy()
      for (const store of [this.inbox, this.quarantine, this.office, this.config]) store.putBack(empty)
      this.consumer.state = emptyWarehouse
      await this.openOffice()
    } else {
      const { backup } = this
      if (!backup) return
      if (what === 'all' || what === 'inbox') {
        this.inbox.putBack(backup.inbox)
        this.quarantine.putBack(backup.quarantine)
      }
      if (what === 'all' || what === 'warehouse') this.consumer.state = backup.warehouse
      if (what === 'all' || what === 'office') this.office.putBack(backup.office)
    }
    // A phone that was enrolled or renewed since is unknown to a restored office.
    if (what !== 'inbox' && what !== 'warehouse') for (const phone of this.phones) phone.mayBeLockedOut = true
    for (const gateway of [0, 1]) this.bench.gateways.restart(gateway)
  }

  private setNodes(nodes: number): void {
    // A write that only one node of three took is gone when the other two come back without it.
    if (this.nodes > 1 && nodes === 1) this.doomed = this.inbox.copy()
    if (this.nodes === 1 && nodes > 1 && this.doomed) {
      this.inbox.putBack(this.doomed)
      this.doomed = undefined
    }
    this.nodes = nodes
  }

  private async clone(at: number): Promise<void> {
    if (this.phones.length >= 5 || this.schedule.realPouch) return
    const phone = this.phone(at)
    phone.mayBeLockedOut = true
    this.phones.push({ ...phone, disk: await copyDisk(phone.disk), faults: [], requests: 0, cache: new Map() })
  }

  /** A new invitation: for a new phone, or for the same one after it was locked out. */
  private async enrol(at: number): Promise<void> {
    const phone = this.phone(at)
    const again = phone.id === '' ? {} : { device: phone.id, areas: ['1'] }
    if (phone.id !== '') for (const each of this.phones) if (each.id === phone.id) each.mayBeLockedOut = true
    const { code } = await invite(this.office, again, new Date(this.time))
    phone.faults = []
    const enrolment = await this.app(at).enrol(enrolmentLink(publicUrl, code))
    phone.id = enrolment.deviceId
    if (!this.schedule.realPouch) {
      const questionnaire = smallQuestionnaire()
      await phone.disk.keep.write([['questionnaires', `${questionnaire.id}:${questionnaire.version}`, questionnaire]])
    }
  }

  private async asPhone(at: number, path: string, body: unknown): Promise<Response> {
    const app = this.phone(at)
    let token = ''
    const spy: Fetch = async (input, options) => {
      token = new Headers(options?.headers).get('authorization') ?? token
      return this.deliver(addressOf(input), options ?? {})
    }
    const device = openPhone(app.disk, {
      fetch: spy,
      now: () => this.time + app.clockOffset,
      pass: () => {},
      chance: () => 0.5,
      freeing: () => {},
      realPouch: false,
    })
    await device.sync()
    const headers = { authorization: token, 'content-type': 'application/json' }
    return this.deliver(`${publicUrl}${path}`, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) })
  }

  private checkFreeing(ids: readonly string[]): void {
    this.everFreed = true
    const backed = new Set(this.backup?.warehouse.rows.map(({ id }) => id) ?? [])
    const loaded = new Set(this.consumer.state.rows.map(({ id }) => id))
    for (const id of ids) if (!backed.has(id) || !loaded.has(id)) this.violations.push('a phone let go of a record that was not safe')
  }

  /** The network heals, the office helps every phone, and everything gets time: then nothing may be missing. */
  async settle(): Promise<void> {
    this.diskFull = false
    this.setNodes(3)
    for (const phone of this.phones) phone.clockOffset = 0
    for (let round = 0; round < 8; round += 1) {
      for (const at of this.phones.keys()) await this.settlePhone(at)
      while (await this.ingest(1000)) if (this.undo.has('rows-are-checked-against-the-ledger')) break
      this.makeBackup()
      const done = this.phones.every(({ disk }) =>
        [...disk.entries.values()].every(({ state, id }) => state === 'accepted' || this.elsewhere.has(id)),
      )
      if (done && round > 0) break
      this.time += 7 * 3_600_000
    }
    for (const at of this.phones.keys()) {
      await this.settlePhone(at)
      await this.app(at)
        .free()
        .catch((error: unknown) => this.violations.push(`freeing broke: ${String(error)}`))
    }
  }

  private async settlePhone(at: number): Promise<void> {
    try {
      const report = await this.sync(at, [], null)
      if (report.trouble === null) return
      if (report.trouble === 'sync.revoked' || report.trouble === 'sync.token-expired') await this.enrol(at)
      await this.sync(at, [], null)
    } catch (error) {
      this.violations.push(`settling broke: ${String(error)}`)
    }
  }

  judge(): readonly string[] {
    const counted = new Map<string, string[]>()
    for (const { id, sha256 } of this.consumer.state.rows) counted.set(id, [...(counted.get(id) ?? []), sha256])
    const found: string[] = [...this.violations]
    for (const [id, sha256] of this.saved) {
      const rows = counted.get(id) ?? []
      if (this.elsewhere.has(id)) {
        if (rows.length > 0) found.push('a record of a foreign area was counted without a supervisor')
        continue
      }
      if (rows.length === 0) found.push('a record that was seen as saved is not counted')
      else if (rows.length > 1) found.push('a record is counted more than once')
      else if (rows[0] !== sha256) found.push('a record is counted with other content')
    }
    for (const id of counted.keys()) if (!this.saved.has(id)) found.push('a record is counted that no phone made')
    for (const { disk } of this.phones) {
      for (const { id, state } of disk.entries.values()) {
        if (state === 'accepted' && !counted.has(id)) found.push('a phone was told accepted for a record that is not counted')
        if (state !== 'accepted' && !this.elsewhere.has(id)) found.push(`a record stays ${state} for ever`)
        if (this.elsewhere.has(id) && state !== 'held') found.push(`a record that was kept apart is shown as ${state}`)
      }
    }
    const bytes = [this.inbox, this.quarantine, this.office, this.config].map((store) => store.bytes()).join('\n')
    for (const form of [
      secretName,
      Buffer.from(secretName).toString('base64').slice(0, 16),
      createHash('sha256').update(secretName).digest('hex'),
    ]) {
      if (bytes.includes(form)) found.push('a store holds a name in clear')
    }
    if (bytes.includes('forged')) found.push('a store holds a forged document')
    return [...new Set(found)]
  }
}

/** The reader's position compared by number only, as a simple consumer would. */
function shrinkingOnly(store: ModelStore): Pick<ModelStore, 'changes'> {
  return {
    changes: async (since, limit) => {
      const { updateSeq } = await store.info()
      return store.changes(since !== null && Number(since) > Number(updateSeq) ? null : since, limit)
    },
  }
}

const addressOf = (input: Parameters<Fetch>[0]) => (input instanceof Request ? input.url : input.toString())

async function textOf({ body }: RequestInit): Promise<string> {
  if (typeof body === 'string') return body
  const bytes = new Uint8Array(body as ArrayBuffer)
  const { gunzipSync } = await import('node:zlib')
  return new TextDecoder().decode(bytes[0] === 0x1f ? gunzipSync(bytes) : bytes)
}

function ignoreUnknown(error: unknown): void {
  if (!(error instanceof ProblemError && error.type === 'device-unknown')) throw error
}
