import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import express from 'express'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { handleProblem } from '../../../aggregator/http/problems.ts'
import { portalRoutes } from '../../../aggregator/portal/routes.ts'
import { launchChromium } from '../../support/chromium.ts'
import { exampleRelease, sourceOf } from '../../support/released.ts'

const app = express()
app.use(portalRoutes({ releases: sourceOf(exampleRelease()) }))
app.use(handleProblem)
const empty = express()
empty.use(portalRoutes({ releases: sourceOf() }))
empty.use(handleProblem)
const servers = [app, empty].map((each) => each.listen(0, '127.0.0.1'))
const address = (index: number) => {
  const bound = servers[index]?.address() as AddressInfo | undefined
  return `http://127.0.0.1:${bound?.port ?? 0}`
}
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const paths = [
  '/',
  '/indicators',
  '/indicators/MIG01',
  '/areas',
  '/areas/A1',
  '/releases',
  '/tables',
  '/tables?by=SEX&indicator=MIG01',
  '/api',
] as const

let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  for (const each of servers) each.close()
})

describe('the public pages', () => {
  it.each(
    paths.flatMap((path) =>
      [
        ['en', 'light'],
        ['fil', 'dark'],
      ].map(([language, scheme]) => [path, language, scheme] as const),
    ),
  )('%s in %s, %s, has no barrier that axe can see and fits 320 px', async (path, language, scheme) => {
    const page = await browser.newPage({ viewport: { width: 320, height: 640 }, colorScheme: scheme === 'dark' ? 'dark' : 'light' })
    const response = await page.goto(`${address(0)}${path}${path.includes('?') ? '&' : '?'}lang=${language}`)
    expect(response?.status()).toBe(200)
    expect(Number((await response?.body())?.length)).toBeLessThan(60_000)
    await page.evaluate(axe)
    const violations = await page.evaluate(async () => {
      const { axe } = window as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }
      return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)
    })
    expect(violations).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
    await page.close()
  })

  it('show a withheld figure as withheld, never as 0', async () => {
    const text = await (await fetch(`${address(0)}/areas/A2`)).text()
    expect(text).toContain('⁂')
    expect(text).not.toMatch(/<td>0<\/td>/)
  })

  it('say so when nothing has been published', async () => {
    expect(await (await fetch(`${address(1)}/`)).text()).toContain('Nothing has been published yet')
  })

  it('answer an unknown page with what to do', async () => {
    const response = await fetch(`${address(0)}/indicators/NOPE`)
    expect([response.status, await response.json()]).toEqual([
      404,
      expect.objectContaining({ detail: expect.stringContaining('Start again') }),
    ])
  })
})
