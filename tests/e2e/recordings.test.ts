import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { enrolmentLink } from '../../aggregator/fieldwork/enrolment-link.ts'
import { invite } from '../../aggregator/fieldwork/invitations.ts'
import { addRecordings } from '../../aggregator/fieldwork/recordings.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { type Sound, writeRecordings } from '../../schemas/recordings/recordings.ts'
import { createRandom } from '../simulation/random.ts'
import { cheapPhone, launchWithProfile } from '../support/chromium.ts'
import { openTestOffice, type TestOffice } from '../support/test-office.ts'
import { Enumerator } from './enumerator.ts'

// A pack goes from the office over a bad connection to a phone: what has arrived is not fetched again.

let house: TestOffice
let profile = ''
let context: BrowserContext
let questionnaire: Questionnaire

beforeAll(async () => {
  house = await openTestOffice()
  profile = await mkdtemp(join(tmpdir(), 'tala-phone-'))
  const found = await house.office.questionnaire((await house.office.round()).questionnaire)
  if (!found) throw new Error('the round has no questionnaire')
  questionnaire = found
}, 120_000)

afterAll(async () => {
  await context.close()
  await house.remove()
  await rm(profile, { recursive: true, force: true })
})

/** Not heard here, only carried: the mark of a sound file, then noise that does not deflate. */
function noise(seed: number): Sound {
  const random = createRandom(seed)
  const bytes = Uint8Array.from({ length: 150_000 }, () => random.whole(0, 255))
  bytes.set([0x1a, 0x45, 0xdf, 0xa3])
  return { type: 'audio/webm', bytes }
}

it('recordings come from the office to the phone, and go on where the connection broke', { timeout: 120_000 }, async () => {
  const keys = ['questions/A07', 'questions/consent_intro', 'choices/yes_no_plain/1', 'choices/yes_no_plain/0']
  const sounds = new Map(keys.map((key, seed) => [key, noise(seed + 1)]))
  const offer = await addRecordings(
    house.office.stores.office,
    questionnaire,
    writeRecordings({ questionnaire: questionnaire.id, language: 'en', sounds }),
  )
  expect(offer.parts).toBe(3)

  context = await launchWithProfile(profile, { ...cheapPhone, locale: 'en-PH' })
  const page = context.pages()[0] ?? (await context.newPage())
  const people = { area: '', number: '12', people: [], agrees: true, wealth: 0.5 }
  const enumerator = new Enumerator(page, questionnaire, people, {
    today: { year: 2026, month: 11 },
    homeCountry: 'PHL',
    random: createRandom(1),
  })
  const { code } = await invite(house.office.stores.office, {}, new Date())
  await enumerator.setUp(enrolmentLink(house.url, code), '271928')
  await expect.poll(() => page.getByText('Has not met the server yet.').count(), { timeout: 20_000 }).toBe(0)

  const fetched: string[] = []
  let isBroken = true
  await page.route('**/device/recordings/**', async (route) => {
    const part = new URL(route.request().url()).pathname.split('/').at(-1) ?? ''
    if (isBroken && part === '1') return route.abort('internetdisconnected')
    fetched.push(part)
    return route.continue()
  })
  await enumerator.press('Settings')
  await enumerator.press('Recordings')
  await enumerator.press('Bring it to this phone')
  await page.getByText('It stopped.').waitFor()
  isBroken = false
  await enumerator.press('Bring it to this phone')
  await page.getByText(/English.*ready/).waitFor()
  expect(fetched).toEqual(['0', '1', '2'])

  await enumerator.press('Back')
  await enumerator.press('Back')
  await enumerator.press('New interview')
  await enumerator.press('Start')
  for (const [question, answer] of [
    ['Home number', '04-12'],
    ['Result of this visit', 'Completed'],
  ] as const) {
    await page.getByRole('heading', { name: new RegExp(question) }).waitFor()
    if (question === 'Home number') await page.locator('main input').fill(answer)
    else await page.locator('.choice').getByText(answer, { exact: true }).click()
    await enumerator.press('Next')
  }
  await page.getByRole('heading', { name: 'Which language do we use?' }).waitFor()
  expect(await page.getByRole('button', { name: 'Listen to the question' }).count()).toBe(0)
  await page.locator('.top .where').click()
  await page.locator('.card').first().click()
  const phone = await page.evaluate(async () => {
    const cache = await caches.open('tala-recordings:household:en')
    return (await cache.keys()).map(({ url }) => new URL(url).pathname).toSorted()
  })
  expect(phone).toEqual(['/recordings/about', ...keys.map((key) => `/recordings/${key}`)].toSorted())
})
