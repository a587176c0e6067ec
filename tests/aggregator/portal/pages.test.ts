import type { AddressInfo } from 'node:net'
import compression from 'compression'
import express from 'express'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { handleProblem } from '../../../aggregator/http/problems.ts'
import { parseBoundaries } from '../../../aggregator/portal/boundaries.ts'
import { showProblem } from '../../../aggregator/portal/problem-page.ts'
import { portalRoutes } from '../../../aggregator/portal/routes.ts'
import { barriersOn } from '../../support/barriers.ts'
import { launchChromium } from '../../support/chromium.ts'
import { sourceOf } from '../../support/released.ts'
import { townRelease } from '../../support/town-release.ts'

const square = (x: number) => [
  [
    [x, 0],
    [x, 1],
    [x + 1, 1],
    [x + 1, 0],
    [x, 0],
  ],
]
const boundaries = parseBoundaries(
  Buffer.from(
    JSON.stringify({
      type: 'FeatureCollection',
      features: ['B1', 'B2', 'B3', 'B4'].map((code, index) => ({
        properties: { code },
        geometry: { type: 'Polygon', coordinates: square(index) },
      })),
    }),
  ),
)
const publicUrl = 'http://portal.example'
const town = sourceOf(townRelease('2026', 900), townRelease('2025', 700))
const apps = [
  { releases: town, publicUrl, contact: 'Barangay hall, Mondays 9 to 12' },
  { releases: sourceOf(), publicUrl },
  { releases: town, publicUrl, boundaries: async () => boundaries },
  { releases: sourceOf({ ...townRelease('2026', 900), carried: ['B2'] }), publicUrl },
].map((dependencies) =>
  express().set('query parser', 'simple').use(compression()).use(portalRoutes(dependencies)).use(showProblem).use(handleProblem),
)
const servers = apps.map((each) => each.listen(0, '127.0.0.1'))
const address = (index: number) => {
  const bound = servers[index]?.address() as AddressInfo | undefined
  return `http://127.0.0.1:${bound?.port ?? 0}`
}
const text = async (path: string, index = 0) => (await fetch(`${address(index)}${path}`)).text()
const paths = [
  '/',
  '/indicators',
  '/indicators/MIG01',
  '/indicators/MIG01?view=map',
  '/indicators/MIG01?view=table',
  '/areas',
  '/areas/M1',
  '/areas/B4',
  '/areas/B1/sheet',
  '/releases',
  '/agreements',
  '/withdrawal',
  '/tables',
  '/tables?by=SEX&indicator=MIG01',
  '/tables?by=SEX&by=AGE&by=MIG_STATUS&indicator=POP01',
  '/compare?area=B1&area2=B2',
  '/compare?area=B1&release=2025-r1&area2=B1&release2=2026-r1',
  '/search?q=country',
  '/api',
] as const
/** A page on a phone's connection, in transferred bytes with all it needs. */
const mostBytes = 60_000

let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  for (const each of servers) each.close()
})

const looks = [
  ...(['en', 'ar'] as const).flatMap((language) =>
    [
      [language, 'light', 'screen'],
      [language, 'dark', 'screen'],
      [language, 'light', 'print'],
    ].map((look) => look as [string, 'light' | 'dark', 'screen' | 'print']),
  ),
  ['fil', 'light', 'screen'] as const,
] as const

describe.each(looks)('the public pages in %s, %s, on %s', (language, scheme, media) => {
  let page: Page
  let bytes = 0
  beforeAll(async () => {
    page = await browser.newPage({ viewport: { width: 320, height: 640 }, colorScheme: scheme })
    await page.emulateMedia({ media })
    const session = await page.context().newCDPSession(page)
    await session.send('Network.enable')
    session.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength
    })
  })
  afterAll(() => page.close())

  it.each(paths)('%s has no barrier that axe can see, fits 320 px and weighs at most 60 kB', async (path) => {
    bytes = 0
    const response = await page.goto(`${address(0)}${path}${path.includes('?') ? '&' : '?'}lang=${language}`)
    expect(response?.status()).toBe(200)
    expect(await page.evaluate(() => document.documentElement.dir)).toBe(language === 'ar' ? 'rtl' : 'ltr')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
    expect(bytes).toBeLessThanOrEqual(mostBytes)
    expect(await barriersOn(page)).toEqual([])
  })
})

