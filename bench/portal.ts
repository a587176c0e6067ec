// 200 readers on released tables and pages, beside a static file served by the same process.
// `npm run bench:portal -- [--readers N] [--seconds S] [--json FILE]`; made-up people, seeded, no network.
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { parseArgs, promisify } from 'node:util'
import { communityTables, madeUpPeople } from '../tests/aggregator/disclosure/community.ts'
import { publishTables } from '../tests/support/released-office.ts'
import { openTestOffice } from '../tests/support/test-office.ts'

const { values } = parseArgs({
  options: { readers: { type: 'string', default: '200' }, seconds: { type: 'string', default: '8' }, json: { type: 'string' } },
})
interface Measured {
  readonly requests: number
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly bytes: number
  readonly statuses: Readonly<Record<string, number>>
}

// One proxy is believed, so that each reader counts under an address of its own.
const house = await openTestOffice({ change: { trustedProxies: 1 } })
try {
  const areas = Object.fromEntries([['_T', 'Town'], ...Array.from({ length: 6 }, (_, at) => [`B0${at + 1}`, `Place ${at + 1}`] as const)])
  const release = await publishTables(house.office, communityTables(madeUpPeople(6, 600, 2, 3), 6), { areas })
  const tables = release.tables.map(({ id }) => `/api/v1/releases/${release.id}/tables/${id}`)
  const kinds: Readonly<Record<string, readonly string[]>> = {
    // A file too small to be compressed, and one that is compressed at every request: the first is the harder rival.
    static: ['/portal.svg'],
    zipped: ['/portal.css'],
    tables: tables.flatMap((path) => [`${path}?format=csv`, `${path}?format=json-stat`, `${path}?format=json`]),
    pages: [
      '/?lang=en',
      '/indicators?lang=en',
      '/indicators/IND01?lang=en',
      '/areas/B01?lang=ar',
      '/tables?indicator=IND01&by=SEX&lang=en',
    ],
    sdmx: ['/sdmx/v2/data/dataflow/TALA/DF_TALA/1.0.0/A.B01.POP01?format=csv', '/sdmx/v2/data/dataflow/TALA/DF_TALA/1.0.0?format=jsondata'],
  }
  const results: Record<string, Measured> = {}
  // Twice round: the first one warms up and is not counted.
  for (const [round, seconds] of [1, Number(values.seconds)].entries())
    for (const [kind, paths] of Object.entries(kinds)) {
      const measured = await measure(paths, seconds)
      if (round === 0) continue
      results[kind] = measured
      const refused = Object.entries(measured.statuses).filter(([status]) => status !== '200')
      console.log(
        `${kind.padEnd(8)} ${measured.perSecond.toFixed(0).padStart(7)} requests/s   p50 ${measured.p50.toFixed(1).padStart(6)} ms   p99 ${measured.p99.toFixed(1).padStart(6)} ms   ${(measured.bytes / measured.requests / 1000).toFixed(1)} kB each${refused.length > 0 ? `   NOT 200: ${JSON.stringify(refused)}` : ''}`,
      )
    }
  const ratio = (kind: string) => Number(((results[kind]?.perSecond ?? 0) / (results['static']?.perSecond ?? 1)).toFixed(3))
  const ratios = { tables: ratio('tables'), pages: ratio('pages'), sdmx: ratio('sdmx') }
  console.log(`requests/s beside the static file (goal 0.3 for tables): ${JSON.stringify(ratios)}`)
  if (values.json) await writeFile(values.json, `${JSON.stringify({ readers: Number(values.readers), results, ratios })}\n`)
} finally {
  await house.remove()
}

async function measure(paths: readonly string[], seconds: number): Promise<Measured> {
  const work = JSON.stringify({ base: house.url, paths, readers: Number(values.readers), seconds })
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'bench/portal/readers.ts', work])
  return JSON.parse(stdout) as Measured
}
