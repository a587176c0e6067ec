import { afterAll, beforeAll, expect, it } from 'vitest'
import { everyKindDraft } from './family.ts'
import { openScreens, type ScreenBrowser } from './browser.ts'

let browser: ScreenBrowser
beforeAll(async () => {
  browser = await openScreens()
})
afterAll(() => browser.close())

const title = async () => (await browser.page.locator('h1').innerText()).trim()

async function tabTo(selector: string): Promise<void> {
  const { page } = browser
  for (let tabs = 0; tabs < 40; tabs++) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`the keyboard does not reach ${selector}`)
}

it('the keyboard alone answers, goes on, corrects and comes to the end', async () => {
  const { page } = browser
  await browser.open('form=every-kind', {}, everyKindDraft({ screen: 'question', at: { name: 'papers' } }))
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
  await tabTo('input[type=checkbox]')
  await page.keyboard.press('Space')
  await tabTo('.bar .go')
  await page.keyboard.press('Enter')
  await expect.poll(title).toBe('How much is the rent?')
  await tabTo('main input')
  await page.keyboard.type('1500')
  await page.keyboard.press('Enter')
  await expect.poll(title).toBe('In what month and year did you move in?')
  await tabTo('.date input')
  await page.keyboard.type('2019')
  await tabTo('.month input')
  await page.keyboard.press('Space')
  await tabTo('.bar .go')
  await page.keyboard.press('Enter')
  await expect.poll(title).toBe('At what time does the water come?')
  await tabTo('.bar .back')
  await page.keyboard.press('Enter')
  await expect.poll(title).toBe('In what month and year did you move in?')
  await tabTo('.top .where')
  await page.keyboard.press('Enter')
  await expect.poll(title).toBe('Go to')
})
