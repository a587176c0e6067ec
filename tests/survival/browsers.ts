// Real processes on both sides: the whole server and a real phone in a real Chromium, each killed with -9 while the other goes on.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { countInWarehouse } from './count-in-warehouse.ts'
import { browserPhone, type BrowserPhone } from './phone/browser-phone.ts'
import { buildPage } from './phone/build-page.ts'
import { findReadable } from './phone/forensics.ts'
import type { Shown } from './phone/page/enumerator.ts'
import { seededRandom } from './phone/page/seeded.ts'
import { startServer, type ServerProcess } from './server-process.ts'
import type { Tally } from './tally.ts'

const pin = '482915730641'
const secrets = { name: 'Amihan Dimaculangan', home: '17-B Sampaguita', pin }
/** So many schedules happen to one server and one phone before everything is counted: starting anew costs more than a kill. */
const perLife = 20

/** @param page builds the page once for all lives. */
export async function runBrowsers(seed: number, count: number): Promise<Tally> {
  const tally: Tally = { schedules: 0, faults: 0, records: 0, violations: 0 }
  let databases = 0
  if (count === 0) return tally
  const page = await buildPage()
  try {
    for (let first = 0; first < count; first += perLife) {
      const { kills, records, lost, violations } = await liveOnce(page, seed + first, Math.min(perLife, count - first)).catch(brokenOff)
      tally.schedules += Math.min(perLife, count - first)
      tally.faults += kills
      tally.records += records
      databases += lost
      tally.violations += violations.length > 0 ? 1 : 0
      for (const each of violations) console.error(`VIOLATION (browsers, seed ${seed + first}): ${each}`)
      console.log(
        `browsers: ${tally.schedules} of ${count} schedules, ${tally.faults} kills, ${tally.records} records, ${databases} databases lost by the browser, ${tally.violations} violations`,
      )
    }
  } finally {
    rmSync(page, { recursive: true, force: true })
  }
  return tally
}

/** A phone that cannot go on is the worst of violations, and no reason to leave the other lives out. */
const brokenOff = (error: unknown) => ({
  kills: 0,
  records: 0,
  lost: 0,
  violations: [`the phone could not go on: ${String(error).split('\n')[0]}`],
})

async function liveOnce(page: string, seed: number, count: number) {
  const folder = mkdtempSync(join(tmpdir(), 'tala-lives-'))
  const server = await startServer(folder, { TALA_SURVIVAL_PAGE: page })
  const phone = await browserPhone(server.url)
  const finished = new Map<string, number>()
  const shown = new Map<string, number>()
  const note = ({ kind, id }: Shown) => {
    if (kind === 'answer') shown.set(id, (shown.get(id) ?? 0) + 1)
    if (kind === 'finished') finished.set(id, shown.get(id) ?? 0)
  }
  try {
    await phone.open()
    await phone.call('enrol', `${server.url}/collector/#enrol=${await server.invite()}`, pin)
    await phone.call('sync')
    const state = await phone.call('state')
    const device = state.kind === 'open' ? state.device : ''
    let kills = 0
    let lost = 0
    for (let each = 0; each < count; each += 1) {
      kills += await oneSchedule(phone, server, seed + each, note)
      lost += Number(await reopen(phone, server, device))
    }
    const violations = await settle(phone, server, finished)
    await server.stop()
    violations.push(...(await judge(folder, phone.profile, finished)))
    return { kills, records: finished.size, lost, violations }
  } finally {
    await phone.close()
    server.end()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The enumerator works; at a chance moment the server, the browser or both die. @returns how many were killed. */
async function oneSchedule(phone: BrowserPhone, server: ServerProcess, seed: number, note: (shown: Shown) => void): Promise<number> {
  const random = seededRandom(seed * 7919 + 1)
  const name = `shown${seed}`
  await phone.page().exposeFunction(name, note)
  await phone.page().evaluate(
    ([seed, name, said]) => {
      const say = (globalThis as unknown as Record<string, (shown: unknown) => void>)[name]
      void globalThis.tala.interviewUntilKilled(globalThis.phone, seed, said, (shown) => say?.(shown)).catch(() => {})
    },
    [seed, name, secrets] as const,
  )
  // Half of the servers have a backup by then, so that outboxes are destroyed under the kill.
  if (random() < 0.5) await server.backUp()
  await new Promise((resolve) => setTimeout(resolve, random() * 500))
  const who = random()
  const [serverDies, phoneDies] = [who < 0.6, who >= 0.45]
  if (serverDies) await server.killAndStart()
  if (phoneDies) await phone.kill()
  return Number(serverDies) + Number(phoneDies)
}

/** @returns whether the browser had lost the phone's database: then the supervisor invites the phone again, and what was finished must come back. */
async function reopen(phone: BrowserPhone, server: ServerProcess, device: string): Promise<boolean> {
  if ((await phone.open()).kind === 'new') {
    await phone.call('enrol', `${server.url}/collector/#enrol=${await server.invite(device)}`, pin)
    return true
  }
  if (!(await phone.call('unlock', pin))) throw new Error('The PIN no longer opens the phone.')
  return false
}

async function settle(phone: BrowserPhone, server: ServerProcess, finished: ReadonlyMap<string, number>): Promise<string[]> {
  for (let runs = 0; runs < 40; runs += 1) {
    await phone.call('sync')
    await server.backUp()
    const open = (await phone.call('records')).filter(({ id, state }) => finished.has(id) && state !== 'accepted')
    if (open.length === 0) return []
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  const left = (await phone.call('records')).filter(({ id, state }) => finished.has(id) && state !== 'accepted')
  return left.map(({ state }) => `a record stays ${state}`)
}

async function judge(folder: string, profile: string, finished: ReadonlyMap<string, number>): Promise<readonly string[]> {
  const found: string[] = []
  const { ledger, small, small_person: people } = await countInWarehouse(folder, ['ledger', 'small', 'small_person'])
  for (const [id, answers] of finished) {
    if (ledger.get(id) !== 1) found.push(`a record that was shown as finished stands ${ledger.get(id) ?? 0} times in the ledger`)
    if (small.get(id) !== 1) found.push(`a record that was shown as finished has ${small.get(id) ?? 0} rows`)
    // More than were shown: the last answer may be saved and its message lost with the browser.
    if ((people.get(id) ?? 0) < answers) found.push('an answer that was shown as saved is not in the warehouse')
  }
  for (const [id, count] of small) if (count !== 1) found.push(`record ${finished.has(id) ? 'shown' : 'unshown'} is counted ${count} times`)
  for (const place of [folder, profile])
    for (const { secret, writing } of findReadable(place, secrets)) found.push(`${secret} can be read as ${writing}`)
  return [...new Set(found)]
}
