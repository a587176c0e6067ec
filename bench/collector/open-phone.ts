import type { BrowserContext } from 'playwright-core'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { Enumerator } from '../../tests/e2e/enumerator.ts'
import type { Household } from '../../tests/simulation/people.ts'
import type { Scene } from '../../tests/simulation/respondent.ts'
import { measureCrowdedHome } from './crowded-home.ts'
import { cold, floor, nameHelper, throttled, warm } from './interactive.ts'
import { listen, type Taps, tapsOf } from './taps.ts'

export interface PhoneTimes extends Taps {
  readonly coldMs: number
  readonly warmMs: number
  readonly floorMs: number
  /** From the PIN to the list of all records. */
  readonly unlockMs: number
  /** From an answer to the end of the transaction that holds it, in the large home. */
  readonly crowdedDurableMs: readonly number[]
}

export interface BenchPhone {
  readonly open: () => Promise<BrowserContext>
  readonly url: string
  readonly pin: string
  readonly questionnaire: Questionnaire
  readonly household: Household
  readonly scene: Scene
  /** Name of the area in which it works. */
  readonly area: string
}

/** Between two taps, in milliseconds: what drives the browser runs on the same slowed processor and must not run while the app works. */
const pauseMs = 200

/** Screens of one interview that are timed. */
const mostScreens = 90

/** Opens the phone cold and warm, unlocks it, and interviews a household without a network. */
export async function measurePhone(
  { open, url, pin, questionnaire, household, scene, area }: BenchPhone,
  rate: number,
): Promise<PhoneTimes> {
  const coldMs = await cold(open, url, rate)
  const context = await open()
  await (context.pages()[0] ?? (await context.newPage())).goto('about:blank')
  const warmMs = await warm(context, url, rate)
  const floorMs = await floor(context, url, rate)
  const page = await context.newPage()
  await page.addInitScript(nameHelper)
  await page.addInitScript(listen)
  await page.goto(url)
  await context.setOffline(true)
  await throttled(page, rate)
  const enumerator = new Enumerator(page, questionnaire, household, scene, pauseMs)
  const start = performance.now()
  await enumerator.enterPin(pin)
  await page.getByRole('button', { name: 'New interview' }).waitFor()
  const unlockMs = performance.now() - start
  await enumerator.begin(area)
  let seen = 0
  await enumerator.walk(({ kind }) => {
    seen += 1
    return kind === 'summary' || seen > mostScreens
  })
  const taps = await tapsOf(page)
  await page.close()
  const again = await context.newPage()
  await again.addInitScript(nameHelper)
  const crowdedDurableMs = await measureCrowdedHome(again, new Enumerator(again, questionnaire, household, scene), url, pin, rate)
  await context.close()
  return { coldMs, warmMs, floorMs, unlockMs, crowdedDurableMs, ...taps }
}
