import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Row } from '../../../schemas/interview/answers.ts'
import { openScreens, type ScreenBrowser } from './browser.ts'
import { familyDraft } from './family.ts'

let browser: ScreenBrowser
beforeAll(async () => {
  browser = await openScreens()
})
afterAll(() => browser.close())

/** A phone whose disk takes two seconds for each answer, at a question with many answers of which none is given. */
const withSlowDisk = () => {
  const draft = familyDraft({ screen: 'question', at: { name: 'D02', repeat: 'person', row: 'row-1' } })
  const person = (draft.answers['person'] as readonly Row[]).map((row): Row => ({ ...row, D02: undefined }))
  return browser.open('save=2000', {}, { ...draft, answers: { ...draft.answers, person } })
}
const isWriting = () => browser.page.evaluate(() => 'writing' in document.documentElement.dataset)

describe('an answer on a phone with a slow disk', () => {
  it('takes the tick of the answer before away in the same moment', async () => {
    await withSlowDisk()
    await browser.page.locator('.tick svg').waitFor()
    const seen = await browser.page.evaluate(() => {
      document.querySelector<HTMLElement>('main .choice input')?.click()
      return getComputedStyle(document.querySelector('.tick svg') ?? document.body).visibility
    })
    expect(seen).toBe('hidden')
  })

  it('is drawn before it is written, and the tick stands again when it is', async () => {
    await withSlowDisk()
    await browser.page.locator('main .choice').first().click()
    await browser.page.locator('main .choice.chosen').waitFor()
    expect(await isWriting()).toBe(true)
    await browser.page.locator('.tick svg').waitFor()
    expect(await isWriting()).toBe(false)
  })

  it('is not forgotten by the next tap, however soon that comes', async () => {
    await withSlowDisk()
    await browser.page.evaluate(async () => {
      const [first, second] = document.querySelectorAll<HTMLElement>('main .choice input')
      first?.click()
      await new Promise<void>((resolve) => {
        const { port1, port2 } = new MessageChannel()
        port1.addEventListener('message', () => resolve())
        port1.start()
        port2.postMessage(null)
      })
      second?.click()
    })
    await browser.page.locator('main .choice.chosen').nth(1).waitFor()
    expect(await browser.page.locator('main .choice.chosen').count()).toBe(2)
    expect(browser.errors()).toEqual([])
  })
})
