import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRandom } from '../../simulation/random.ts'
import { everyKindDraft, familyDraft } from './family.ts'
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

/** The tick of this answer: drawn anew since the tap, not the one that still stands there from the answer before. */
async function shownAsSaved(): Promise<void> {
  await browser.page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
  await browser.page.locator('.tick svg').waitFor()
}

// The whole form once: after every answer the page is thrown away and opened again.
it('a page killed after each answer opens on the same question with nothing lost', async () => {
  const { page } = browser
  await browser.open('form=every-kind', {}, everyKindDraft({ screen: 'question', at: { name: 'papers' } }))
  let answers = 0
  for (; answers < 50; answers++) {
    const title = (await page.locator('h1').innerText()).trim()
    if (title === 'Look once more') break
    await answerSomething()
    await shownAsSaved()
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

// Modules C to K of one person, then the home: whatever is answered, and however often the page dies.
it('fifty random answers of the household survey outlive fifty killed pages', { timeout: 240_000 }, async () => {
  const { page } = browser
  const random = createRandom(20)
  const pick = async (what: string) => {
    const all = page.locator(what)
    await all.nth(random.whole(0, (await all.count()) - 1)).click()
  }
  const typed = page.locator('main input:not([type=radio], [type=checkbox])')
  let answers = 0
  const begin = (row: string) => browser.open('', {}, familyDraft({ screen: 'question', at: { name: 'C01', repeat: 'person', row } }))
  await begin('row-1')
  for (let screens = 0; answers < 50 && screens < 150; screens++) {
    const title = (await page.locator('h1').innerText()).trim()
    if (title === 'Look once more') {
      await begin('row-4')
      continue
    }
    if (await page.locator('.months').count()) {
      await page.getByRole('textbox', { name: 'Year' }).fill('2019')
      await pick('.month')
    } else if (await page.locator('main fieldset.choices').count()) await pick('main .choice')
    else if (await typed.count()) await typed.first().fill(String(random.whole(1, 9)))
    if (await page.locator('main :is(fieldset, input)').count()) {
      answers++
      await shownAsSaved()
      const before = await kept()
      await page.reload()
      await page.locator('.record.started').click()
      await page.locator('.interview h1').waitFor()
      const after = await kept()
      expect([after.answers, after.place]).toEqual([before.answers, before.place])
    }
    await goOn()
  }
  expect(answers).toBe(50)
  expect(browser.errors()).toEqual([])

  // Past a warning with a reason, past a hard check for later; at the end, or on the cards, to the next part.
  async function goOn(): Promise<void> {
    const before = JSON.stringify((await kept()).place)
    const moved = async () => JSON.stringify((await kept()).place) !== before
    await page.locator('.bar .go').click()
    for (const way of ['Yes, it is right', 'I asked again', 'Go on, and put it right later']) {
      await page.waitForTimeout(60)
      if (await moved()) return
      const button = page.getByRole('button', { name: way })
      if (await button.count()) await button.first().click()
    }
  }
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
