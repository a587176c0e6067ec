import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { custodyOf } from '../../../aggregator/custodian/custody.ts'
import { auditEntries } from '../../../aggregator/custodian/custody-office.ts'
import { createMarks } from '../../../aggregator/custody/marks.ts'
import { guessesPerAddress } from '../../../aggregator/http/rate-limits.ts'
import { barriersOn } from '../../support/barriers.ts'
import { launchChromium } from '../../support/chromium.ts'
import { openTestOffice, type TestOffice } from '../../support/test-office.ts'

let house: TestOffice
const staying = 'STAY-HERE'
const gone = 'K7QF-2M9X'

/** Two interviews; one household took its own back. */
beforeAll(async () => {
  house = await openTestOffice({ change: { trustedProxies: 1 } })
  const { id: round, areas } = await house.office.round()
  const marks = createMarks(house.office.keys)
  await house.office.warehouse.write(async (connection) => {
    for (const [record, code] of [
      ['r:phone1:one', gone],
      ['r:phone1:two', staying],
    ] as const)
      await connection.run(
        `insert into ledger (record_id, rev, sha256, kind, root, device, round, area, status, received, household_key, withdrawal_code, consent_interview)
         values ($record, '1', 'ab', 'interview', $record, 'phone1', $round, $area, 'accepted', 1, uuid(), $mark, true)`,
        { record, round, area: areas.at(-1)?.code ?? '', mark: marks.ofCode(code) },
      )
  })
  await custodyOf(house.office).withdraw({ code: gone })
})
afterAll(() => house.remove())

/** What a browser without JavaScript gets; each from another address, as the limit is per address. */
let visitors = 0
const ask = async (code: string, { lang = 'en', from = `10.0.0.${++visitors}`, origin = '' } = {}) => {
  const response = await fetch(`${house.url}/withdrawal?lang=${lang}`, {
    method: 'POST',
    headers: { 'x-forwarded-for': from, ...(origin === '' ? {} : { origin }) },
    body: new URLSearchParams({ code }),
  })
  return { status: response.status, cache: response.headers.get('cache-control'), text: await response.text() }
}
const main = (page: string) => /<main.*<\/main>/s.exec(page)?.[0] ?? ''

describe('the proof of a withdrawal', () => {
  it('shows who holds the code when it came, when each place was cleaned, and the entries of the chain', async () => {
    const { status, text, cache } = await ask('k7qf 2m9x')
    expect(status).toBe(200)
    expect(cache).toBe('no-store')
    expect(text).toContain('Taken back and erased')
    expect(text.match(/<th scope="row">/g)).toHaveLength(5)
    const about = (await auditEntries(house.folder)).filter(({ subject }) => subject === createMarks(house.office.keys).ofCode(gone))
    expect(about.map(({ action }) => action)).toEqual(['withdrawal.asked', 'withdrawal.done'])
    for (const { hash } of about) expect(text).toContain(hash)
  })

  it('holds neither code, nor record, nor phone, nor area, nor the keyed hash that finds it', async () => {
    const { text } = await ask(gone)
    const { areas } = await house.office.round()
    const secrets = [gone, 'phone1', 'r:', areas.at(-1)?.code ?? '', createMarks(house.office.keys).ofCode(gone)]
    for (const each of secrets) expect(main(text)).not.toContain(each)
  })

  it('says the same of an interview that stays and of a code that nobody has', async () => {
    const [stays, nobody, nothing] = [await ask(staying), await ask('ZZZZ-ZZZZ'), await ask('')]
    expect(stays.text).toBe(nobody.text)
    expect(stays.text).toBe(nothing.text)
    expect(stays.text).toContain('No withdrawal with this code')
  })

  it('reads in Arabic', async () => {
    expect((await ask(gone, { lang: 'ar' })).text).toMatch(/dir="rtl".*سُحبت ومُحيت/s)
  })

  it.each([
    ['en', 'light'],
    ['ar', 'dark'],
  ] as const)('is asked for by keyboard, and has no barrier that axe can see and fits 320 px (%s, %s)', async (lang, colorScheme) => {
    const browser = await launchChromium()
    try {
      const page = await browser.newPage({
        viewport: { width: 320, height: 640 },
        colorScheme,
        extraHTTPHeaders: { 'x-forwarded-for': `10.1.0.${++visitors}` },
      })
      await page.goto(`${house.url}/withdrawal?lang=${lang}`)
      await page.focus('input[name=code]')
      await page.keyboard.type(gone)
      await page.keyboard.press('Enter')
      await page.waitForSelector('.hashes')
      expect(await barriersOn(page)).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
      if (process.env['TALA_PICTURES'])
        await page.screenshot({ path: `${process.env['TALA_PICTURES']}/withdrawal-${lang}.png`, fullPage: true })
    } finally {
      await browser.close()
    }
  })

  it('is refused to a form of another site', async () => {
    expect((await ask(gone, { origin: 'https://elsewhere.example' })).status).toBe(403)
  })

  it('of a code whose interview has not arrived says that it will not be taken in', async () => {
    await custodyOf(house.office).withdraw({ code: 'NOTY-ET11' })
    expect((await ask('NOTY-ET11')).text).toContain('it will not be taken in')
  })

  it('lets nobody try many codes, lucky ones or not', async () => {
    const tries = await Promise.all(Array.from({ length: guessesPerAddress }, () => ask(gone, { from: '10.9.9.9' })))
    const fresh = tries.filter(({ status }) => status === 200)
    expect(fresh.length).toBeGreaterThan(0)
    expect((await ask(gone, { from: '10.9.9.9' })).status).toBe(429)
  })
})
