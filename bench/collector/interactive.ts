import type { BrowserContext, Page } from 'playwright-core'
import { median } from './statistics.ts'

/** tsx names inner functions by a helper that a page does not have. */
export const nameHelper = 'globalThis.__name = (value) => value'

/** Notes when the PIN can be typed: the field stands and a frame was drawn after it. Milliseconds since the start of the navigation. */
export function noteInteractive(): void {
  const bench = globalThis as unknown as { interactiveMs?: number }
  const look = () => {
    if (bench.interactiveMs === undefined && document.querySelector('.keypad button')) {
      requestAnimationFrame(() => setTimeout(() => (bench.interactiveMs ??= performance.now())))
    } else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}

export async function throttled(page: Page, rate: number): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate })
}

async function interactiveMs(page: Page, url: string): Promise<number> {
  await page.goto(url)
  await page.waitForFunction(() => 'interactiveMs' in globalThis)
  return page.evaluate(() => (globalThis as unknown as { interactiveMs: number }).interactiveMs)
}

/** Cold: a new browser process with the installed app. */
export async function cold(open: () => Promise<BrowserContext>, url: string, rate: number, runs = 5): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < runs; run++) {
    const context = await open()
    const page = context.pages()[0] ?? (await context.newPage())
    await context.addInitScript(nameHelper)
    await context.addInitScript(noteInteractive)
    await throttled(page, rate)
    times.push(await interactiveMs(page, url))
    await context.close()
  }
  return median(times)
}

/** Warm: the same process opens it again. */
export async function warm(context: BrowserContext, url: string, rate: number, runs = 7): Promise<number> {
  const page = await context.newPage()
  await page.addInitScript(nameHelper)
  await page.addInitScript(noteInteractive)
  await throttled(page, rate)
  await interactiveMs(page, url)
  const times: number[] = []
  for (let run = 0; run < runs; run++) times.push(await interactiveMs(page, url))
  await page.close()
  return median(times)
}

/** The floor: the same screen as plain HTML with its style inside, no program but one listener. */
export async function floor(context: BrowserContext, url: string, rate: number): Promise<number> {
  const page = await context.newPage()
  await page.goto(url)
  await page.locator('.keypad button').first().waitFor()
  const body = await page.evaluate(() => document.getElementById('app')?.innerHTML ?? '')
  const css = await page.evaluate(() =>
    [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules].map(({ cssText }) => cssText)).join('\n'),
  )
  await page.close()
  const address = new URL('/floor', url).href
  const html = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><style>${css}</style><div id="app">${body}</div><script>addEventListener('click',()=>{})</script></html>`
  await context.route(address, (route) => route.fulfill({ contentType: 'text/html', body: html }))
  return warm(context, address, rate)
}