describe('letters inside pictures', () => {
  // axe does not look into SVG: a dark label on a dark place would pass it.
  it.each([
    [0, '/', 'light'],
    [0, '/', 'dark'],
    [0, '/indicators/MIG01', 'dark'],
    [0, '/compare?area=B1&area2=B2', 'light'],
    [2, '/indicators/MIG01?view=map', 'dark'],
  ] as const)('stand out from what lies under them (app %i, %s, %s)', async (index, path, scheme) => {
    const page = await browser.newPage({ viewport: { width: 360, height: 640 }, colorScheme: scheme })
    await page.goto(`${address(index)}${path}`)
    const ratios = await page.evaluate(() => {
      const luminance = (colour: string) => {
        const [r = 0, g = 0, b = 0] = (/[\d.]+/g[Symbol.match](colour) ?? []).map((each) => {
          const part = Number(each) / 255
          return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
        })
        return 0.2126 * r + 0.7152 * g + 0.0722 * b
      }
      const hatch = 'rgb(185, 189, 196)'
      return [...document.querySelectorAll('svg text')].flatMap((text) => {
        if (text.textContent?.trim() === '') return []
        const box = text.getBoundingClientRect()
        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
        // The last shape that is painted before the text and lies under its middle.
        const under = [...(text.closest('svg')?.querySelectorAll('rect,path') ?? [])].findLast((shape) => {
          const { left, right, top, bottom } = shape.getBoundingClientRect()
          const before = text.compareDocumentPosition(shape) & Node.DOCUMENT_POSITION_PRECEDING
          return (
            before &&
            getComputedStyle(shape).fill !== 'none' &&
            !shape.closest('defs') &&
            left <= x &&
            x <= right &&
            top <= y &&
            y <= bottom
          )
        })
        const halo = getComputedStyle(text).stroke
        const paper = getComputedStyle(text.closest('.card') ?? document.body).backgroundColor
        const fill = under ? getComputedStyle(under).fill : paper
        const ground = halo !== 'none' ? halo : fill.startsWith('url') ? hatch : fill
        const [a, b] = [luminance(getComputedStyle(text).fill), luminance(ground)].toSorted((one, two) => two - one)
        return [{ text: text.textContent, ratio: ((a ?? 0) + 0.05) / ((b ?? 0) + 0.05) }]
      })
    })
    expect(ratios.length).toBeGreaterThanOrEqual(4)
    expect(ratios.filter(({ ratio }) => ratio < 4.5)).toEqual([])
    await page.close()
  })
})

describe('every picture', () => {
  it.each(paths)('on %s has its sentence and its table', async (path) => {
    const page = await text(path)
    const figures = page.match(/<figure>.*?<\/figure>/gs) ?? []
    for (const each of figures) {
      expect(each).toMatch(/role="img" aria-label="[^"]{10,}/)
      expect(each).toContain('<table>')
    }
    const pictures = (page.match(/role="img"/g) ?? []).length
    expect(pictures).toBe(figures.length + (path.endsWith('/sheet') ? (page.match(/class="shares"/g) ?? []).length * pictures : 0))
  })
})

describe('a withheld figure', () => {
  it('is a sign with its reason, never 0', async () => {
    const page = await text('/tables?by=SEX&by=AGE&by=MIG_STATUS&indicator=POP01')
    expect(page).toContain('<abbr title="withheld">⁂</abbr>')
    expect(page).not.toMatch(/<td>0<\/td>/)
  })
})

describe('an indicator page', () => {
  it('has its chart, map and table at addresses of their own, without a script', async () => {
    const [chart, map, table] = await Promise.all(['', '?view=map', '?view=table'].map((query) => text(`/indicators/MIG01${query}`)))
    expect(chart).toContain('data-label="Women"')
    expect(map).toContain('data-code="B1"')
    expect(table).not.toContain('<svg')
    expect(`${chart}${map}${table}`).not.toMatch(/<script(?! type="application\/ld\+json")/)
  })

  it('names five mistakes that fit this figure', async () => {
    const mistakes = /Five mistakes.*?<ol>(.*?)<\/ol>/s.exec(await text('/indicators/MIG01'))?.[1] ?? ''
    expect(mistakes.match(/<li>/g)).toHaveLength(5)
    expect(mistakes).toContain('It is only about: people living here')
    expect(mistakes).toContain('Taking it for the official series')
  })

  it('says in a band how many stand behind the figure, and how each release had it', async () => {
    const page = await text('/indicators/MIG01')
    expect(page).toContain('People or homes behind it: 500 to 999')
    expect(page).toMatch(/2026-r1<\/th>.*2025-r1<\/th>/s)
  })

  it('is found by search engines for data', async () => {
    const facts = JSON.parse(
      /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(await text('/indicators/MIG01'))?.[1] ?? '{}',
    ) as Record<string, unknown>
    expect(facts).toMatchObject({ '@type': 'Dataset', license: expect.stringContaining('creativecommons'), version: '2026-r1' })
  })
})

