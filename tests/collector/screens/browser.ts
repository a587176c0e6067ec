import { type Browser, chromium, type Page } from 'playwright-core'
import type { Draft } from '../../../collector/phone.ts'
import { chromiumFlags, findChromium } from '../../support/chromium.ts'
import { type BuiltScreens, serveScreens } from '../../support/screens-build.ts'

export interface Look {
  readonly language?: string
  readonly theme?: 'light' | 'dark'
  readonly sunlight?: boolean
}

/** A phone-sized browser with the screens on the fake phone. */
export interface ScreenBrowser {
  readonly page: Page
  readonly screens: BuiltScreens
  /** Opens the app; with a draft, inside that interview. `query` chooses form, state and records. */
  open(query: string, look?: Look, draft?: Draft): Promise<void>
  /** Page errors since the last call. */
  errors(): readonly string[]
  close(): Promise<void>
}

export async function openScreens(viewport = { width: 360, height: 640 }, flags: readonly string[] = []): Promise<ScreenBrowser> {
  const screens = await serveScreens()
  const browser: Browser = await chromium.launch({ executablePath: findChromium(), args: [...chromiumFlags, ...flags] })
  const page = await browser.newPage({ viewport })
  page.setDefaultTimeout(5000)
  let errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message))
  await page.goto(screens.url)
  return {
    page,
    screens,
    async open(query, { language = 'en', theme = 'light', sunlight = false } = {}, draft) {
      // Away from the app first, so that nothing it still writes lands in the new start.
      await page.goto(new URL('empty', screens.url).href)
      await page.evaluate(
        ([preferences, drafts]) => {
          localStorage.setItem('tala.preferences', preferences)
          localStorage.setItem('fake-phone.drafts', drafts)
        },
        [JSON.stringify({ language, theme, sunlight }), JSON.stringify(draft ? [[draft.id, draft]] : [])] as const,
      )
      await page.goto(`${screens.url}?now=2026-11-21T12:40:00Z&${query}`)
      await page.locator(`html[lang="${language}"] h1`).waitFor()
      if (!draft) return
      await page.locator('.record.started').click()
      await page.locator('.interview').waitFor()
    },
    errors() {
      const seen = errors
      errors = []
      return seen
    },
    async close() {
      await browser.close()
      await screens.close()
    },
  }
}
