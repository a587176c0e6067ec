import { afterAll, beforeAll, expect, it } from 'vitest'
import { rowsOf } from '../../../collector/interview/values.ts'
import { openScreens, type ScreenBrowser } from './browser.ts'
import { everyKindDraft } from './family.ts'

let browser: ScreenBrowser
beforeAll(async () => {
  browser = await openScreens()
})
afterAll(() => browser.close())

it('a person answers a private question alone, and the enumerator never sees the answer', async () => {
  const { page } = browser
  await browser.open('form=every-kind', {}, everyKindDraft({ screen: 'question', at: { name: 'alone', repeat: 'person', row: 'row-1' } }))
  await page.getByRole('button', { name: 'Let the person answer alone' }).click()
  expect(await page.locator('.bar').count()).toBe(0)
  expect(await page.locator('header').isVisible()).toBe(false)
  await page.locator('.choice').getByText('Yes', { exact: true }).click()
  await page.getByRole('button', { name: 'Done, give the phone back' }).click()
  expect(await page.locator('.choice').count()).toBe(0)
  const hold = page.getByRole('button', { name: 'Enumerator: hold to go on' })
  await hold.click()
  expect(await hold.isVisible()).toBe(true)
  await hold.click({ delay: 900 })
  await page.getByRole('heading', { name: 'Which papers were taken from you?' }).waitFor()
  await page.evaluate(() => {
    const { fakePhone } = globalThis as unknown as { fakePhone: { drafts: ReadonlyMap<string, unknown> } }
    if (!JSON.stringify([...fakePhone.drafts]).includes('"alone":"1"')) throw new Error('the answer was not kept')
  })
})

it('an answer given before stays hidden until a held press', async () => {
  const { page } = browser
  const draft = everyKindDraft({ screen: 'question', at: { name: 'alone', repeat: 'person', row: 'row-1' } })
  const person = rowsOf(draft.answers, 'person').map((row) => ({ ...row, alone: '0' }))
  await browser.open('form=every-kind', {}, { ...draft, answers: { ...draft.answers, person } })
  expect(await page.locator('main input').count()).toBe(0)
  await page.getByText('The answer is hidden. Hold to show it.').click({ delay: 900 })
  expect(await page.locator('main input:checked').getAttribute('value')).toBe('0')
})

it('any question with answers to choose from may be answered alone, one of the enumerator may not', async () => {
  const { page } = browser
  const show = page.getByRole('button', { name: 'Let the person answer alone' })
  await browser.open('form=every-kind', {}, everyKindDraft({ screen: 'question', at: { name: 'home' } }))
  await page.getByRole('heading', { name: 'Number of this home' }).waitFor()
  expect(await show.count()).toBe(0)
  await browser.open('form=every-kind', {}, everyKindDraft({ screen: 'question', at: { name: 'lived', repeat: 'person', row: 'row-2' } }))
  await show.click()
  await page.locator('main .choice').first().click()
  await page.getByRole('button', { name: 'Done, give the phone back' }).click()
  await page.getByRole('button', { name: 'Enumerator: hold to go on' }).click({ delay: 900 })
  await page.getByRole('heading', { name: 'Do you feel safe here?' }).waitFor()
  const alone = await page.evaluate(() => {
    const { fakePhone } = globalThis as unknown as { fakePhone: { drafts: ReadonlyMap<string, { answeredAlone?: string[] }> } }
    return [...fakePhone.drafts.values()].flatMap(({ answeredAlone = [] }) => answeredAlone)
  })
  expect(alone).toEqual(['lived'])
})
