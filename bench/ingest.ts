// From sealed documents to committed rows, beside three things a user might do instead.
// `npm run bench:ingest -- [--households N] [--persons N] [--json FILE]`
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { finished } from 'node:stream/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openKeyring } from '../aggregator/custody/file-keyring.ts'
import { arrival } from './ingest/arrival.ts'
import { duckdbReadJson } from './ingest/duckdb-json.ts'
import { cpuMs, feedOf, household, madeUpFeed, type Plain, samples, sealer } from './ingest/made-up.ts'
import { ours } from './ingest/ours.ts'
import { postgresCopyFlatten } from './ingest/postgres.ts'
import { primitives } from './ingest/primitives.ts'
import { stages } from './ingest/stages.ts'
import { straight } from './ingest/straight.ts'

const { values: options } = parseArgs({
  options: {
    households: { type: 'string', default: '32000' },
    /** How far memory is followed; 0 leaves that run out. */
    persons: { type: 'string', default: '1000000' },
    threads: { type: 'string' },
    /** Interleaved, and the best of each counts: on a shared machine the clock tells as much about the neighbours. */
    repeats: { type: 'string', default: '3' },
    json: { type: 'string' },
  },
})
const households = Number(options.households)
const threads = options.threads === undefined ? {} : { threads: Number(options.threads) }
const folder = mkdtempSync(join(tmpdir(), 'tala-bench-'))
const arrivalsPerSecond = 500

async function writePlain(plain: readonly Plain[], count: number): Promise<{ ndjson: string; csv: string }> {
  const [ndjson, csv] = [join(folder, 'plain.ndjson'), join(folder, 'plain.csv')]
  const [json, quoted] = [createWriteStream(ndjson), createWriteStream(csv)]
  for (let number = 0; number < count; number++) {
    const line = JSON.stringify(household(plain, number).interview)
    json.write(`${line}\n`)
    quoted.write(`"${line.replaceAll('"', '""')}"\n`)
  }
  json.end()
  quoted.end()
  await Promise.all([finished(json), finished(quoted)])
  return { ndjson, csv }
}

const say = (name: string, value: string) => console.log(`${name.padEnd(52)} ${value}`)
const rounded = (value: number) => Math.round(value * 100) / 100
const best = (values: readonly number[]) => Math.max(...values)

