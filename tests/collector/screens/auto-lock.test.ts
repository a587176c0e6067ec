import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openScreens, type ScreenBrowser } from './browser.ts'
import { familyDraft } from './family.ts'

let browser: ScreenBrowser
beforeAll(async () => {
  browser = await openScreens()
})
afterAll(() => browser.close())

describe('a phone that locked itself in the middle of an interview', () => {
  it('opens again at the same question, not at the list', async () => {
    const { page } = browser
    await browser.open('', {}, familyDraft({ screen: 'question', at: { name: 'C04', repeat: 'person', row: 'row-1' } }))
    const question = await page.locator('h1').innerText()
    await page.evaluate(() => (globalThis as unknown as { fakePhone: { lock(): Promise<void> } }).fakePhone.lock())
    await page.locator('input[type=password]').fill('270914')
    await page.locator('.bar .go').click()
    await page.locator('.interview').waitFor()
    expect(await page.locator('h1').innerText()).toBe(question)
    expect(browser.errors()).toEqual([])
  })
})
