import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Draft, DraftPlace } from '../../../collector/phone.ts'
import { nodesOf } from '../../../schemas/interview/nodes.ts'
import { everyKind } from '../../support/every-kind.ts'
import { openScreens, type ScreenBrowser } from './browser.ts'
import { everyKindDraft, familyDraft } from './family.ts'

// WCAG 2.2 AA, as far as a machine can judge it: every screen and kind of question, in both directions and all three lights.

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

let browser: ScreenBrowser
beforeAll(async () => {
  // Tall, so that the bar at the bottom covers nothing: what it covers is reached by scrolling.
  browser = await openScreens({ width: 360, height: 2400 })
})
afterAll(() => browser.close())

interface Screen {
  readonly title: string
  readonly query: string
  readonly draft?: Draft
  /** What is tapped before looking, by its selector. */
  readonly taps?: readonly string[]
}

const kinds: readonly Screen[] = nodesOf(everyKind.items).flatMap(({ item, repeat }) => {
  if (item.kind !== 'question') return []
  const place: DraftPlace = {
    screen: 'question',
    at: repeat ? { name: item.name, repeat: repeat.name, row: 'row-1' } : { name: item.name },
  }
  return [{ title: `${item.type} ${item.name}`, query: 'form=every-kind', draft: everyKindDraft(place) }]
})

const toTheStudio = ['.top .quiet', 'main .plain.wide >> nth=0', 'main button.plain.wide', 'main button.plain.wide']

const screens: readonly Screen[] = [
  { title: 'enrolment', query: 'state=new' },
  { title: 'enrolment of a phone whose browser lost its database', query: 'state=new&left=3' },
  { title: 'unlocking', query: 'state=locked' },
  { title: 'the list of the day', query: 'records=1' },
  { title: 'a record that needs attention', query: 'records=1', taps: ['.record.attention'] },
  { title: 'the start of an interview', query: '', taps: ['.bar .go'] },
  { title: 'the listing of a home', query: '', taps: ['main .plain.wide >> nth=0', '.bar .go'] },
  { title: 'help for the enumerator', query: '', taps: ['main .plain.wide >> nth=2', 'summary'] },
  {
    title: 'the time to come back',
    query: '',
    draft: familyDraft({ screen: 'summary' }, {}, { A03: '2' }),
    taps: ['main .go.wide', '.choice'],
  },
  { title: 'the card for the respondent', query: '', draft: familyDraft({ screen: 'summary' }), taps: ['.top .where', 'main .plain.wide'] },
  { title: 'settings', query: '', taps: ['.top .quiet'] },
  { title: 'the recordings', query: '', taps: ['.top .quiet', 'main .plain.wide >> nth=0'] },
  { title: 'the choice of a language to record', query: '', taps: toTheStudio.slice(0, -1) },
  { title: 'a sentence to record', query: '', taps: toTheStudio },
  {
    title: 'a respondent who answers alone',
    query: 'form=every-kind',
    draft: everyKindDraft({ screen: 'question', at: { name: 'alone', repeat: 'person', row: 'row-1' } }),
    taps: ['main .plain.wide'],
  },
  {
    title: 'a respondent who answers one by one',
    query: 'form=every-kind',
    draft: everyKindDraft({ screen: 'question', at: { name: 'harm', repeat: 'person', row: 'row-1' } }),
    taps: ['main .plain.wide'],
  },
  { title: 'the device check', query: '', taps: ['main .plain.wide:last-of-type'] },
  { title: 'the copies without internet', query: '', taps: ['.copies'] },
  { title: 'a hand-over', query: '', taps: ['.copies', '.stack .card:nth-child(1)'] },
  { title: 'a hand-over as pictures', query: '', taps: ['.copies', '.stack .card:nth-child(1)', 'main > .plain'] },
  { title: 'what is carried for other phones', query: '', taps: ['.copies', '.stack .card:nth-child(2)'] },
  { title: 'a backup', query: '', taps: ['.copies', '.stack .card:nth-child(3)'] },
  { title: 'bringing back a backup', query: '', taps: ['.copies', '.stack .card:nth-child(4)'] },
  { title: 'a second window', query: 'state=elsewhere' },
  { title: 'a phone whose lease is over', query: 'state=closed' },
  { title: 'a new PIN for a forgotten one', query: 'state=closed#enrol=abcdefgh' },
  {
    title: 'names of the roster',
    query: 'form=every-kind',
    draft: everyKindDraft({ screen: 'roster', repeat: 'person' }),
    taps: ['.bar .go'],
  },
  { title: 'cards of the roster', query: '', draft: familyDraft({ screen: 'roster', repeat: 'person' }) },
  {
    title: 'the menu of a member',
    query: '',
    draft: familyDraft({ screen: 'member', repeat: 'person', row: 'row-1' }),
    taps: ['main .plain.wide'],
  },
  {
    title: 'a question with something wrong',
    query: 'form=every-kind',
    draft: everyKindDraft({ screen: 'question', at: { name: 'papers' } }),
    taps: ['.bar .go'],
  },
  { title: 'the list to jump in', query: '', draft: familyDraft({ screen: 'summary' }), taps: ['.top .where'] },
  { title: 'a complete summary', query: '', draft: familyDraft({ screen: 'summary' }) },
  { title: 'a summary with what is missing', query: 'form=every-kind', draft: everyKindDraft({ screen: 'summary' }) },
  { title: 'the end', query: '', draft: familyDraft({ screen: 'summary' }), taps: ['.bar .go'] },
  { title: 'a practice interview', query: '', draft: { ...familyDraft({ screen: 'question', at: { name: 'A05' } }), practice: true } },
  ...kinds,
]

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
}