try {
  const keys = await openKeyring(join(folder, 'keyring'))
  const plain = samples(Math.min(300, households))
  const seal = sealer(keys)
  const documents = Array.from({ length: households }, (_, number) => seal(household(plain, number)))
  // Two batches of ingest, as in a server that has been up for a minute; with fewer records the start is measured too.
  const warmUp = households >= 16_000 ? 8_000 : 0
  const { ndjson, csv } = await writePlain(plain, households)
  const few = documents.slice(0, 300)
  const rates = {
    one: [] as number[],
    whole: [] as number[],
    straight: [] as number[],
    withRules: [] as number[],
    pg: [] as number[],
    json: [] as number[],
  }
  let [cpuEach, cpuInThreads] = [Infinity, Infinity]
  let late = { p99: Infinity, worst: Infinity }
  for (let turn = 0; turn < Number(options.repeats); turn++) {
    const path = (name: string) => join(folder, `${name}-${turn}.duckdb`)
    const one = await ours(feedOf(documents), households, { path: path('one'), keys, threads: 0, warmUp })
    rates.one.push(one.perSecond)
    cpuEach = Math.min(cpuEach, one.cpuMsEach)
    const inThreads = await ours(feedOf(documents), households, { path: path('whole'), keys, ...threads, warmUp })
    rates.whole.push(inThreads.perSecond)
    cpuInThreads = Math.min(cpuInThreads, inThreads.cpuMsEach)
    if (inThreads.lateMs.p99 < late.p99) late = inThreads.lateMs
    rates.straight.push(await straight(path('straight'), few, keys, false))
    rates.withRules.push(await straight(path('rules'), few, keys, true))
    const pg = postgresCopyFlatten(folder, `pg-${turn}`, csv, households)
    if (pg !== null) rates.pg.push(pg)
    rates.json.push(await duckdbReadJson(path('json'), ndjson, households))
  }
  const [one, whole, plainLoop] = [best(rates.one), best(rates.whole), best(rates.straight)]
  const versus = (rate: number) => `${rate.toFixed(0)} households/s; ours is ${(whole / rate).toFixed(2)} times that`
  say('ours, one thread', `${one.toFixed(0)} households/s, ${(cpuEach * 1000).toFixed(0)} µs of processor each`)
  say('ours, threads', `${whole.toFixed(0)} households/s, ${(cpuInThreads * 1000).toFixed(0)} µs of processor each`)
  say(
    'the thread that answers requests meanwhile',
    `${late.p99.toFixed(1)} ms late in 99 of 100 turns, at most ${late.worst.toFixed(1)} ms`,
  )
  say('(a) plain loop: jose, ajv, row inserts, no rules', versus(plainLoop))
  say('(a) the same with every rule by the form engine', versus(best(rates.withRules)))
  const pgRate = rates.pg.length === 0 ? null : best(rates.pg)
  say('(b) PostgreSQL COPY jsonb and flatten, opened', pgRate === null ? 'PostgreSQL is not installed: not measured' : versus(pgRate))
  say('(c) DuckDB read_json and unnest, opened', versus(best(rates.json)))

  const parts = await primitives(few, keys)
  const sum = Object.values(parts).reduce((total, each) => total + each, 0)
  for (const [name, each] of Object.entries(parts)) say(`    ${name}`, `${each.toFixed(1)} µs`)
  say(
    'sum of the primitives',
    `${sum.toFixed(0)} µs; ours, one thread, reaches ${((sum / (cpuEach * 1000)) * 100).toFixed(0)} % of that speed`,
  )

  for (const [name, each] of Object.entries(stages(few, keys, cpuEach * 1000)))
    say(`    ${name}`, `${each.toFixed(0)} µs, ${((each / (cpuEach * 1000)) * 100).toFixed(0)} %`)

  const waiting = await arrival(
    join(folder, 'arrival.duckdb'),
    documents.slice(0, Math.min(households, arrivalsPerSecond * 8)),
    arrivalsPerSecond,
    keys,
  )
  say(
    `in the tables, at ${arrivalsPerSecond} households/s`,
    `${waiting.medianMs.toFixed(0)} ms after arrival, at most ${waiting.worstMs.toFixed(0)} ms`,
  )

  documents.length = 0
  const meanMembers = plain.reduce((total, { interview }) => total + rosterSize(interview.answers['person']), 0) / plain.length
  const long = Math.ceil(Number(options.persons) / meanMembers)
  const cpu = cpuMs()
  const memory =
    long === 0
      ? null
      : await ours(
          madeUpFeed(long, (number) => seal(household(plain, number))),
          long,
          { path: join(folder, 'long.duckdb'), keys, ...threads },
        )
  const [second, last] = [memory?.rssMb[1], memory?.rssMb[3]]
  // The first quarter is caches and compiled code. Highest with highest: each quarter of a million persons sees the log grow and emptied once.
  const growthMb = second && last ? last.highest - second.highest : null
  if (memory && growthMb !== null) {
    say(
      'memory',
      `+${growthMb.toFixed(0)} MB from the second quarter of ${memory.persons} persons to the last (${((cpuMs() - cpu) / 1000).toFixed(0)} s of processor, making them included)`,
    )
    say(
      '    lowest and highest of each quarter, MB',
      memory.rssMb.map(({ lowest, highest }) => `${lowest.toFixed(0)}-${highest.toFixed(0)}`).join(', '),
    )
  }

  const result = {
    households_per_s: rounded(whole),
    vs_straight: rounded(whole / plainLoop),
    vs_pg_copy_flatten: pgRate === null ? null : rounded(whole / pgRate),
    vs_duckdb_read_json: rounded(whole / best(rates.json)),
    rss_growth_mb: growthMb && rounded(growthMb),
    persons: memory?.persons ?? 0,
  }
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(result)}\n`)
  console.log(JSON.stringify(result))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function rosterSize(rows: unknown): number {
  return Array.isArray(rows) ? rows.length : 0
}
