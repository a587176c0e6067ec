import { rmSync } from 'node:fs'
import type { CDPSession } from 'playwright-core'
import type { SealedPart, SealedRecord } from '../../../schemas/generated/records.ts'
import type { Identity, Interview } from '../../../schemas/interview/interview.ts'
import { boundTo } from '../../../schemas/sealing/cover.ts'
import { dictionaryFor } from '../../../schemas/sealing/dictionary.ts'
import type { SealedHalf } from '../../../schemas/sealing/headers.ts'
import { openSealed, SessionCache } from '../../../aggregator/custody/open-sealed.ts'
import { type FieldServer, hashed, openFieldServer } from '../../collector/sync/field-server.ts'
import { smallQuestionnaire } from '../../schemas/sealing/small-questionnaire.ts'
import { type BrowserPhone, browserPhone } from './browser-phone.ts'
import { buildPage } from './build-page.ts'
import { findReadable } from './forensics.ts'
import type { Shown } from './page/enumerator.ts'
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

/** Long enough that no time stamp of the browser holds it by chance. */
export const pin = '482915730641'
const secrets = { name: 'Amihan Dimaculangan', home: '17-B Sampaguita', pin }

/** Phones are worn out together: this many schedules happen to one browser profile before its records are counted. */
const perProfile = 20

/** Runs seeded kill schedules against the real phone in a real browser and a real gateway. The same seed makes the same choices. */
export async function runSchedules(seed: number, count: number, say: (line: string) => void = () => {}): Promise<SurvivalReport> {
  const report: SurvivalReport = { schedules: 0, killed: 0, answers_shown_saved: 0, answers_found: 0, readable_hits: 0, records_wrong: 0 }
  const folder = await buildPage()
  try {
    for (let first = 0; first < count; first += perProfile) {
      const life = await liveOnce(folder, seed + first, Math.min(perProfile, count - first), say)
      for (const name of Object.keys(report) as (keyof SurvivalReport)[]) report[name] += life[name]
      say(
        `${report.schedules}/${count} schedules, ${report.killed} killed, ${report.answers_found}/${report.answers_shown_saved} answers found`,
      )
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return report
}

/** One phone from enrolment to its last record, killed `count` times on the way. */
async function liveOnce(folder: string, seed: number, count: number, say: (line: string) => void): Promise<SurvivalReport> {
  const server = await openFieldServer(smallQuestionnaire, { serve: folder })
  const phone = await browserPhone(server.url)
  const shown = new Map<string, Set<string>>()
  const finished = new Set<string>()
  const report: SurvivalReport = {
    schedules: count,
    killed: 0,
    answers_shown_saved: 0,
    answers_found: 0,
    readable_hits: 0,
    records_wrong: 0,
  }
  const note = ({ kind, id, row }: Shown) => {
    if (kind === 'answer' && row !== undefined) shown.set(id, (shown.get(id) ?? new Set()).add(row))
    if (kind === 'finished') finished.add(id)
  }
  try {
    await phone.open()
    await phone.call('enrol', await server.link(), pin)
    for (let each = 0; each < count; each++) {
      if (await oneKill(phone, server, seed + each, note)) report.killed++
      const hits = findReadable(phone.profile, secrets)
      for (const { file, secret, writing } of hits) say(`readable: ${secret} as ${writing} in ${file}`)
      report.readable_hits += hits.length
      await reopen(phone)
    }
    const found = await everythingFound(phone, server)
    for (const [id, rows] of shown) {
      report.answers_shown_saved += rows.size
      report.answers_found += [...rows].filter((row) => found.rows.has(`${id} ${row}`)).length
    }
    report.records_wrong = [...finished].filter((id) => found.times.get(id) !== 1).length
  } finally {
    await phone.close()
    await server.close()
  }
  return report
}

async function reopen(phone: BrowserPhone): Promise<void> {
  await phone.open()
  if (!(await phone.call('unlock', pin))) throw new Error('The PIN no longer opens the phone.')
}

/** Lets the enumerator work and ends it at a moment chosen by the seed. @returns whether it was still at work. */
async function oneKill(phone: BrowserPhone, server: FieldServer, seed: number, note: (shown: Shown) => void): Promise<boolean> {
  const random = seededRandom(seed * 7919 + 1)
  const page = phone.page()
  let idle = false
  const name = `shown${seed}`
  await page.exposeFunction(name, (shown: Shown) => {
    idle ||= shown.kind === 'idle'
    note(shown)
  })
  const work = page.evaluate(
    ([seed, name, said]) => {
      const say = (globalThis as unknown as Record<string, (shown: unknown) => void>)[name]
      void globalThis.tala.interviewUntilKilled(globalThis.phone, seed, said, (shown) => say?.(shown))
    },
    [seed, name, secrets] as const,
  )
  await work.catch(() => {})
  // Half of the servers have everything accepted and backed up, so that outboxes are destroyed under the kill.
  if (random() < 0.5) await server.receiptAll('accepted', true)
  await new Promise((resolve) => setTimeout(resolve, random() * 400))
  const kind = random()
  if (kind < 0.5) await phone.kill()
  else if (kind < 0.8) await crash(phone)
  else await phone.closeTab()
  return !idle
}

async function crash(phone: BrowserPhone): Promise<void> {
  const session: CDPSession = await phone.page().context().newCDPSession(phone.page())
  const gone = phone.page().waitForEvent('crash')
  void session.send('Page.crash').catch(() => {})
  await gone
  await phone.closeTab()
}

/** Every answer that is still there: in open drafts on the phone, or in records that the server holds. */
async function everythingFound(phone: BrowserPhone, server: FieldServer) {
  await phone.call('sync')
  const rows = new Set<string>()
  for (const { id, state } of await phone.call('records')) {
    if (state !== 'draft') continue
    const { answers } = await phone.call('openDraft', id)
    for (const { _id } of (answers['person'] ?? []) as readonly { _id: string }[]) rows.add(`${id} ${_id}`)
  }
  const times = new Map<string, number>()
  for (const record of await server.records()) {
    times.set(record._id, (times.get(record._id) ?? 0) + 1)
    for (const row of rowsOf(record, server)) rows.add(`${record._id} ${row}`)
  }
  return { rows, times }
}

/** Row ids of a record whose answers and identity both open. */
function rowsOf(record: SealedRecord, { keys }: FieldServer): readonly string[] {
  const opener = { keys, sessions: new SessionCache(), dictionary: () => dictionaryFor(hashed(smallQuestionnaire)) }
  const open = (half: SealedHalf, part: SealedPart) =>
    JSON.parse(openSealed(part, { recordId: record._id, half, bound: boundTo(half, record) }, opener)) as unknown
  const interview = open('answers', record.answers) as Interview
  const people = (interview.answers['person'] ?? []) as readonly { _id: string }[]
  if (!record.identity) return []
  const identity = open('identity', record.identity) as Identity
  return people.map(({ _id }) => _id).filter((row) => identity.rows['person']?.[row]?.['name'] === `${secrets.name} ${row}`)
}