async function violations(): Promise<readonly string[]> {
  const { page } = browser
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeSource)
  return page.evaluate(async (tags) => {
    const { axe } = globalThis as unknown as { axe: { run(context: unknown, options: unknown): Promise<{ violations: Violation[] }> } }
    const found: string[] = []
    const lights = [
      ['light', false],
      ['dark', false],
      ['light', true],
    ] as const
    for (const [index, [theme, sunlight]] of lights.entries()) {
      document.documentElement.dataset.theme = theme
      document.documentElement.toggleAttribute('data-sunlight', sunlight)
      // Only colours change with the light.
      const runOnly = index === 0 ? { type: 'tag', values: tags } : { type: 'rule', values: ['color-contrast'] }
      const { violations: seen } = await axe.run(document, { runOnly, resultTypes: ['violations'] })
      for (const { id, nodes } of seen) {
        for (const { html, failureSummary } of nodes)
          found.push(`${sunlight ? 'sunlight' : theme}: ${id}: ${html.slice(0, 160)} ${failureSummary ?? ''}`)
      }
    }
    return found
  }, standards)
}

/** Targets smaller than 48 px, and content wider than the screen. */
async function tooSmallOrWide(): Promise<readonly string[]> {
  return browser.page.evaluate(() => {
    const small = [
      ...document.querySelectorAll('button, .choice, .month, input:not([type=radio], [type=checkbox], [type=file], [type=range])'),
    ]
      .filter((each) => {
        const { width, height } = each.getBoundingClientRect()
        return width > 0 && (height < 48 || width < 48)
      })
      .map((each) => `under 48 px: ${each.outerHTML.slice(0, 120)}`)
    const wide = document.documentElement.scrollWidth > innerWidth ? [`scrolls sideways: ${document.documentElement.scrollWidth} px`] : []
    return [...small, ...wide]
  })
}

describe.each(['en', 'ar'])('in %s', (language) => {
  it.each(screens)('$title can be used by everybody', async ({ query, draft, taps = [] }) => {
    await browser.open(
      query,
      { language },
      draft && { ...draft, questionLanguage: draft.questionnaire.id === 'every-kind' ? language : 'en' },
    )
    for (const tap of taps) await browser.page.locator(tap).first().click()
    await browser.page.locator('h1').waitFor()
    // A screen that is loaded when it is first shown says so until it is there.
    await browser.page.locator('main h1').first().waitFor()
    expect(await violations()).toEqual([])
    expect(await tooSmallOrWide()).toEqual([])
    expect(browser.errors()).toEqual([])
  })
})

describe('at 320 px and text twice as large', () => {
  it.each(screens)('$title does not scroll sideways', async ({ query, draft, taps = [] }) => {
    await browser.page.setViewportSize({ width: 320, height: 640 })
    await browser.open(query, {}, draft)
    await browser.page.addStyleTag({ content: 'html { font-size: 200% }' })
    for (const tap of taps) await browser.page.locator(tap).first().click()
    await browser.page.locator('h1').waitFor()
    expect(await tooSmallOrWide()).toEqual([])
  })
})
