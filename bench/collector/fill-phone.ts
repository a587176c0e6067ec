import { readFileSync, rmSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { BrowserContext } from 'playwright-core'
import type { Draft } from '../../collector/phone.ts'
import type { Answers } from '../../schemas/interview/answers.ts'
import { buildPage } from '../../tests/survival/phone/build-page.ts'

const base = '/bench-fill/'
const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' }

/**
 * Finishes interviews on an enrolled phone, by its own vault, seal and outbox, and sends none of them: the network is away meanwhile.
 * Beside them it leaves one open interview.
 * @param home `answers` of the household that is interviewed again and again, `open` the interview that stays open.
 * @returns how many finished records lie on the phone afterwards.
 */
export async function fillPhone(
  context: BrowserContext,
  address: string,
  home: {
    readonly pin: string
    readonly area: string
    readonly answers: Answers
    readonly open: Pick<Draft, 'answers' | 'place' | 'updated'>
  },
  count: number,
): Promise<number> {
  const folder = await buildPage(undefined, base)
  const origin = new URL(address).origin
  await context.route(`${origin}/**`, (route) => {
    const path = new URL(route.request().url()).pathname
    if (!path.startsWith(base)) return route.abort()
    const file = path === base ? 'index.html' : path.slice(base.length)
    return route.fulfill({ contentType: types[extname(file)] ?? 'application/octet-stream', body: readFileSync(join(folder, file)) })
  })
  const page = await context.newPage()
  await page.goto(`${origin}${base}`)
  await page.waitForFunction(() => document.title === 'ready')
  await page.evaluate(async (pin) => {
    globalThis.phone = await globalThis.tala.openPhone()
    if (!(await globalThis.phone.unlock(pin))) throw new Error('the PIN is another one')
  }, home.pin)
  await context.setOffline(true)
  const records = await page.evaluate(
    async ([{ area, answers, open }, wanted]) => {
      const { phone } = globalThis
      // One draft for all, under ever new ids: what is stored of each begins with finishing it.
      const draft = { ...(await phone.startDraft({ area, practice: false })), answers }
      for (let each = 0; each < wanted; each++)
        await phone.completeDraft({ ...draft, id: draft.id.slice(0, -4) + each.toString(32).toUpperCase().padStart(4, '0') })
      await phone.discardDraft(draft.id)
      const finished = phone.records().length
      const { answers: said, place, updated } = open
      await phone.saveDraft({ ...(await phone.startDraft({ area, practice: false })), answers: said, place, updated })
      return finished
    },
    [home, count] as const,
  )
  await page.close()
  await context.setOffline(false)
  await context.unroute(`${origin}/**`)
  rmSync(folder, { recursive: true, force: true })
  return records
}
