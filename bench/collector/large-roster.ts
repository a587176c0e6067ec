import type { Browser, CDPSession, Page } from 'playwright-core'
import type { Draft } from '../../collector/phone.ts'
import type { Answers } from '../../schemas/interview/answers.ts'
import type { BuiltScreens } from '../../tests/support/screens-build.ts'
import { draftOf } from '../../tests/collector/screens/family.ts'
import { householdForm, questionnaire } from '../../tests/collector/interview/household.ts'
import { interview } from '../../tests/simulation/interviewer.ts'
import { createRandom } from '../../tests/simulation/random.ts'
import type { Person } from '../../tests/simulation/people.ts'
import { median } from './statistics.ts'

export interface RosterTimes {
  readonly members: number
  readonly openMs: number
  readonly addMs: number
  readonly nextMs: number
  readonly backMs: number
  readonly heapMb: number
}

/** A home of many people, every question of everybody answered: how long a tap takes, and how much memory. */
export async function measureRoster(browser: Browser, screens: BuiltScreens, members: number, throttle: number): Promise<RosterTimes> {
  const page = await browser.newPage({ viewport: { width: 360, height: 640 } })
  const session = await page.context().newCDPSession(page)
  await page.goto(new URL('empty', screens.url).href)
  await page.evaluate((drafts) => localStorage.setItem('fake-phone.drafts', drafts), JSON.stringify([['r:fake:1', crowdedDraft(members)]]))
  await page.goto(`${screens.url}?now=2026-11-21T12:40:00Z&memory`)
  await page.locator('.record.started').click()
  await page.locator('.member').first().waitFor()
  await session.send('Emulation.setCPUThrottlingRate', { rate: throttle })
  const [open, next, back, add]: number[][] = [[], [], [], []]
  for (let turn = 0; turn < 5; turn++) {
    open?.push(await timed(page, `.member .card >> nth=${turn}`, 'h1#question'))
    next?.push(await timed(page, '.bar .go', 'h1#question'))
    back?.push(await timed(page, '.bar .back', 'h1#question'))
    while ((await page.locator('.member').count()) === 0) {
      await page.evaluate(() => document.querySelector<HTMLElement>('.bar .back')?.click())
      await page.waitForTimeout(50)
    }
    await page.locator('.wide.add').click()
    await page.locator('.adding input').fill(`New ${turn}`)
    add?.push(await timed(page, '.adding button', '.member:last-of-type'))
  }
  const heapMb = await heapOf(session)
  await page.close()
  return { members, openMs: median(open ?? []), nextMs: median(next ?? []), backMs: median(back ?? []), addMs: median(add ?? []), heapMb }
}

/** Milliseconds from a tap to the frame that shows its result. */
async function timed(page: Page, tap: string, result: string): Promise<number> {
  const target = await page.locator(tap).elementHandle()
  return page.evaluate(
    async ([element, selector]) => {
      const before = document.querySelector(selector)?.textContent
      const count = document.querySelectorAll('.member').length
      const start = performance.now()
      ;(element as HTMLElement | null)?.click()
      for (;;) {
        await new Promise((frame) => requestAnimationFrame(frame))
        const now = document.querySelector(selector)
        if ((now && now.textContent !== before) || document.querySelectorAll('.member').length !== count) break
        if (performance.now() - start > 20_000) throw new Error(`nothing came of a tap: ${selector}`)
      }
      await new Promise((frame) => requestAnimationFrame(frame))
      return performance.now() - start
    },
    [target, result] as const,
  )
}

async function heapOf(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return usedSize / 1e6
}

export function crowdedDraft(members: number): Draft {
  const random = createRandom(members)
  const people = Array.from({ length: members }, (_, index): Person => {
    const age = random.whole(20, 60)
    const relationship = index === 0 ? '01' : '12'
    return {
      name: `Person ${index + 1}`,
      relationship,
      sex: 'F',
      birthYear: 2026 - age,
      birthMonth: 3,
      age,
      marital: 'S',
      history: { kind: 'local' },
    }
  })
  const household = { area: '0402109001', number: `04-${members}`, people, agrees: true, wealth: 0.5 }
  let ids = 0
  const answers: Answers = interview(householdForm(), household, { today: { year: 2026, month: 11 }, homeCountry: 'PHL', random }, () => {
    ids += 1
    return `row-${ids}`
  })
  return draftOf(questionnaire, answers, { screen: 'roster', repeat: 'person' })
}
