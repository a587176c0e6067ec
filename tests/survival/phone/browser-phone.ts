import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { launchWithProfile } from '../../support/chromium.ts'
import type { Draft, Phone, PhoneCare, PhoneState, RecordSummary } from '../../../collector/phone.ts'

/** The phone in a real Chromium with a profile on disk, driven without its screens. */
export interface BrowserPhone {
  readonly profile: string
  page(): Page
  /** Opens the app (again), as a person does after anything happened to the browser. @param before what happens to the empty tab first. */
  open(before?: (page: Page) => Promise<void>): Promise<PhoneState>
  call<Name extends CallName>(name: Name, ...input: Parameters<Both[Name]>): Promise<Awaited<ReturnType<Both[Name]>>>
  /** SIGKILL to the whole browser: what a dead battery does to the program. */
  kill(): Promise<void>
  /** The tab goes without a word, the browser stays. */
  closeTab(): Promise<void>
  close(): Promise<void>
}

type Both = Phone & PhoneCare
type CallName = Exclude<keyof Both, 'subscribe'>

declare global {
  var tala: typeof import('./page/page.ts').parts
  var phone: Phone & PhoneCare
}

export async function browserPhone(url: string): Promise<BrowserPhone> {
  const profile = await mkdtemp(join(tmpdir(), 'tala-profile-'))
  let context: BrowserContext | undefined
  let page: Page | undefined
  const current = () => {
    if (!page) throw new Error('The browser is not open.')
    return page
  }
  return {
    profile,
    page: current,
    async open(before) {
      context ??= await launchWithProfile(profile)
      if (!page) {
        page = context.pages()[0] ?? (await context.newPage())
        page.on('console', (line) => line.type() === 'warning' && process.env.TALA_PAGE_WARNINGS && console.log(line.text()))
      }
      await before?.(page)
      await page.goto(`${url}/collector/`)
      await page.waitForFunction(() => document.title === 'ready')
      return await page.evaluate(async () => {
        globalThis.phone = await globalThis.tala.openPhone()
        return globalThis.phone.state()
      })
    },
    call: (name, ...input) =>
      current().evaluate(
        async ([name, input]) => await (globalThis.phone[name as 'sync'] as (...input: unknown[]) => unknown)(...(input as unknown[])),
        [name, input] as const,
      ) as never,
    async kill() {
      const browser = context?.browser()
      const gone = new Promise<void>((resolve) => context?.once('close', () => resolve()))
      const pid = await processOf(profile)
      process.kill(pid, 'SIGKILL')
      await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 3000))])
      await browser?.close().catch(() => {})
      context = undefined
      page = undefined
    },
    async closeTab() {
      // The last tab would take the browser along.
      const next = await context?.newPage()
      await page?.close({ runBeforeUnload: false })
      page = next
    },
    async close() {
      await context?.close().catch(() => {})
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** Chromium writes `<host>-<pid>` into the lock of its profile. */
async function processOf(profile: string): Promise<number> {
  const { readlink } = await import('node:fs/promises')
  const lock = await readlink(join(profile, 'SingletonLock'))
  return Number(lock.split('-').at(-1))
}

export type { Draft, PhoneState, RecordSummary }
