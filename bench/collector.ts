// The interview on a slow phone: real app, real Chromium, throttled processor, 1,000 finished records on the device.
// `npm run bench:collector -- [--throttle 6] [--records 1000] [--json FILE]`; without --throttle at 4x and 6x.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { enrolmentLink } from '../aggregator/fieldwork/enrolment-link.ts'
import { invite } from '../aggregator/fieldwork/invitations.ts'
import { Enumerator } from '../tests/e2e/enumerator.ts'
import { householdForm } from '../tests/collector/interview/household.ts'
import { family } from '../tests/collector/screens/family.ts'
import { interview } from '../tests/simulation/interviewer.ts'
import { createRandom } from '../tests/simulation/random.ts'
import { cheapPhone, launchChromium, launchWithProfile } from '../tests/support/chromium.ts'
import { buildCollectorWhenStale } from '../tests/support/collector-build.ts'
import { serveScreens } from '../tests/support/screens-build.ts'
import { openTestOffice } from '../tests/support/test-office.ts'
import { fillPhone } from './collector/fill-phone.ts'
import { crowdedDraft, measureRoster, type RosterTimes } from './collector/large-roster.ts'
import { type BenchPhone, measurePhone, type PhoneTimes } from './collector/open-phone.ts'
import { median, quantile } from './collector/statistics.ts'
import { weigh } from './collector/weight.ts'

const { values: options } = parseArgs({
  options: { throttle: { type: 'string' }, records: { type: 'string', default: '1000' }, json: { type: 'string' } },
})
const rates = options.throttle === undefined ? [4, 6] : [Number(options.throttle)]

const started = performance.now()
/** On the other stream: the tables stay clean. */
const lap = (what: string) => console.error(`${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  ${what}`)
buildCollectorWhenStale()
const house = await openTestOffice()
const profile = mkdtempSync(join(tmpdir(), 'tala-bench-phone-'))
const round = await house.office.round()
const questionnaire = await house.office.questionnaire(round.questionnaire)
if (!questionnaire) throw new Error('the round has no questionnaire')
const area = round.areas.find(({ level }) => level === 'barangay') ?? { code: '', name: '' }
const phone: BenchPhone = {
  open: () => launchWithProfile(profile, { ...cheapPhone, locale: 'en-PH' }),
  url: `${house.url}/collector/`,
  pin: '271928',
  questionnaire,
  household: { ...family, area: area.code },
  scene: { today: { year: new Date().getFullYear(), month: new Date().getMonth() + 1 }, homeCountry: 'PHL', random: createRandom(11) },
  area: area.name,
}

const { code } = await invite(house.office.stores.office, {}, new Date())
const context = await phone.open()
const page = context.pages()[0] ?? (await context.newPage())
await new Enumerator(page, questionnaire, phone.household, phone.scene).setUp(enrolmentLink(house.url, code), phone.pin)
await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
await page.goto('about:blank')
let rows = 0
const answers = interview(householdForm(), phone.household, phone.scene, () => `row-${(rows += 1)}`)
const records = await fillPhone(
  context,
  house.url,
  { pin: phone.pin, area: area.code, answers, open: crowdedDraft(200) },
  Number(options.records),
)
await context.close()
lap(`${records} records on the device`)

const measured: { readonly rate: number; readonly phone: PhoneTimes; readonly rosters: readonly RosterTimes[] }[] = []
for (const rate of rates) {
  const times = await measurePhone(phone, rate)
  lap(`opened, unlocked and interviewed at ${rate}x`)
  const [screens, browser] = [await serveScreens(), await launchChromium()]
  const rosters = []
  for (const members of [15, 40, 200]) {
    rosters.push(await measureRoster(browser, screens, members, rate))
    lap(`roster of ${members} at ${rate}x`)
  }
  await browser.close()
  await screens.close()
  measured.push({ rate, phone: times, rosters })
}
await house.remove()
rmSync(profile, { recursive: true, force: true })

const ms = (value: number) => `${value.toFixed(0)} ms`
console.log(`${records} records on the device; medians unless said otherwise; "floor" is the same screen as plain HTML.\n`)
const byRate = (pick: (times: PhoneTimes) => string) => Object.fromEntries(measured.map((each) => [`${each.rate}x`, pick(each.phone)]))
const toFloor = (value: number, { floorMs }: PhoneTimes) => `${ms(value)} (${(value / floorMs).toFixed(1)} floors)`
console.table({
  'plain HTML of the first screen (floor)': byRate(({ floorMs }) => ms(floorMs)),
  'app opens again (warm)': byRate((times) => toFloor(times.warmMs, times)),
  'app opens in a new process (cold)': byRate((times) => toFloor(times.coldMs, times)),
  'PIN to the list of all records': byRate(({ unlockMs }) => ms(unlockMs)),
  'next question, median': byRate(({ nextMs }) => ms(median(nextMs))),
  'next question, p95': byRate(({ nextMs }) => ms(quantile(nextMs, 0.95))),
  'answer to durable, median': byRate(({ durableMs }) => ms(median(durableMs))),
  'answer to durable, p95': byRate(({ durableMs }) => ms(quantile(durableMs, 0.95))),
  'answer to durable, p99': byRate(({ durableMs }) => ms(quantile(durableMs, 0.99))),
  'answer to durable at 200 members, median': byRate(({ crowdedDurableMs }) => ms(median(crowdedDurableMs))),
  'answer to durable at 200 members, p99': byRate(({ crowdedDurableMs }) => ms(quantile(crowdedDurableMs, 0.99))),
  'answer to the tick, p99': byRate(({ tickMs }) => ms(quantile(tickMs, 0.99))),
})
console.table(
  measured.flatMap(({ rate, rosters }) =>
    rosters.map((each) => ({
      throttle: `${rate}x`,
      ...Object.fromEntries(Object.entries(each).map(([name, value]) => [name, Math.round(value * 10) / 10])),
    })),
  ),
)
const { jsGz, cssGz, shellGz, languagesGz } = weigh('dist/collector')
console.table({ 'code, gz bytes': jsGz, 'of it before the first screen': shellGz, 'CSS, gz bytes': cssGz, ...languagesGz })

const slowest = measured.at(-1)
if (options.json !== undefined && slowest) {
  const { rate, phone: times, rosters } = slowest
  const largest = rosters.at(-1)
  const figures = {
    [`interactive_cold_ms_${rate}x`]: times.coldMs,
    [`interactive_warm_ms_${rate}x`]: times.warmMs,
    [`next_p95_ms_${rate}x`]: quantile(times.nextMs, 0.95),
    [`roster200_add_ms_${rate}x`]: largest?.addMs,
    roster200_heap_mb: largest?.heapMb,
    [`durable_p99_ms_${rate}x`]: quantile(times.durableMs, 0.99),
    js_gz_bytes: jsGz,
    css_gz_bytes: cssGz,
    [`floor_interactive_ms_${rate}x`]: times.floorMs,
    [`roster200_open_ms_${rate}x`]: largest?.openMs,
    [`durable200_p99_ms_${rate}x`]: quantile(times.crowdedDurableMs, 0.99),
    records_on_device: records,
  }
  writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`)
}
