import type { Page } from 'playwright-core'
import type { Enumerator } from '../../tests/e2e/enumerator.ts'
import { throttled } from './interactive.ts'
import { listen, tapsOf } from './taps.ts'
import { median } from './statistics.ts'

const members = 20
const answersEach = 6
const pauseMs = 250
/** From a member's first screen to one with answers to choose from. */
const mostScreens = 6

/** Opens the interview of a large home that lies on the phone and corrects answers of some members. @returns milliseconds from each to durable. */
export async function measureCrowdedHome(
  page: Page,
  enumerator: Enumerator,
  url: string,
  pin: string,
  rate: number,
): Promise<readonly number[]> {
  await page.addInitScript(listen)
  await page.goto(url)
  await throttled(page, rate)
  await enumerator.enterPin(pin)
  await page.locator('.record.started', { hasText: '04-200' }).click()
  await page.locator('.member').first().waitFor()
  for (let member = 0; member < members; member++) {
    await page.locator(`.member .card >> nth=${member}`).click()
    for (let screen = 0; screen < mostScreens && (await page.locator('main .choice input').count()) === 0; screen++) {
      await page.waitForTimeout(pauseMs)
      await page.evaluate(() => document.querySelector<HTMLElement>('.bar .go')?.click())
      await page.waitForTimeout(pauseMs)
    }
    for (let answer = 0; answer < answersEach; answer++) {
      await page.waitForTimeout(pauseMs)
      await page.evaluate(() => document.querySelector<HTMLElement>('main .choice:not(.chosen) input')?.click())
    }
    await page.waitForTimeout(pauseMs)
    while ((await page.locator('.member').count()) === 0) {
      await page.evaluate(() => document.querySelector<HTMLElement>('.bar .back')?.click())
      await page.waitForTimeout(pauseMs)
    }
  }
  const { durableMs } = await tapsOf(page)
  console.error(`      ${durableMs.length} answers in the large home, median ${median(durableMs).toFixed(0)} ms`)
  return durableMs
}
