import { readdirSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { weigh } from '../../../bench/collector/weight.ts'
import { buildCollectorWhenStale } from '../../support/collector-build.ts'

// Each kilobyte is paid for by an enumerator with a prepaid card and a slow phone. Gzip bytes of the built app.

beforeAll(() => buildCollectorWhenStale())

describe('the app on its way to a phone', () => {
  it('is found at all: an empty folder would always be light', () => {
    expect(readdirSync('dist/collector/assets').filter((name) => name.endsWith('.js')).length).toBeGreaterThan(3)
  })

  it('needs at most 95 kB of code in all, WebAssembly and everything loaded later included', () => {
    expect(weigh('dist/collector').jsGz).toBeLessThanOrEqual(95_000)
  })

  it('has at most 5 kB of CSS', () => {
    expect(weigh('dist/collector').cssGz).toBeLessThanOrEqual(5_000)
  })

  it('carries a language in at most 150 kB', () => {
    for (const [language, bytes] of Object.entries(weigh('dist/collector').languagesGz))
      expect([language, bytes <= 150_000]).toEqual([language, true])
  })
})
