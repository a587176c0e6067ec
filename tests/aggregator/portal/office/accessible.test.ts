import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { barriersOn } from '../../../support/barriers.ts'
import { chromiumFlags, findChromium } from '../../../support/chromium.ts'
import { openTestOffice, type TestOffice } from '../../../support/test-office.ts'

const pages = [
  '/office',
  '/office/fieldwork',
  '/office/fieldwork/quality',
  '/office/people',
  '/office/agreements',
  '/office/audit',
  '/office/check',
  '/office/desk',
  '/office/desk/table?indicator=POP01&by=SEX',
  '/office/desk/definitions',
  '/office/desk/plan',
  '/office/desk/query',
  '/office/desk/notebook',
  '/office/sign-in',
  '/office/join',
]
let house: TestOffice
let browser: Browser

beforeAll(async () => {
  house = await openTestOffice()
  browser = await chromium.launch({ executablePath: findChromium(), args: chromiumFlags })
})
afterAll(async () => {
  await browser.close()
  await house.remove()
})

describe('pages of the office', () => {
  it.each(pages.flatMap((page) => (['light', 'dark'] as const).map((scheme) => [page, scheme] as const)))(
    '%s, %s, has no barrier that axe can see and fits 320 px',
    async (path, colorScheme) => {
      const context = await browser.newContext({ viewport: { width: 320, height: 640 }, colorScheme })
      const session = house.office.sessions.start('terminal')
      await context.addCookies([{ name: 'tala-office', value: session, url: `${house.url}/office` }])
      const page = await context.newPage()
      expect((await page.goto(`${house.url}${path}`))?.status()).toBe(200)
      expect(await barriersOn(page)).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
      if (process.env['TALA_PICTURES'])
        await page.screenshot({ path: `${process.env['TALA_PICTURES']}/${path.replace(/\W+/g, '-')}-${colorScheme}.png`, fullPage: true })
      await context.close()
    },
  )
})
