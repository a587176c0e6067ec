import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FieldServer, openFieldServer } from '../../collector/sync/field-server.ts'
import { smallQuestionnaire } from '../../schemas/sealing/small-questionnaire.ts'
import { type BrowserPhone, browserPhone } from './browser-phone.ts'
import { buildPage } from './build-page.ts'
import { findReadable } from './forensics.ts'
import { everythingFound } from './found.ts'
import { die, type Moment, moments, type Stage } from './moments.ts'
import type { Said, Shown } from './page/enumerator.ts'
import { seededRandom } from './page/seeded.ts'

export interface SurvivalReport {
  schedules: number
  /** How many of the schedules really ended in a kill before the enumerator was done. */
  killed: number
  answers_shown_saved: number
  answers_found: number
  readable_hits: number
  /** Finished interviews that the server has not exactly once. */
  records_wrong: number
}

/** How often each moment was met with the enumerator at work, and how often the app changed its version. */
export type Met = Partial<Record<Moment | 'new version', number>>

/** Long enough that no time stamp of the browser holds it by chance. */
export const pin = '482915730641'
const secrets = { name: 'Amihan Dimaculangan', home: '17-B Sampaguita', pin }

/** Phones are worn out together: this many schedules happen to one browser profile before its records are counted. */
const perProfile = 20
/** Reading a whole profile costs more than a kill; what was written stays for longer than this. */
const searchedEvery = 4
const versions = ['1.0.0', '1.1.0'] as const

const nothing = (): SurvivalReport => ({
  schedules: 0,
  killed: 0,
  answers_shown_saved: 0,
  answers_found: 0,
  readable_hits: 0,
  records_wrong: 0,
})

/** Runs seeded kill schedules against the real phone in a real browser and a real gateway. The same seed makes the same choices. */
export async function runSchedules(seed: number, count: number, say: (line: string) => void = () => {}) {
  const report = nothing()
  const met: Met = {}
  const built = [await buildPage(versions[0]), await buildPage(versions[1])]
  try {
    for (let first = 0; first < count; first += perProfile) {
      const life = await liveOnce(built, seed + first, Math.min(perProfile, count - first), met, say)
      for (const name of Object.keys(report) as (keyof SurvivalReport)[]) report[name] += life[name]
      say(
        `${report.schedules}/${count} schedules, ${report.killed} killed, ${report.answers_found}/${report.answers_shown_saved} answers found`,
      )
    }
  } finally {
    for (const folder of built) rmSync(folder, { recursive: true, force: true })
  }
  return { report, met }
}

/** One phone from enrolment to its last record, killed `count` times on the way. */
async function liveOnce(built: readonly string[], seed: number, count: number, met: Met, say: (line: string) => void) {
  const report = { ...nothing(), schedules: count }
  const scene = await openScene(built)
  const { phone, server, shown, finished } = scene
  try {
    await phone.open()
    await phone.call('enrol', await server.link(), pin)
    const device = await deviceOf(phone)
    let version = await versionOf(phone)
    for (let each = 0; each < count; each++) {
      const moment = moments[(seed + each) % moments.length] ?? 'any time'
      if (await oneKill(scene, moment, seed + each)) {
        report.killed++
        met[moment] = (met[moment] ?? 0) + 1
      }
      if (each % searchedEvery === 0 || each === count - 1) report.readable_hits += search(phone.profile, say)
      if (await reopen(scene, device)) {
        // What was open is gone with the database; every finished interview must come back.
        for (const id of shown.keys()) if (!finished.has(id)) shown.delete(id)
      }
      const now = await versionOf(phone)
      if (now !== version) met['new version'] = (met['new version'] ?? 0) + 1
      version = now
    }
    const found = await everythingFound(phone, server, secrets.name)
    if (found.unsent > 0) say(`not sent at the end: ${found.unsent}, ${found.trouble}`)
    for (const [id, rows] of shown) {
      report.answers_shown_saved += rows.size
      const lost = [...rows].filter((row) => !found.rows.has(`${id} ${row}`))
      report.answers_found += rows.size - lost.length
      for (const row of lost) say(`lost: ${row} of ${id} (${momentOf(row)})`)
    }
    report.records_wrong = [...finished].filter((id) => found.times.get(id) !== 1).length
  } finally {
    await scene.close()
  }
  return report
}

