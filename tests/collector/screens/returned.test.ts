import { afterAll, beforeEach, beforeAll, describe, expect, it } from 'vitest'
import { openScreens, type ScreenBrowser } from './browser.ts'
import { familyDraft } from './family.ts'

const heldId = 'r:fake:3'
const written = 'Please ask for the age of the second person again.'

let browser: ScreenBrowser
beforeAll(async () => {
  browser = await openScreens()
})
afterAll(() => browser.close())
const heading = () => browser.page.getByRole('heading', { level: 1 })

describe('a record that the supervisor returned', () => {
  beforeEach(async () => {
    const { page, screens } = browser
    await page.goto(new URL('empty', screens.url).href)
    await page.evaluate(
      (kept) => localStorage.setItem('fake-phone.copies', kept),
      JSON.stringify([[heldId, familyDraft({ screen: 'summary' })]]),
    )
    await browser.open('records=1')
  })

  it('says on the list that somebody wrote, and shows what', async () => {
    const card = browser.page.locator('.record.attention')
    expect(await card.innerText()).toContain('Your supervisor wrote to you')
    await card.click()
    await browser.page.getByText(written).waitFor()
    await browser.page.getByText('Your supervisor asks you to look at it again.').waitFor()
    expect(browser.errors()).toEqual([])
  })

  it('opens at the question that it is about, of the person it is about', async () => {
    await browser.page.locator('.record.attention').click()
    await browser.page.locator('main .card', { hasText: 'old' }).first().click()
    await browser.page.locator('.interview').waitFor()
    await browser.page.getByRole('heading', { name: 'How old was Ramil on the last birthday?' }).waitFor()
    expect(await browser.page.locator('.top .where').innerText()).toContain('Ramil')
  })

  it('shows the words again where the whole is looked at', async () => {
    await browser.page.locator('.record.attention').click()
    await browser.page.getByText('Your supervisor asks you to look at it again.').click()
    await expect.poll(() => heading().innerText()).toBe('Look once more')
    await browser.page.getByText(written).waitFor()
  })
})

describe('what else stands on the list', () => {
  it('is a word of the supervisor that is about no record', async () => {
    await browser.open('notices=1')
    expect(await browser.page.locator('main').innerText()).toMatch(/From your supervisor · .+\n+Meet at the hall at eight\./)
  })

  it('is that the last answers of an interview could not be read again', async () => {
    await browser.open('', {}, { ...familyDraft({ screen: 'summary' }), torn: true })
    await browser.page.reload()
    await browser.page.locator('.record').waitFor()
    expect(await browser.page.locator('.record.started').innerText()).toContain('Its last answers could not be read again.')
  })
})