describe('a comparison', () => {
  it('of two places shows both figures; what rounding alone can make is no difference', async () => {
    const page = await text('/compare?area=B1&area2=B2')
    expect(page).toMatch(/Share of people born.*?data-label="Bagong Silang".*?data-label="Dalampasigan"/s)
    expect(page).toMatch(/how many were born[^\n]*about the same/)
    expect(page).toMatch(/How many people live here now[^\n]*360[^\n]*270[^\n]*−90/)
  })

  it('of one place in two rounds names the rounds', async () => {
    expect(await text('/compare?area=B1&release=2025-r1&area2=B1&release2=2026-r1')).toMatch(
      /Bagong Silang \(2025\).*Bagong Silang \(2026\)/s,
    )
  })
})

describe('the search', () => {
  it('finds indicators and places without accents or capitals, and no people', async () => {
    expect(await text('/search?q=BORN')).toContain('/indicators/MIG01')
    expect(await text('/search?q=dalampas')).toContain('/areas/B2')
    expect(await text('/search?q=Maria')).toContain('People cannot be searched')
  })

  it('shows what was typed as text', async () => {
    expect(await text('/search?q=%3Cscript%3Ealert(1)')).not.toContain('<script>alert')
  })
})

describe('the pages', () => {
  it('say which places keep the figures of the release before', async () => {
    const [kept, other, indicator] = await Promise.all(
      ['/areas/B2', '/areas/B1', '/indicators/MIG01'].map(async (path) => (await fetch(`${address(3)}${path}?lang=en`)).text()),
    )
    const sentence = 'are those of the release before'
    expect([kept, other, indicator].map((text) => text?.includes(sentence))).toEqual([true, false, true])
  })

  it('answer a repeated question with 304', async () => {
    const first = await fetch(`${address(0)}/indicators/MIG01`)
    const again = await fetch(`${address(0)}/indicators/MIG01`, {
      headers: { 'if-none-match': first.headers.get('etag') ?? '', 'cache-control': 'max-age=0' },
    })
    expect([first.status, again.status, (await again.text()).length]).toEqual([200, 304, 0])
  })

  it('say so when nothing has been published', async () => {
    expect(await text('/', 1)).toContain('Nothing has been published yet')
  })

  it('draw boundaries where the office has them', async () => {
    const page = await text('/indicators/MIG01?view=map', 2)
    expect(page.match(/<path[^>]*data-code="B\d"/g)).toHaveLength(4)
  })

  it('answer a person who asks for an unknown page with a page, in the language asked for', async () => {
    const response = await fetch(`${address(0)}/indicators/NOPE?lang=fil`, { headers: { accept: 'text/html,*/*' } })
    expect([response.status, response.headers.get('content-type')]).toEqual([404, expect.stringContaining('text/html')])
    expect(await response.text()).toContain('Walang ganitong pahina')
  })

  it('answer an unknown page with what to do', async () => {
    const response = await fetch(`${address(0)}/indicators/NOPE`)
    expect([response.status, await response.json()]).toEqual([
      404,
      expect.objectContaining({ detail: expect.stringContaining('Start again') }),
    ])
  })

  it('can be walked by keyboard: the first key skips to the figures, and boxes that scroll can be reached', async () => {
    const page = await browser.newPage()
    await page.goto(`${address(0)}/indicators`)
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('href'))).toBe('#main')
    const reached = await page.evaluate(() =>
      [...document.querySelectorAll('.scroll')].every((each) => (each as HTMLElement).tabIndex === 0),
    )
    expect(reached).toBe(true)
    await page.close()
  })
})
