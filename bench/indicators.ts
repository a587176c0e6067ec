// All additive person indicators x sex x age x status x 1,000 areas, from the stored table.
// `npm run bench:indicators -- [--persons N] [--json FILE] [--skip-slow] [--keep FOLDER] [--only base,sets,each,frames,ingest]`; seeded, no network.
// Parts run one by one add to the same JSON file.
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { cellsOf } from '../aggregator/indicators/column-table.ts'
import { isAdditive, openLattice } from '../aggregator/indicators/lattice.ts'
import { loadDefinitions } from '../aggregator/indicators/load-definitions.ts'
import type { LatticeSnapshot } from '../aggregator/indicators/snapshot.ts'
import type { Questionnaire } from '../schemas/questionnaire.ts'
import { groupingSetsOnce, oneQueryEach, plainLoops, timed, type Took, type Totals } from './indicators/contestants.ts'
import { dataTable, pandas, runFrames } from './indicators/data-frames.ts'
import { censusRound, makeCensus, makeViews } from './indicators/made-up-census.ts'
import { runPostgres } from './indicators/postgres.ts'
import { underIngest } from './indicators/under-ingest.ts'
import { writeColumns } from './indicators/write-columns.ts'

const { values: options } = parseArgs({
  options: {
    persons: { type: 'string', default: '200000' },
    json: { type: 'string' },
    'skip-slow': { type: 'boolean', default: false },
    // The made-up census takes minutes at 10 million: kept here, it is made once.
    keep: { type: 'string' },
    only: { type: 'string' },
  },
})
const persons = Number(options.persons)
const parts = options.only?.split(',') ?? (options['skip-slow'] ? ['base', 'ingest'] : ['base', 'sets', 'each', 'frames', 'ingest'])
const runs = (part: string) => parts.includes(part)
const questionnaire = JSON.parse(
  await readFile(new URL('../schemas/generated/household/questionnaire.json', import.meta.url), 'utf8'),
) as Questionnaire
const indicators = (await loadDefinitions()).filter((each) => each.definition.level === 'person' && isAdditive(each))
const round = censusRound()
const setting = { questionnaire, round }

/** Keys that every result file has; null where a part did not run. */
const keys = [
  'base_s',
  'vs_floor',
  'vs_grouping_sets',
  'vs_one_query_each',
  'vs_pandas',
  'vs_data_table',
  'vs_postgres',
  // While 500 homes a second arrive and are taken in, by requests at fixed times.
  'query_p99_ms_under_ingest',
  'refresh_ms',
  'rss_mb',
]
const before = options.json && options.only && existsSync(options.json) ? JSON.parse(readFileSync(options.json, 'utf8')) : {}
const results: Record<string, unknown> = {
  persons,
  indicators: indicators.length,
  ...Object.fromEntries(keys.map((key) => [key, null])),
  ...before,
}
const note = (name: string, value: number, unit = '') => {
  results[name] = Number(value.toPrecision(4))
  console.log(`${name.padEnd(28)} ${String(results[name])} ${unit}`)
}

const folder = options.keep ?? (await mkdtemp(join(tmpdir(), 'tala-bench-')))
await mkdir(folder, { recursive: true })

