// All additive person indicators x sex x age x status x 1,000 areas, from the stored table.
// `npm run bench:indicators -- [--persons N] [--json FILE] [--skip-slow] [--keep FOLDER]`; seeded, no network.
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { DuckDBInstance } from '@duckdb/node-api'
import { isAdditive, type Lattice, openLattice } from '../aggregator/indicators/lattice.ts'
import { loadDefinitions } from '../aggregator/indicators/load-definitions.ts'
import type { Questionnaire } from '../schemas/questionnaire.ts'
import { groupingSetsOnce, oneQueryEach, plainLoops, timed, type Totals } from './indicators/contestants.ts'
import { censusRound, makeCensus } from './indicators/made-up-census.ts'
import { latencyUnderIngest } from './indicators/under-ingest.ts'

const { values: options } = parseArgs({
  options: {
    persons: { type: 'string', default: '200000' },
    json: { type: 'string' },
    'skip-slow': { type: 'boolean', default: false },
    // The made-up census takes minutes at 10 million: kept here, it is made once.
    keep: { type: 'string' },
  },
})
const persons = Number(options.persons)
const questionnaire = JSON.parse(
  await readFile(new URL('../schemas/generated/household/questionnaire.json', import.meta.url), 'utf8'),
) as Questionnaire
const indicators = (await loadDefinitions()).filter((each) => each.definition.level === 'person' && isAdditive(each))
const round = censusRound()
const results: Record<string, number | null> = { persons, indicators: indicators.length }
const note = (name: string, value: number | null, unit = '') => {
  results[name] = value === null ? null : Number(value.toPrecision(4))
  console.log(`${name.padEnd(28)} ${results[name] ?? 'not run'} ${unit}`)
}

const folder = options.keep ?? (await mkdtemp(join(tmpdir(), 'tala-bench-')))
await mkdir(folder, { recursive: true })
const path = join(folder, `census-${persons}.duckdb`)
const isThere = existsSync(path)
const instance = await DuckDBInstance.create(path, {
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
})
const connection = await instance.connect()
try {
  console.log(`${persons} persons, ${indicators.length} indicators, 1,000 areas, load ${loadavg()[0]?.toFixed(1)}`)
  if (!isThere) note('generate_s', (await timed(() => makeCensus(connection, indicators, questionnaire, persons))).seconds, 's')
  await connection.run('checkpoint')

  const open = () => openLattice(connection, { indicators, questionnaire, round, by: ['SEX', 'AGE', 'MIG_STATUS'] })
  const holder: { lattice?: Lattice } = {}
  const base = await timed(async () => {
    holder.lattice = await open()
  })
  const { lattice } = holder
  if (!lattice) throw new Error('The lattice did not open.')
  note('base_s', base.seconds, 's (scan, base cells, every total of areas)')
  note('base_cpu_s', base.cpuSeconds, 's of CPU')
  note('rows_per_s', persons / base.seconds)
  note('rss_mb', process.memoryUsage.rss() / 1e6, 'MB')

  /** A fast wrong answer is no answer: the totals of every contestant must be ours. */
  const mustAgree = (name: string, totals: Totals) => {
    for (const [key, total] of totals) {
      const [id = '', measure = ''] = key.split(' ')
      const cell = lattice.snapshot().table(id, [])?.cells[0]
      const own = measure === 'respondents' || measure === 'withoutAnswer' || measure === 'cases' ? (cell?.[measure] ?? 0) : 0
      // A cell without respondents is not in a table, so what was not answered there is not told either.
      if (own !== total && !(cell === undefined && measure === 'withoutAnswer'))
        throw new Error(`${name} differs in ${key}: ${total}, not ${own}.`)
    }
    console.log(`  ${name}: ${totals.size} totals are the same`)
  }
  const ids = Array.from({ length: 1000 }, (_, index) => ({
    id: `r:${index}`,
    area: `P${String(Math.floor((index * 1000) / Math.ceil(persons / 5))).padStart(3, '0')}`,
  }))
  const refreshes: number[] = []
  for (let run = 0; run < 7; run++) {
    const before = await timed(() => lattice.change(connection, { added: ids, areas: [] }))
    refreshes.push(before.seconds)
    await lattice.change(connection, { added: [], areas: [...new Set(ids.map(({ area }) => area))] })
  }
  note('refresh_ms', Math.min(...refreshes) * 1000, 'ms for 5,000 persons')

  const slow = options['skip-slow']
  const setting = { connection, questionnaire, round }
  note('vs_floor', base.cpuSeconds / plainLoops(persons, 3 * indicators.length), 'times the CPU of plain loops over ready arrays')
  if (slow) for (const name of ['vs_grouping_sets', 'vs_one_query_each', 'vs_pandas']) note(name, null)
  else {
    const sets = await groupingSetsOnce(indicators, setting)
    mustAgree('GROUPING SETS', sets.totals)
    note('grouping_sets_s', sets.took.seconds, 's')
    note('grouping_sets_cpu_s', sets.took.cpuSeconds, 's of CPU')
    note('vs_grouping_sets', sets.took.seconds / base.seconds, 'times faster')
    note('vs_grouping_sets_cpu', sets.took.cpuSeconds / base.cpuSeconds, 'times less CPU')
    note(
      'vs_one_query_each',
      (await oneQueryEach(indicators, setting)).seconds / base.seconds,
      'times faster (3 measured, the rest taken as alike)',
    )
    // Not written yet: pandas and R data.table would need the conditions in their own language.
    note('vs_pandas', null)
    console.log('  pandas and data.table: not among the contestants yet')
  }
  const latency = await latencyUnderIngest({ instance, connection, indicators, questionnaire, round })
  note('query_p50_ms_under_ingest', latency.p50, 'ms over HTTP')
  note('query_p99_ms_under_ingest', latency.p99, 'ms over HTTP')
  note('bare_p50_ms_under_ingest', latency.bareP50, 'ms for an answer without a table')
  note('bare_p99_ms_under_ingest', latency.bareP99, 'ms for an answer without a table')
  note('persons_ingested_meanwhile', latency.persons)
  note('rss_mb_at_end', process.memoryUsage.rss() / 1e6, 'MB')
  if (options.json) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`)
} finally {
  connection.closeSync()
  instance.closeSync()
  if (options.keep === undefined) await rm(folder, { recursive: true, force: true })
}
