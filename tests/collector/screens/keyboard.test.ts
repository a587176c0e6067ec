import { afterAll, beforeAll, expect, it } from 'vitest'
import { everyKindDraft, familyDraft } from './family.ts'
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

/** Goes to a control by Tab and presses it. */
async function press(selector: string, key = 'Enter'): Promise<void> {
  await tabTo(selector)
  await browser.page.keyboard.press(key)
}

it('the keyboard alone lists a home, to be visited later', async () => {
  const { page } = browser
  await browser.open('')
  const list = page.getByRole('button', { name: 'List a home' })
  await list.evaluate((button) => button.setAttribute('data-wanted', ''))
  await press('[data-wanted]')
  await press('.bar .go')
  await page.getByLabel('Number of this home').waitFor()
  await tabTo('main input')
  await page.keyboard.type('04-12')
  await page.getByRole('button', { name: 'Keep it, and visit later' }).evaluate((button) => button.setAttribute('data-wanted', ''))
  await press('[data-wanted]')
  await page.getByRole('heading', { name: /To visit/ }).waitFor()
  expect(browser.errors()).toEqual([])
})

it('the keyboard alone sets a time to come back', async () => {
  const { page } = browser
  await browser.open('', {}, familyDraft({ screen: 'summary' }, {}, { A03: '2' }))
  await press('main .go.wide')
  await page.getByLabel('Day').waitFor()
  await tabTo('main select')
  await page.keyboard.press('ArrowDown')
  await press('.choice input', 'Space')
  await press('.bar .go')
  await page.getByRole('heading', { name: /Come back/ }).waitFor()
  expect(browser.errors()).toEqual([])
})

it('the keyboard alone hands records over, and keeps a backup', async () => {
  const { page } = browser
  await browser.open('')
  await press('.copies')
  await press('.stack .card:nth-child(1)')
  await expect.poll(title).toBe('Hand over')
  await press('.bar .back')
  await press('.stack .card:nth-child(3)')
  await expect.poll(title).toBe('Backup')
  await tabTo('main input')
  await page.keyboard.type('270914')
  await page.keyboard.press('Enter')
  const save = page.getByText('Save the file')
  await save.waitFor()
  await save.evaluate((button) => button.closest('a, button')?.setAttribute('data-save', ''))
  const saved = page.waitForEvent('download')
  await press('[data-save]')
  await saved
  expect(browser.errors()).toEqual([])
})
