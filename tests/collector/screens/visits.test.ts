import { afterAll, beforeAll, expect, it } from 'vitest'
import { familyDraft } from './family.ts'
import { openScreens, type ScreenBrowser } from './browser.ts'

let browser: ScreenBrowser
beforeAll(async () => {
  browser = await openScreens()
  await browser.page.addInitScript(() => {
    const asked: string[] = []
    Object.assign(globalThis, { askedToStayAwake: asked })
    Object.defineProperty(navigator, 'wakeLock', {
      value: { request: async (what: string) => (asked.push(what), { release: async () => void asked.push('let go') }) },
    })
  })
})
afterAll(() => browser.close())

const button = (name: string | RegExp) => browser.page.getByRole('button', { name })

it('a home is listed, not found in, put off, and visited again', async () => {
  const { page } = browser
  await browser.open('')
  await button('List a home').click()
  await button('Start').click()
  await page.getByLabel('Number of this home').fill('04-12')
  await button('Keep it, and visit later').click()
  await page.getByRole('heading', { name: /To visit/ }).waitFor()
  await button('List a home').click()
  await button('Start').click()
  expect(await page.getByLabel('Number of this home').inputValue()).toBe('04-13')
  await page.getByLabel('Number of this home').fill('04-12')
  await page.getByText('This number is on the phone already.').waitFor()
  await page.locator('.bar .back').click()

  await button(/04-12/).click()
  await page.getByRole('heading', { name: 'Result of this visit' }).waitFor()
  await page.locator('.choice').getByText('Nobody able to answer at home, come back').click()
  await page.locator('.bar .go').click()
  await button('Set a time to come back').click()
  await page.getByLabel('Day').selectOption({ index: 2 })
  await page.getByText('in the afternoon').click()
  expect(await page.locator('.slip').innerText()).toContain('in the afternoon')
  await page.locator('.bar .go').click()
  await page.getByRole('heading', { name: /Come back/ }).waitFor()

  await button(/in the afternoon/).click()
  await page.getByRole('heading', { name: 'Result of this visit' }).waitFor()
  await page.locator('.choice').getByText('The household moved away').click()
  await page.locator('.bar .go').click()
  await page.getByRole('heading', { name: 'Look once more' }).waitFor()
  expect(await button('Set a time to come back').count()).toBe(0)
  await page.locator('.bar .go').click()
  await page.getByRole('heading', { name: 'Thank you' }).waitFor()
  const completed = () =>
    page.evaluate(() => {
      const { fakePhone } = globalThis as unknown as { fakePhone: { completed: { visits: number; answers: Record<string, unknown> }[] } }
      return fakePhone.completed.map(({ visits, answers }) => ({ visits, number: answers['A02'], result: answers['A03'] }))
    })
  await expect.poll(completed).toEqual([{ visits: 2, number: '04-12', result: '9' }])
  expect(browser.errors()).toEqual([])
})

it('the screen stays awake during an interview and may sleep after it', async () => {
  const { page } = browser
  const asked = () => page.evaluate(() => (globalThis as unknown as { askedToStayAwake: string[] }).askedToStayAwake)
  await browser.open('')
  expect(await asked()).toEqual([])
  await button('New interview').click()
  await button('Start').click()
  await page.locator('.interview').waitFor()
  await expect.poll(asked).toEqual(['screen'])
  await page.locator('.top .where').click()
  await button(/Leave the interview/).click()
  await expect.poll(asked).toEqual(['screen', 'let go'])
})

it('help says what to do, by situation', async () => {
  const { page } = browser
  await browser.open('')
  await button('Help at the door').click()
  await page.getByText('Somebody is upset').click()
  await page.getByText('Say that the interview can end here.').waitFor()
})

it('a warning that stands asks for its reason, and keeps it', async () => {
  const { page } = browser
  const place = { screen: 'question', at: { name: 'M04_fee' } } as const
  await browser.open('', {}, familyDraft(place, {}, { M01: '1', M02: 9000, M03: '1', M04_amount: 1000, M04_fee: 900 }))
  await page.locator('.bar .go').click()
  await button('Yes, it is right').click()
  await button('A paper shows it').click()
  await page.getByRole('heading', { name: 'What was most of the money used for?' }).waitFor()
  const overrides = await page.evaluate(() => {
    const { fakePhone } = globalThis as unknown as { fakePhone: { drafts: ReadonlyMap<string, { overrides: unknown[] }> } }
    return [...fakePhone.drafts.values()][0]?.overrides
  })
  expect(overrides).toEqual([{ check: 'X14', place: { name: 'X14' }, reason: 'paper-seen' }])
})
