// The main job, once, with every stage real: npm run demo -- [--households N] [--seed S] [--devices D] [--exit] [--json FILE]
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createApp } from '../../aggregator/app.ts'
import { parseConfig } from '../../aggregator/config.ts'
import { enrolmentLink } from '../../aggregator/fieldwork/enrolment-link.ts'
import { invite } from '../../aggregator/fieldwork/invitations.ts'
import { storeListing } from '../../aggregator/fieldwork/listings.ts'
import { createLabels } from '../../aggregator/formats/labels.ts'
import { openOffice } from '../../aggregator/open-office.ts'
import { openAlone } from '../../aggregator/releases/approval.ts'
import { makeRelease } from '../../aggregator/releases/make-release.ts'
import { releaseMaterials } from '../../aggregator/release-now.ts'
import { buildCollectorWhenStale } from '../support/collector-build.ts'
import { interviewTown } from './interview-town.ts'
import { startStage } from './progress.ts'
import { createRandom } from './random.ts'
import { simulatedDevice } from './device.ts'
import { terminalReport } from './terminal-report.ts'
import { makeTown } from './town.ts'

const { values } = parseArgs({
  options: {
    households: { type: 'string', default: '400' },
    seed: { type: 'string', default: '1' },
    devices: { type: 'string', default: '6' },
    port: { type: 'string', default: '0' },
    exit: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
})
const households = whole('households', values.households, 1, 100_000)
const seed = whole('seed', values.seed, 0, 2 ** 32 - 1)
const deviceCount = whole('devices', values.devices, 1, 64)
const port = whole('port', values.port, 0, 65_535) || (await freePort())

const dataFolder = await mkdtemp(join(tmpdir(), 'tala-demo-'))
const quiet = {
  info() {},
  warn() {},
  error: (facts: object, message: string) => void process.stderr.write(`${message} ${JSON.stringify(facts)}\n`),
}
const config = parseConfig({
  ...process.env,
  TALA_DATA: dataFolder,
  TALA_PORT: String(port),
  TALA_PUBLIC_URL: undefined,
  COUCHDB_URL: process.env.COUCHDB_URL,
})
process.stderr.write(`A made-up municipality: ${households} households, seed ${seed}, ${deviceCount} phones.\n`)
if (!values.exit) buildCollectorWhenStale()

const opening = startStage('open')
// Invented lines, money per person and year: the made-up municipality lies in no province that has real ones.
const office = await openOffice(config, { log: quiet, settings: { poverty_line: 34_200, food_line: 23_900 } })
const listening = await listen()
const url = config.publicUrl
opening.end('keys, stores and warehouse made')

const random = createRandom(seed)
const round = await office.round()
const now = new Date()
const town = makeTown(random, round.areas, households, { year: now.getFullYear(), month: now.getMonth() + 1 })
const homes = Object.fromEntries(round.areas.map(({ code }) => [code, town.filter(({ area }) => area === code).length]))
await storeListing(office.stores.office, {
  round: round.id,
  homes: Object.fromEntries(Object.entries(homes).filter(([, count]) => count > 0)),
})
const devices = await Promise.all(
  Array.from({ length: deviceCount }, async (_, index) => {
    const device = simulatedDevice(`demo-${index}`, createRandom(seed + 1 + index))
    const { code } = await invite(office.stores.office, {}, office.now())
    const enrolment = await device.enrol(enrolmentLink(url, code))
    await device.sync()
    return { device, enrolment }
  }),
)

const interviewing = startStage('interview')
const { finished, persons } = await interviewTown(town, devices, {
  random,
  now,
  homeCountry: 'PHL',
  onDone: (done) => interviewing.count(done, households),
})
const interviewSeconds = interviewing.end(`${finished} households, ${persons} people, answered offline and sealed`)

const syncing = startStage('sync')
const pushes = await Promise.all(devices.map(({ device }) => device.sync()))
const pushed = pushes.reduce((sum, each) => sum + each.pushed, 0)
const syncSeconds = syncing.end(`${pushed} sealed records pushed by ${deviceCount} phones`)

const ingesting = startStage('ingest')
const counts = await office.ingest.once()
const ingestSeconds = ingesting.end(`${counts.accepted} accepted, ${counts.held} held, ${counts.quarantined} in quarantine`)

const receiving = startStage('receipts')
await Promise.all(devices.map(({ device }) => device.sync()))
const states = (await Promise.all(devices.map(({ device }) => device.entries()))).flat()
const accepted = states.filter(({ state }) => state === 'accepted').length
const held = states.filter(({ state }) => state === 'held').length
receiving.end(`phones know of ${accepted} accepted and ${held} held`)

const releasing = startStage('release')
const made = await makeRelease(await releaseMaterials(office), { onProgress: ({ done, total }) => releasing.count(done, total) })
await openAlone({ dataFolder, audit: office.audit }, made.release.id, { who: 'the demo', at: office.now().toISOString() })
const { cells, published, withheld } = made.release.manifest.protection
releasing.end(`${made.indicators} indicators, ${published} of ${cells} figures published, ${withheld} withheld`)

const result = {
  interviews: { finished, pushed, accepted, held },
  persons,
  indicators: made.indicators,
  release: { id: made.release.id, cells, published, suppressed: withheld },
  seconds: {
    interview: interviewSeconds,
    sync: syncSeconds,
    ingest: ingestSeconds,
    indicators: made.seconds.tabulate,
    protect: made.seconds.protect,
  },
}
const nothingLost = finished === accepted + held
if (values.json) await writeFile(values.json, `${JSON.stringify(result)}\n`)
process.stdout.write(`\n${terminalReport(made.release, createLabels('en', made.release.areas))}\n\n`)
process.stdout.write(`${finished} finished = ${accepted} accepted + ${held} held${nothingLost ? '' : ': NOT EQUAL, something was lost'}\n`)
await Promise.all(devices.map(({ device }) => device.close()))

if (values.exit) await stop(nothingLost ? 0 : 1)
else {
  const { key } = await office.agreements.create({ who: 'Demo ministry', purpose: 'trying Tala', until: '2099-12-31' })
  const { code } = await invite(office.stores.office, {}, office.now())
  office.ingest.follow()
  process.stdout.write(`
  Portal      ${url}/
  Collector   ${enrolmentLink(url, code)}   (once, within 24 hours)
  Office      ${url}/office/enter#${office.entrance.issue()}   (once, within an hour)
  API         ${url}/api/v1/releases/latest
  Extract     curl -H "Authorization: Bearer ${key}" -o release.zip ${url}/api/v1/extracts/${made.release.id}.zip

  Ctrl+C ends the demo and removes ${dataFolder}
`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(nothingLost ? 0 : 1))
}

async function listen(): Promise<Server> {
  const server = createApp(office).listen(config.port, '127.0.0.1')
  await new Promise<void>((ready, failed) => server.once('listening', ready).once('error', failed))
  return server
}

/** Links must carry the port, so it is known before anything is opened. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise((ready) => probe.once('listening', ready))
  const { port: free } = probe.address() as AddressInfo
  await new Promise((closed) => probe.close(closed))
  return free
}

async function stop(code: number): Promise<void> {
  listening.close()
  listening.closeAllConnections()
  await office.close()
  await rm(dataFolder, { recursive: true, force: true })
  process.exit(code)
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= least && value <= most) return value
  process.stderr.write(`--${name} must be a whole number from ${least} to ${most}.\n`)
  process.exit(2)
}
