import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rowsOf } from '../../../collector/interview/values.ts'
import type { Draft } from '../../../collector/phone.ts'
import { interfaceLanguages } from '../../../collector/text/words.ts'
import { openScreens, type ScreenBrowser } from './browser.ts'
import { familyDraft } from './family.ts'

// Ten key screens in every language, as pictures for people to look at (references/*/*.webp) and as structure for the test: what is on the
// screen, in which order, by role, the same in every language. Pixels are not compared, because another machine has other letters.
// `REFERENCES=write npx vitest run tests/collector/screens/references.test.ts` makes both anew; then look at them.

const folder = new URL('references/', import.meta.url)
const isWriting = process.env.REFERENCES === 'write'

interface KeyScreen {
  readonly name: string
  readonly query?: string
  readonly draft?: Draft
  readonly taps?: readonly string[]
}

const of = (name: string) => ({ screen: 'question' as const, at: { name, repeat: 'person', row: 'row-1' } })
const asked = (name: string) => ({ screen: 'question' as const, at: { name } })
const safety = { ask_module_l: 1, certified: 1 }

/** The family before Amina was asked a private question. */
function notYetAsked(name: string): Draft {
  const draft = familyDraft(of(name), safety)
  const person = rowsOf(draft.answers, 'person').map((row) => ({ ...row, [name]: undefined }))
  return { ...draft, answers: { ...draft.answers, person } }
}

const screens: readonly KeyScreen[] = [
  { name: 'today', query: 'records=1' },
  { name: 'listing', taps: ['main .plain.wide >> nth=0', '.bar .go'] },
  { name: 'consent', draft: familyDraft(asked('A07')) },
  { name: 'people', draft: familyDraft({ screen: 'roster', repeat: 'person' }) },
  { name: 'age', draft: familyDraft(of('B05')) },
  { name: 'pictures', draft: familyDraft(of('C04')) },
  { name: 'tick-all', draft: familyDraft(of('D02')) },
  { name: 'alone', query: 'module-l', draft: notYetAsked('F11'), taps: ['.plain.wide:has(.icon)'] },
  { name: 'summary', draft: familyDraft({ screen: 'summary' }, {}, { M01: undefined, N04: undefined }) },
  { name: 'come-back', draft: familyDraft({ screen: 'summary' }, {}, { A03: '2' }), taps: ['main .go.wide', '.choice'] },
]

let browser: ScreenBrowser
beforeAll(async () => {
  browser = await openScreens()
})
afterAll(() => browser.close())

const look = async (screen: KeyScreen, language: string) => {
  const { draft } = screen
  await browser.open(screen.query ?? '', { language }, draft && { ...draft, questionLanguage: language })
  for (const tap of screen.taps ?? []) await browser.page.locator(tap).first().click()
  await browser.page.locator('main h1').first().waitFor()
}

/** Roles and states without their words: what a screen reader walks through. */
async function structure(): Promise<string> {
  // The note that a language is a draft stands in all but English.
  await browser.page.addStyleTag({ content: '.draft { display: none }' })
  const tree = await browser.page.locator('body').ariaSnapshot()
  return tree
    .split('\n')
    .map((line) =>
      line
        .replace(/ "(?:[^"\\]|\\.)*"/, '')
        .replace(/^(\s*- [a-z]+(?: \[[^\]]*\])*):? .+$/, '$1')
        .replace(/^(\s*- text):$/, '$1'),
    )
    .filter((line, index, all) => !line.trim().startsWith('- text') || line !== all[index - 1])
    .join('\n')
}

describe.each(interfaceLanguages.map(({ code }) => code))('in %s', (language) => {
  it.each(screens)('$name has everything in its place, and nothing sticks out', async (screen) => {
    await look(screen, language)
    const file = new URL(`${screen.name}.txt`, folder)
    if (isWriting) {
      mkdirSync(new URL(`${language}/`, folder), { recursive: true })
      writeFileSync(new URL(`${language}/${screen.name}.webp`, folder), await picture())
    }
    const found = await structure()
    if (isWriting && language === 'en') writeFileSync(file, `${found}\n`)
    expect(`${found}\n`).toBe(readFileSync(file, 'utf8'))
    expect(await browser.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    expect(browser.errors()).toEqual([])
  })
})

/** The screen as WebP, encoded by the browser itself. */
async function picture(): Promise<Buffer> {
  await browser.page.waitForTimeout(150)
  const png = (await browser.page.screenshot()).toString('base64')
  const webp = await browser.page.evaluate(async (encoded) => {
    const image = new Image()
    image.src = `data:image/png;base64,${encoded}`
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = image.width
    canvas.height = image.height
    canvas.getContext('2d')?.drawImage(image, 0, 0)
    return canvas.toDataURL('image/webp', 0.6).split(',')[1] ?? ''
  }, png)
  return Buffer.from(webp, 'base64')
}