const databaseSettings = { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' }

async function inDatabase(path: string, work: (connection: DuckDBConnection) => Promise<void>): Promise<void> {
  const instance = await DuckDBInstance.create(path, databaseSettings)
  const connection = await instance.connect()
  try {
    await work(connection)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** The census of this size: made once. */
async function censusFile(): Promise<string> {
  const path = join(folder, `census-${persons}.duckdb`)
  if (existsSync(path)) return path
  await inDatabase(`${path}.new`, async (connection) => {
    note('generate_s', (await timed(() => makeCensus(connection, indicators, questionnaire, persons))).seconds, 's')
    await connection.run('CHECKPOINT')
  })
  await rename(`${path}.new`, path)
  return path
}

/** A fast wrong answer is no answer: the totals of every contestant must be ours. */
function mustAgree(name: string, totals: Totals, snapshot: LatticeSnapshot): void {
  for (const [key, total] of totals) {
    const [id = '', measure = ''] = key.split(' ')
    const table = snapshot.table(id, [])
    const [cell] = table ? cellsOf(table) : []
    const own = measure === 'respondents' || measure === 'withoutAnswer' || measure === 'cases' ? (cell?.[measure] ?? 0) : 0
    // A cell without respondents is not in a table, so what was not answered there is not told either.
    if (own !== total && !(cell === undefined && measure === 'withoutAnswer'))
      throw new Error(`${name} differs in ${key}: ${total}, not ${own}.`)
  }
  console.log(`  ${name}: ${totals.size} totals are the same`)
}

const middle = (taken: readonly Took[]) =>
  taken.toSorted((a, b) => a.seconds - b.seconds)[Math.floor(taken.length / 2)] ?? { seconds: 0, cpuSeconds: 0 }
const versus = (name: string, { seconds, cpuSeconds }: Took, base: Took, remark = '') => {
  note(name.replace('vs_', '').concat('_s'), seconds, `s, ${cpuSeconds.toPrecision(4)} s of CPU`)
  note(name, seconds / base.seconds, `times faster ${remark}`)
  note(`${name}_cpu`, cpuSeconds / base.cpuSeconds, 'times less CPU')
}

async function compare(connection: DuckDBConnection): Promise<void> {
  await makeViews(connection)
  // Interleaved, so that both have the same minutes of a machine that others use too; the middle one counts.
  const repeats = persons > 2_000_000 ? 1 : 3
  const [own, sets]: [Took[], Took[]] = [[], []]
  const opened: { snapshot?: LatticeSnapshot } = {}
  for (let repeat = 0; repeat < repeats; repeat++) {
    own.push(
      await timed(async () => {
        opened.snapshot = (await openLattice(connection, { indicators, ...setting, by: ['SEX', 'AGE', 'MIG_STATUS'] })).snapshot()
      }),
    )
    if (repeat === 0) note('rss_mb', process.memoryUsage.rss() / 1e6, 'MB after the first of ours')
    if (!runs('sets')) continue
    const { took, totals } = await groupingSetsOnce(indicators, { connection, ...setting })
    sets.push(took)
    if (repeat === 0 && opened.snapshot) mustAgree('GROUPING SETS', totals, opened.snapshot)
  }
  const { snapshot } = opened
  if (!snapshot) throw new Error('The lattice did not open.')
  const base = middle(own)
  note('base_s', base.seconds, 's (scan, base cells, every total of areas)')
  note('base_cpu_s', base.cpuSeconds, 's of CPU')
  note('rows_per_s', persons / base.seconds)
  note('vs_floor', base.cpuSeconds / plainLoops(persons, 3 * indicators.length), 'times the CPU of plain loops over ready arrays')
  if (sets.length) versus('vs_grouping_sets', middle(sets), base)
  if (runs('each')) {
    const took = await oneQueryEach(indicators, { connection, ...setting })
    versus('vs_one_query_each', took, base, '(3 measured, the rest taken as alike)')
  }
  if (!runs('frames')) return
  const every = persons > 2_000_000 ? 4 : 1
  const columns = await writeColumns(indicators, { connection, ...setting }, await mkdtemp(join(tmpdir(), 'tala-columns-')))
  for (const [key, library] of [['vs_pandas', pandas] as const, ['vs_data_table', dataTable] as const]) {
    const found = await runFrames(library, indicators, columns, every)
    if (typeof found === 'string') {
      console.log(`  ${library.name}: ${found}, not compared`)
      continue
    }
    mustAgree(`${found.version}, ${Math.round(found.megabytes)} MB`, found.totals, snapshot)
    versus(key, found.took, base, every === 1 ? '' : `(every ${every}th indicator measured, their share of the time scaled)`)
  }
  if (persons > 200_000) console.log('  PostgreSQL: not compared above 200,000 people, it takes minutes')
  else {
    const found = await runPostgres(indicators, columns)
    if (!found) console.log('  PostgreSQL: not on this machine, not compared')
    else {
      mustAgree('PostgreSQL', found.totals, snapshot)
      note('postgres_s', found.seconds, 's')
      note('vs_postgres', found.seconds / base.seconds, 'times faster')
    }
  }
  await rm(columns.folder, { recursive: true })
}

async function followIngest(census: string): Promise<void> {
  const { refreshMs, sustained, unthrottled } = await underIngest({ census, ...setting })
  note('refresh_ms', refreshMs, 'ms from the commit of 1,000 homes, 5,000 people, to the figures')
  for (const [name, during] of [['under_ingest', sustained] as const, ['under_backlog', unthrottled] as const]) {
    note(`query_p50_ms_${name}`, during.table.p50, 'ms over HTTP')
    note(`query_p99_ms_${name}`, during.table.p99, 'ms over HTTP')
    note(`bare_p50_ms_${name}`, during.bare.p50, 'ms for an answer without a table')
    note(`bare_p99_ms_${name}`, during.bare.p99, 'ms for an answer without a table')
    note(`loop_p99_ms_${name}`, during.loopP99, 'ms that the event loop was late')
    note(`homes_per_s_${name}`, during.homesPerSecond, 'homes a second taken in meanwhile')
  }
  note('rss_mb_at_end', process.memoryUsage.rss() / 1e6, 'MB')
}

console.log(`${persons} persons, ${indicators.length} indicators, 1,000 areas, load ${loadavg()[0]?.toFixed(1)}`)
try {
  const path = await censusFile()
  if (parts.some((part) => part !== 'ingest')) await inDatabase(path, compare)
  if (runs('ingest')) await followIngest(path)
  results['load'] = loadavg().map((each) => Number(each.toFixed(1)))
  if (options.json) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`)
} finally {
  if (options.keep === undefined) await rm(folder, { recursive: true, force: true })
}
