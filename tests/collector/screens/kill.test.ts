import { afterAll, beforeAll, expect, it } from 'vitest'
import { everyKindDraft } from './family.ts'
import { openScreens, type ScreenBrowser } from './browser.ts'

let browser: ScreenBrowser
beforeAll(async () => {
  browser = await openScreens()
})
afterAll(() => browser.close())

interface Kept {
  readonly answers: Readonly<Record<string, unknown>>
  readonly place: unknown
}

const kept = () =>
  browser.page.evaluate((): Kept => {
    const drafts = JSON.parse(localStorage.getItem('fake-phone.drafts') ?? '[]') as [string, Kept][]
    const { answers, place } = drafts[0]?.[1] ?? { answers: {}, place: null }
    return { answers, place }
  })

// The whole form once: after every answer the page is thrown away and opened again.
it('a page killed after each answer opens on the same question with nothing lost', async () => {
  const { page } = browser
  await browser.open('form=every-kind', {}, everyKindDraft({ screen: 'question', at: { name: 'papers' } }))
  let answers = 0
  for (; answers < 50; answers++) {
    const title = (await page.locator('h1').innerText()).trim()
    if (title === 'Look once more') break
    await answerSomething()
    await page.locator('.tick svg').waitFor()
    const before = await kept()
    await page.reload()
    await page.locator('.record.started').click()
    await page.locator('.interview h1').waitFor()
    expect((await page.locator('h1').innerText()).trim()).toBe(title)
    const { answers: all, place } = await kept()
    expect([all, place]).toEqual([before.answers, before.place])
    await page.locator('.bar .go').click()
    await page.waitForFunction((old) => document.querySelector('h1')?.textContent?.trim() !== old, title)
  }
  expect(answers).toBeGreaterThan(10)
  expect(browser.errors()).toEqual([])
})

async function answerSomething(): Promise<void> {
  const { page } = browser
  if (await page.locator('.months').count()) {
    await page.getByRole('textbox', { name: 'Year' }).fill('2019')
    await page.locator('.month').nth(4).click()
  } else if (await page.getByText('Find this place').count()) {
    await page.context().grantPermissions(['geolocation'])
    await page.context().setGeolocation({ latitude: 14.6, longitude: 121, accuracy: 8 })
    await page.getByText('Find this place').click()
    await page.getByText('The place is noted').waitFor()
  } else if (await page.locator('input[type=file]').count()) {
    const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
    await page.locator('input[type=file]').setInputFiles({ name: 'roof.png', mimeType: 'image/png', buffer: pixel })
    await page.locator('main img').waitFor()
  } else if (await page.locator('.month, .choice').count()) await page.locator('.month, .choice').first().click()
  else if (await page.locator('input[type=time]').count()) await page.locator('input[type=time]').fill('07:30')
  else if (await page.locator('input[type=datetime-local]').count())
    await page.locator('input[type=datetime-local]').fill('2026-12-01T09:00')
  else if (await page.locator('input[type=range]').count()) await page.locator('input[type=range]').fill('40')
  else if (await page.locator('.keypad').count()) await page.locator('.keypad button').nth(3).click()
  else if (await page.locator('main textarea').count()) await page.locator('main textarea').fill('Work for the young')
  else await page.locator('main input').first().fill('as told')
}
