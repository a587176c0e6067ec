// From sealed documents to committed rows, beside three things a user might do instead. `npm run bench:ingest -- [--households N] [--json FILE]`
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { finished } from 'node:stream/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openKeyring } from '../aggregator/custody/file-keyring.ts'
import type { KeyProvider } from '../aggregator/custody/keys.ts'
import { createIngest } from '../aggregator/ingest/ingest.ts'
import { openWarehouse } from '../aggregator/warehouse/open-warehouse.ts'
import { duckdbReadJson } from './ingest/duckdb-json.ts'
import { cpuMs, feedOf, household, type Plain, questionnaire, round, samples, sealer } from './ingest/made-up.ts'
import { postgresCopyFlatten } from './ingest/postgres.ts'
import { straight } from './ingest/straight.ts'

const { values: options } = parseArgs({
  options: {
    households: { type: 'string', default: '4000' },
    threads: { type: 'string' },
    json: { type: 'string' },
    'ours-only': { type: 'boolean', default: false },
  },
})
const households = Number(options.households)
const folder = mkdtempSync(join(tmpdir(), 'tala-bench-'))

interface Run {
  readonly perSecond: number
  readonly cpuMsEach: number
  readonly persons: number
  readonly rssGrowthMb: number
  readonly visibleMs: number
}

/** Ours, whole: opening, shape, every rule, consent, pseudonyms, derived values, rows, ledger and receipts in one transaction per batch. */
async function ours(name: string, plain: readonly Plain[], keys: KeyProvider, count: number, threads: number | undefined): Promise<Run> {
  const warehouse = await openWarehouse(join(folder, `${name}.duckdb`))
  const seal = sealer(keys)
  const feed = feedOf(count, (number) => seal(household(plain, number)))
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const audit = { append: () => Promise.reject(new Error('nothing is withdrawn here')) }
  const ingest = createIngest({
    inbox: feed,
    quarantine: feedOf(0, () => seal(household(plain, 0))),
    keys,
    warehouse,
    audit,
    questionnaires: { find: async () => questionnaire },
    rounds: { find: async () => round },
    clock: () => new Date(),
    log: quiet,
    ...(threads !== undefined && { threads }),
  })
  let [loaded, rssWarm, rssEnd] = [0, 0, 0]
  let lastCommit = performance.now()
  const pauses: number[] = []
  ingest.onCommit(({ accepted, held }) => {
    loaded += accepted + held
    pauses.push(performance.now() - lastCommit)
    lastCommit = performance.now()
    rssEnd = process.memoryUsage().rss
    // What the first quarter takes is caches and the engine's compiled code; what comes after must stay.
    if (rssWarm === 0 && loaded >= count / 4) rssWarm = rssEnd
  })
  const [started, cpu] = [performance.now(), cpuMs()]
  const counts = await ingest.once()
  const seconds = (performance.now() - started - feed.spentMs()) / 1000
  const cpuMsEach = (cpuMs() - cpu - feed.spentCpuMs()) / count
  await ingest.stop()
  const [[persons] = []] = await warehouse.read(async (connection) =>
    (await connection.runAndReadAll('select count(*)::integer from household_person')).getRows(),
  )
  await warehouse.close()
  if (counts.accepted + counts.held !== count) throw new Error(`Of ${count} records ${JSON.stringify(counts)} came through.`)
  return {
    perSecond: count / seconds,
    cpuMsEach,
    persons: Number(persons),
    rssGrowthMb: (rssEnd - rssWarm) / 1e6,
    visibleMs: Math.max(...pauses.slice(1), 0),
  }
}

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

const say = (name: string, value: string) => console.log(`${name.padEnd(46)} ${value}`)
try {
  const keys = await openKeyring(join(folder, 'keyring'))
  const plain = samples(Math.min(300, households))
  const single = await ours('single', plain, keys, Math.max(500, Math.round(households / 4)), 0)
  say('ours, one thread', `${single.perSecond.toFixed(0)} households/s, ${single.cpuMsEach.toFixed(2)} ms of processor each`)
  const whole = await ours('whole', plain, keys, households, options.threads === undefined ? undefined : Number(options.threads))
  say(
    'ours, threads',
    `${whole.perSecond.toFixed(0)} households/s, ${whole.persons} persons, memory +${whole.rssGrowthMb.toFixed(0)} MB after the first quarter`,
  )
  if (options['ours-only']) process.exit(0)

  const seal = sealer(keys)
  const few = Math.min(households, 400)
  const documents = Array.from({ length: few }, (_, number) => seal(household(plain, number)))
  const cpu = cpuMs()
  const straightRate = await straight(join(folder, 'straight.duckdb'), documents, keys)
  const straightCpu = (cpuMs() - cpu) / few
  say(
    '(a) plain loop: jose, ajv, row inserts',
    `${straightRate.toFixed(0)} households/s, ${straightCpu.toFixed(2)} ms of processor each; ours is ${(whole.perSecond / straightRate).toFixed(1)} times that`,
  )
  const { ndjson, csv } = await writePlain(plain, households)
  const pgRate = postgresCopyFlatten(folder, csv, households)
  say(
    '(b) PostgreSQL COPY jsonb and flatten, opened',
    pgRate === null
      ? 'PostgreSQL is not installed: not measured'
      : `${pgRate.toFixed(0)} households/s; ours is ${(whole.perSecond / pgRate).toFixed(2)} times that`,
  )
  const jsonRate = await duckdbReadJson(join(folder, 'json.duckdb'), ndjson, households)
  say(
    '(c) DuckDB read_json and unnest, opened',
    `${jsonRate.toFixed(0)} households/s; ours is ${(whole.perSecond / jsonRate).toFixed(2)} times that`,
  )

  const rounded = (value: number) => Math.round(value * 100) / 100
  const result = {
    households_per_s: rounded(whole.perSecond),
    vs_straight: rounded(whole.perSecond / straightRate),
    vs_pg_copy_flatten: pgRate === null ? null : rounded(whole.perSecond / pgRate),
    vs_duckdb_read_json: rounded(whole.perSecond / jsonRate),
    rss_growth_mb: rounded(whole.rssGrowthMb),
    persons: whole.persons,
  }
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(result)}\n`)
  console.log(JSON.stringify(result))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
