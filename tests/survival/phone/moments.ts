// When and how a phone dies: at any time, held at one exact point of its work, in an update of the app, without room, without handles,
// with its database gone.
import type { CDPSession, Page } from 'playwright-core'
import type { FieldServer } from '../../collector/sync/field-server.ts'
import type { BrowserPhone } from './browser-phone.ts'
import type { Said } from './page/enumerator.ts'
import { loseDatabase } from './lose-database.ts'
import type { Trap } from './page/traps.ts'

export const moments = [
  'any time',
  'save',
  'before checkpoint',
  'checkpoint',
  'entries go',
  'update: loading',
  'seal',
  'copy',
  'outbox',
  'update: letting in',
  'file',
  'destroy',
  'update: half of it',
  'closed handles',
  'no room',
  'database lost',
] as const
export type Moment = (typeof moments)[number]

/** What a moment needs to come about. */
export interface Stage {
  readonly phone: BrowserPhone
  readonly server: FieldServer
  readonly random: () => number
  readonly said: Said
  /** Starts the enumerator, who works on until the end. */
  readonly work: (said: Said) => Promise<void>
  readonly isIdle: () => boolean
  /** Puts the other version of the app on the server; `half` leaves one of its files out. */
  readonly publishOther: (half?: boolean) => void
  /** Resolves when the page is held at its trap, or after a while when it never came there. */
  readonly trapped: () => Promise<void>
  /** Unlocks a phone that was opened again. */
  readonly unlock: () => Promise<void>
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Lets the enumerator work and ends it at the moment. @returns whether it was still at work. */
export async function die(moment: Moment, stage: Stage): Promise<boolean> {
  const { phone, server, random, said } = stage
  switch (moment) {
    case 'any time': {
      await stage.work(said)
      // Half of the servers have everything accepted and backed up, so that outboxes are destroyed under the kill.
      if (random() < 0.5) await server.receiptAll('accepted', true)
      await wait(random() * 400)
      return await killed(stage, random())
    }
    case 'save':
    case 'seal':
    case 'copy':
    case 'outbox':
    case 'file':
      await trap(stage, moment, Math.floor(random() * (moment === 'save' ? 6 : 2)))
      await heldIn(stage, () => stage.work(said))
      return await killed(stage, 0)
    case 'before checkpoint':
    case 'checkpoint':
    case 'entries go':
      await stage.work(said)
      await wait(100 + random() * 300)
      await trap(stage, moment, 0)
      // Locking writes whole what is open. In a task of its own, or the trap would hold this call too.
      await inPage(phone, () => void setTimeout(() => void globalThis.phone.lock()))
      await stage.trapped()
      return await killed(stage, 0)
    case 'destroy': {
      await stage.work(said)
      await wait(200 + random() * 200)
      await server.receiptAll('accepted', true)
      await trap(stage, 'destroy', 0)
      await heldIn(stage, () => inPage(phone, () => void globalThis.phone.sync().then(() => globalThis.phone.sync())))
      return await killed(stage, 0)
    }
    case 'update: loading':
    case 'update: half of it': {
      stage.publishOther(moment === 'update: half of it')
      await stage.work(said)
      await wait(random() * 100)
      await inPage(phone, () => void navigator.serviceWorker.ready.then((each) => each.update()).catch(() => {}))
      await wait(random() * 400)
      return await killed(stage, random())
    }
    case 'update: letting in': {
      stage.publishOther()
      await stage.work(said)
      await inPage(phone, async () => {
        await (await navigator.serviceWorker.ready).update().catch(() => {})
        for (let tries = 0; tries < 40 && !globalThis.phone.isUpdateWaiting(); tries++) await new Promise((done) => setTimeout(done, 50))
        void globalThis.phone.activateUpdate()
      })
      await wait(random() * 200)
      return await killed(stage, random() < 0.6 ? 0 : 0.9)
    }
    case 'closed handles':
      await stage.work(said)
      for (let time = 0; time < 4; time++) {
        await wait(random() * 60)
        await inPage(phone, () => globalThis.tala.loseHandles())
      }
      await wait(random() * 200)
      return await killed(stage, random())
    case 'no room':
      if (!(await withoutRoom(stage))) return false
      await stage.work({ ...said, remark: 12_000 })
      await wait(200 + random() * 600)
      return await killed(stage, random())
    case 'database lost': {
      await stage.work(said)
      if (random() < 0.3) await server.receiptAll('accepted', true)
      await wait(100 + random() * 400)
      const wasAtWork = !stage.isIdle()
      await loseDatabase(phone)
      return wasAtWork
    }
    default:
      return moment satisfies never
  }
}

/** In the page; it may be gone before the answer comes. */
async function inPage(phone: BrowserPhone, work: () => unknown): Promise<void> {
  await phone
    .page()
    .evaluate(work)
    .catch(() => {})
}

/** Waits until the page is held while this is done in it. A page that is held already, by what it did before, answers nothing any more. */
async function heldIn({ trapped }: Stage, work: () => Promise<void>): Promise<void> {
  const held = trapped()
  await Promise.race([work(), held])
  await held
}

const trap = ({ phone }: Stage, point: Trap, nth: number) =>
  phone.page().evaluate(([point, nth]) => globalThis.tala.setTrap(point, nth), [point, nth] as const)

async function killed({ phone, isIdle }: Stage, chance: number): Promise<boolean> {
  const wasAtWork = !isIdle()
  if (chance < 0.5) await phone.kill()
  else if (chance < 0.8) await crash(phone)
  else await phone.closeTab()
  return wasAtWork
}

async function crash(phone: BrowserPhone): Promise<void> {
  const session: CDPSession = await phone.page().context().newCDPSession(phone.page())
  const gone = phone.page().waitForEvent('crash', { timeout: 5000 })
  void session.send('Page.crash').catch(() => {})
  // A page that is just being loaded does not hear it.
  if (await gone.catch(() => undefined)) await phone.closeTab()
  else await phone.kill()
}

/**
 * A browser that is started anew on a disk with room for a few saves more: Chromium remembers for a while how much there was.
 * @returns false when not even a try of the PIN could be counted any more: then the phone stays locked, and says why.
 */
async function withoutRoom({ phone, server, random, unlock }: Stage): Promise<boolean> {
  const { usage = 0 } = await phone.page().evaluate(() => navigator.storage.estimate())
  await phone.kill()
  const quotaSize = Math.floor(usage + random() * 1_000_000)
  const limit = async (page: Page) => {
    const session = await page.context().newCDPSession(page)
    await session.send('Storage.overrideQuotaForOrigin', { origin: server.url, quotaSize })
  }
  await phone.open(limit)
  await limit(phone.page())
  try {
    await unlock()
    return true
  } catch (error) {
    if (!String(error).includes('phone.storage-full')) throw error
    await phone.kill()
    return false
  }
}
