// All person indicators x sex x age x status x 1,000 areas. `npm run bench:indicators -- [--persons N] [--json FILE]`; seeded, no network.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { DuckDBInstance } from '@duckdb/node-api'
import express from 'express'
import { openLattice } from '../aggregator/indicators/lattice.ts'
import { loadDefinitions } from '../aggregator/indicators/load-definitions.ts'
import type { Questionnaire } from '../schemas/questionnaire.ts'
import { groupingSetsOnce, oneQueryEach, plainLoops, timed } from './indicators/contestants.ts'
import { censusRound, makeCensus } from './indicators/made-up-census.ts'

const { values: options } = parseArgs({
  options: { persons: { type: 'string', default: '200000' }, json: { type: 'string' }, 'skip-slow': { type: 'boolean', default: false } },
})
const persons = Number(options.persons)
const questionnaire = JSON.parse(
  await readFile(new URL('../schemas/generated/household/questionnaire.json', import.meta.url), 'utf8'),
) as Questionnaire
const indicators = (await loadDefinitions()).filter(
  ({ definition }) => definition.level === 'person' && ['proportion', 'mean', 'count'].includes(definition.type),
)
const round = censusRound()
const by = ['SEX', 'AGE', 'MIG_STATUS']
const results: Record<string, number | null> = { persons, indicators: indicators.length }
const note = (name: string, value: number | null, unit = '') => {
  results[name] = value === null ? null : Number(value.toPrecision(4))
  console.log(`${name.padEnd(28)} ${results[name] ?? 'not run'} ${unit}`)
}

const folder = await mkdtemp(join(tmpdir(), 'tala-bench-'))
const instance = await DuckDBInstance.create(join(folder, 'census.duckdb'), {
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
})
const connection = await instance.connect()
try {
  console.log(`${persons} persons, ${indicators.length} indicators, 1,000 areas`)
  note('generate_s', await timed(() => makeCensus(connection, indicators, questionnaire, persons)), 's')
  const setting = { connection, questionnaire, round }

  const holder = { lattice: await openLattice(connection, { indicators, questionnaire, round, by }) }
  const base = await timed(async () => {
    holder.lattice = await openLattice(connection, { indicators, questionnaire, round, by })
  })
  note('base_s', base, 's (scan, base cells, every total)')
  note('rows_per_s', persons / base)
  note('rss_mb', process.memoryUsage.rss() / 1e6, 'MB')
  await checkTotals()
  note('query_p99_ms_under_ingest', await latencyUnderIngest(), 'ms over HTTP')
  const ids = Array.from({ length: 1000 }, (_, index) => `r:${index}`)
  const refreshes: number[] = []
  for (let run = 0; run < 5; run++) {
    refreshes.push(await timed(() => holder.lattice.change(connection, { added: ids, removed: [] })))
    await holder.lattice.change(connection, { added: [], removed: ids })
  }
  note('refresh_ms', Math.min(...refreshes) * 1000, 'ms for 5,000 persons')

  note('vs_floor', base / plainLoops(persons, 3 * indicators.length), 'times the time of plain loops')
  const slow = options['skip-slow']
  note('vs_grouping_sets', slow ? null : (await groupingSetsOnce(indicators, setting)) / base, 'times faster')
  note('vs_one_query_each', slow ? null : (await oneQueryEach(indicators, setting)) / base, 'times faster')
  // pandas runs only where Python has it; it is not part of this project.
  note('vs_pandas', null)
  if (options.json) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`)

  /** A fast wrong answer is no answer: the totals must be those of a plain query. */
  async function checkTotals(): Promise<void> {
    const table = holder.lattice.snapshot().table('EDU01', [])
    const sql = `select count(*)::double, (count(*) filter (where "E02" = '0'))::double from household_person
      where "B06" = '1' and age between 6 and 17 and "E02" not in ('98', '99')`
    const [row] = (await connection.runAndReadAll(sql)).getRowsJS()
    const cell = table?.cells[0]
    if (cell?.respondents !== row?.[0] || cell?.cases !== row?.[1]) throw new Error(`Wrong totals: ${JSON.stringify([cell, row])}`)
  }

  /** 99th of a hundred answers, while records are added without a pause. */
  async function latencyUnderIngest(): Promise<number> {
    const app = express()
    app.get('/table/:id', ({ params: { id }, query }, response) => {
      const dimensions = typeof query['by'] === 'string' ? query['by'].split(',') : []
      response.json(holder.lattice.snapshot().table(id, dimensions, typeof query['area'] === 'string' ? query['area'] : undefined))
    })
    const server = createServer(app)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const reader = await instance.connect()
    const ingest = { runs: true }
    const writing = (async () => {
      for (let batch = 0; ingest.runs; batch++) {
        const ids = Array.from({ length: 200 }, (_, index) => `r:${(batch * 200 + index) % Math.ceil(persons / 5)}`)
        await holder.lattice.change(reader, { added: ids, removed: [] })
        await holder.lattice.change(reader, { added: [], removed: ids })
      }
    })()
    const paths = [
      '/table/EDU01?by=SEX,AGE,MIG_STATUS',
      '/table/MIG01?by=SEX&area=P12',
      '/table/LAB01?by=REF_AREA,SEX',
      '/table/POP01?by=SEX,AGE',
    ]
    const times: number[] = []
    for (let request = 0; request < 600; request++) {
      const id = indicators[request % indicators.length]?.definition.id ?? 'EDU01'
      const path = (paths[request % paths.length] ?? '').replace(/\/table\/\w+/, `/table/${id}`)
      const started = performance.now()
      await (await fetch(`http://127.0.0.1:${port}${path}`)).arrayBuffer()
      if (request >= 100) times.push(performance.now() - started)
    }
    ingest.runs = false
    await writing
    reader.closeSync()
    await new Promise((resolve) => server.close(resolve))
    times.sort((a, b) => a - b)
    note('query_p50_ms_under_ingest', times[Math.floor(times.length / 2)] ?? 0, 'ms over HTTP')
    return times[Math.floor(times.length * 0.99)] ?? 0
  }
} finally {
  connection.closeSync()
  instance.closeSync()
  await rm(folder, { recursive: true, force: true })
}