function search(profile: string, say: (line: string) => void): number {
  const hits = findReadable(profile, secrets)
  for (const { file, secret, writing } of hits) say(`readable: ${secret} as ${writing} in ${file}`)
  return hits.length
}

interface Scene {
  readonly phone: BrowserPhone
  readonly server: FieldServer
  /** Row ids that were shown as saved, by record. */
  readonly shown: Map<string, Set<string>>
  readonly finished: Set<string>
  readonly publishOther: (half?: boolean) => void
  readonly trapped: () => Promise<void>
  close(): Promise<void>
}

/** A phone, its server, and the app on that server. */
async function openScene(built: readonly string[]): Promise<Scene> {
  const served = mkdtempSync(join(tmpdir(), 'tala-served-'))
  let turn = 0
  const publish = (half = false) => {
    rmSync(served, { recursive: true, force: true })
    cpSync(built[turn % built.length] ?? '', served, { recursive: true })
    if (half)
      for (const name of readdirSync(join(served, 'assets'))) if (name.startsWith('pin-worker')) rmSync(join(served, 'assets', name))
    turn++
  }
  publish()
  let reached = () => {}
  const server = await openFieldServer(smallQuestionnaire, {
    serve: served,
    // Held for good: the page is killed while it waits.
    before: (request, _response, next) => (request.path === '/trap' ? reached() : next()),
  })
  const phone = await browserPhone(server.url)
  return {
    phone,
    server,
    shown: new Map(),
    finished: new Set(),
    publishOther: publish,
    trapped: () =>
      Promise.race([new Promise<void>((resolve) => (reached = resolve)), new Promise<void>((resolve) => setTimeout(resolve, 3000))]),
    async close() {
      await phone.close()
      await server.close()
      rmSync(served, { recursive: true, force: true })
    },
  }
}

/** Rows are called `a<seed>x<step>`. */
const momentOf = (row: string) => moments[Number(/^a(\d+)x/.exec(row)?.[1]) % moments.length] ?? 'unknown'

const deviceOf = (phone: BrowserPhone) => phone.call('state').then((state) => (state.kind === 'open' ? state.device : ''))

const versionOf = (phone: BrowserPhone) => phone.page().evaluate(() => globalThis.tala.appVersion)

/** @returns whether the phone had lost its database, and was invited again. */
async function reopen({ phone, server }: Scene, device: string): Promise<boolean> {
  const isLost = (await phone.open()).kind === 'new'
  if (isLost) await phone.call('enrol', await server.link(device), pin)
  else await unlock(phone)
  return isLost
}

async function unlock(phone: BrowserPhone): Promise<void> {
  if (!(await phone.call('unlock', pin))) throw new Error('The PIN no longer opens the phone.')
}

async function oneKill(scene: Scene, moment: Moment, seed: number): Promise<boolean> {
  const { phone, server, publishOther, trapped, shown, finished } = scene
  let idle = false
  const note = ({ kind, id, row }: Shown) => {
    idle ||= kind === 'idle'
    if (kind === 'answer' && row !== undefined) shown.set(id, (shown.get(id) ?? new Set()).add(row))
    if (kind === 'finished') finished.add(id)
  }
  const work = async (said: Said) => {
    const name = `shown${seed}`
    await phone.page().exposeFunction(name, note)
    await phone.page().evaluate(
      ([seed, name, said]) => {
        const say = (globalThis as unknown as Record<string, (shown: unknown) => void>)[name]
        void globalThis.tala.interviewUntilKilled(globalThis.phone, seed, said, (shown) => say?.(shown))
      },
      [seed, name, said] as const,
    )
  }
  const random = seededRandom(seed * 7919 + 1)
  const stage: Stage = {
    phone,
    server,
    random,
    said: secrets,
    work,
    isIdle: () => idle,
    publishOther,
    trapped,
    unlock: () => unlock(phone),
  }
  return await die(moment, stage)
}
