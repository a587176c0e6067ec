// The interview on a slow phone: real app, real Chromium, throttled processor. `npm run bench:collector -- [--throttle 6] [--json FILE]`
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { enrolmentLink } from '../aggregator/fieldwork/enrolment-link.ts'
import { invite } from '../aggregator/fieldwork/invitations.ts'
import { Enumerator } from '../tests/e2e/enumerator.ts'
import { family } from '../tests/collector/screens/family.ts'
import { createRandom } from '../tests/simulation/random.ts'
import { cheapPhone, launchChromium, launchWithProfile } from '../tests/support/chromium.ts'
import { buildCollectorWhenStale } from '../tests/support/collector-build.ts'
import { serveScreens } from '../tests/support/screens-build.ts'
import { openTestOffice } from '../tests/support/test-office.ts'
import { cold, floor, nameHelper, throttled, warm } from './collector/interactive.ts'
import { measureRoster } from './collector/large-roster.ts'
import { median, quantile } from './collector/statistics.ts'
import { listen, tapsOf } from './collector/taps.ts'
import { weigh } from './collector/weight.ts'

const { values: options } = parseArgs({ options: { throttle: { type: 'string', default: '6' }, json: { type: 'string' } } })
const rate = Number(options.throttle)
const pin = '271928'
/** Screens of one interview that are timed. */
const mostScreens = 90

buildCollectorWhenStale()
const house = await openTestOffice()
const profile = mkdtempSync(join(tmpdir(), 'tala-bench-phone-'))
const open = () => launchWithProfile(profile, { ...cheapPhone, locale: 'en-PH' })
const url = `${house.url}/collector/`
const round = await house.office.round()
const questionnaire = await house.office.questionnaire(round.questionnaire)
if (!questionnaire) throw new Error('the round has no questionnaire')
const area = round.areas.find(({ level }) => level === 'barangay')
const household = { ...family, area: area?.code ?? '' }
const scene = { today: { year: new Date().getFullYear(), month: new Date().getMonth() + 1 }, homeCountry: 'PHL', random: createRandom(11) }

let context = await open()
const first = context.pages()[0] ?? (await context.newPage())
const { code } = await invite(house.office.stores.office, {}, new Date())
await new Enumerator(first, questionnaire, household, scene).setUp(enrolmentLink(house.url, code), pin)
await first.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
await context.close()

const coldMs = await cold(open, url, rate)
context = await open()
const blank = context.pages()[0] ?? (await context.newPage())
await blank.goto('about:blank')
const warmMs = await warm(context, url, rate)
const floorMs = await floor(context, url, rate)

const page = await context.newPage()
await page.addInitScript(nameHelper)
await page.addInitScript(listen)
await page.goto(url)
const enumerator = new Enumerator(page, questionnaire, household, scene)
await enumerator.enterPin(pin)
await page.getByRole('button', { name: 'New interview' }).waitFor()
await throttled(page, rate)
await enumerator.begin(area?.name ?? '')
let seen = 0
await enumerator.walk(({ kind }) => {
  seen += 1
  return kind === 'summary' || seen > mostScreens
})
const { nextMs, durableMs } = await tapsOf(page)
await context.close()
await house.remove()
rmSync(profile, { recursive: true, force: true })

const screens = await serveScreens()
const browser = await launchChromium()
const rosters = []
for (const members of [15, 40, 200]) rosters.push(await measureRoster(browser, screens, members, rate))
await browser.close()
await screens.close()

const { jsGz, cssGz, shellGz, languagesGz } = weigh('dist/collector')
const ms = (value: number) => `${value.toFixed(0)} ms`
console.log(`Processor slowed ${rate} times; medians unless said otherwise.\n`)
console.table({
  'plain HTML of the same screen': { time: ms(floorMs), ratio: 1 },
  'app opens again (warm)': { time: ms(warmMs), ratio: Number((warmMs / floorMs).toFixed(1)) },
  'app opens in a new process (cold)': { time: ms(coldMs), ratio: Number((coldMs / floorMs).toFixed(1)) },
})
console.table({
  'next question': { median: ms(median(nextMs)), p95: ms(quantile(nextMs, 0.95)), samples: nextMs.length },
  'answer to durable': { median: ms(median(durableMs)), p99: ms(quantile(durableMs, 0.99)), samples: durableMs.length },
})
console.table(rosters.map((each) => Object.fromEntries(Object.entries(each).map(([name, value]) => [name, Math.round(value * 10) / 10]))))
console.table({ 'JavaScript, gz bytes': jsGz, 'of it before the first screen': shellGz, 'CSS, gz bytes': cssGz, ...languagesGz })

const largest = rosters.at(-1)
if (options.json !== undefined) {
  const figures = {
    [`interactive_cold_ms_${rate}x`]: coldMs,
    [`interactive_warm_ms_${rate}x`]: warmMs,
    [`next_p95_ms_${rate}x`]: quantile(nextMs, 0.95),
    [`roster200_add_ms_${rate}x`]: largest?.addMs,
    roster200_heap_mb: largest?.heapMb,
    [`durable_p99_ms_${rate}x`]: quantile(durableMs, 0.99),
    js_gz_bytes: jsGz,
    css_gz_bytes: cssGz,
    [`floor_interactive_ms_${rate}x`]: floorMs,
  }
  writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`)
}
