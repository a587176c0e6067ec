// Kills an aggregator again and again in the middle of its work and compares what is left with a run that nobody disturbed.
// Long form: npm run survival:ingest -- --households 20000 --kills 100
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { openKeyring } from '../../../aggregator/custody/file-keyring.ts'
import { openStores } from '../../../aggregator/inbox/open-stores.ts'
import { openWarehouse } from '../../../aggregator/warehouse/open-warehouse.ts'
import { createSealer } from '../../../collector/vault/seal-record.ts'
import type { SealedRecord } from '../../../schemas/generated/records.ts'
import { createRandom, type Random } from '../../simulation/random.ts'
import { interviewOf, type MadeUp, recordId } from './field.ts'
import { homeSurvey } from './home-survey.ts'

export interface ChaosOptions {
  readonly households: number
  readonly kills: number
  readonly batchSize: number
  /** Of the lives that are disturbed; undefined: as ingest decides. The undisturbed one has none. */
  readonly threads?: number
  readonly seed: number
}

export interface ChaosReport {
  readonly kills: number
  /** Lives that ended by themselves because the disk was full. */
  readonly fullDisks: number
  readonly commits: number
  readonly clean: Readonly<Record<string, string>>
  readonly disturbed: Readonly<Record<string, string>>
}

/** Runs the same inbox twice: once in peace, once with kills, a full disk, clock jumps and a key rotation in the middle. */
export async function chaos(options: ChaosOptions): Promise<ChaosReport> {
  const root = mkdtempSync(join(tmpdir(), 'tala-chaos-'))
  try {
    const [calm, wild] = [join(root, 'calm'), join(root, 'wild')]
    await fill(calm, options.households)
    cpSync(calm, wild, { recursive: true })
    await life(calm, { batchSize: options.batchSize, threads: 0 })
    const disturbed = await disturb(wild, options)
    return { ...disturbed, clean: await contentOf(calm), disturbed: await contentOf(wild) }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

async function disturb(folder: string, { kills, batchSize, threads, seed }: ChaosOptions) {
  const random = createRandom(seed)
  const usual = { batchSize, ...(threads !== undefined && { threads }) }
  // Threads take a second to start: the kills are spread over that time, and come sooner after it.
  const inThreads = threads !== undefined && threads > 0
  const [longestMs, latestCommit] = inThreads ? [1_500, 2] : [250, 5]
  let [killed, commits, fullDisks, rotated] = [0, 0, 0, false]
  while (killed < kills) {
    const full = killed > 0 && random.chance(0.15)
    const end = await life(folder, {
      ...usual,
      killAfterMs: Math.floor(random.next() * longestMs),
      killAtCommit: Math.floor(random.next() * latestCommit),
      clockOffset: Math.floor((random.next() - 0.5) * 1e10),
      ...(full && { largestFileKb: 600 }),
    })
    commits += end.commits
    if (end.kind === 'killed') killed++
    else if (end.kind === 'failed') fullDisks++
    else await rewind(folder)
    if (commits > 0 && !rotated) {
      rotated = true
      const keys = await openKeyring(join(folder, 'keyring'))
      for (const purpose of ['pseudonym-household', 'pseudonym-person', 'seal-answers'] as const) await keys.rotate(purpose)
    }
  }
  const last = await life(folder, usual)
  return { kills: killed, fullDisks, commits: commits + last.commits }
}

interface LifeOptions {
  readonly batchSize: number
  readonly threads?: number
  readonly killAfterMs?: number
  /** The clock of the kill starts at this commit; 0: as soon as everything is open. */
  readonly killAtCommit?: number
  readonly clockOffset?: number
  readonly largestFileKb?: number
}

type End = { readonly kind: 'done' | 'killed' | 'failed'; readonly commits: number }

const worker = fileURLToPath(new URL('./chaos-worker.ts', import.meta.url))

function life(
  folder: string,
  { batchSize, threads, killAfterMs, killAtCommit = 0, clockOffset = 0, largestFileKb }: LifeOptions,
): Promise<End> {
  const limit = largestFileKb === undefined ? '' : `ulimit -f ${largestFileKb}; `
  const child = spawn(
    'bash',
    ['-c', `${limit}exec "$0" --import tsx "$@"`, process.execPath, worker, folder, `${batchSize}`, `${clockOffset}`, `${threads ?? ''}`],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  return new Promise((resolve, reject) => {
    let output = ''
    let killing = false
    child.stdout.on('data', (text: Buffer) => {
      output += text.toString()
      const due = killAfterMs !== undefined && (output.match(/committed/g)?.length ?? 0) >= killAtCommit && output.includes('ready')
      if (!due || killing) return
      killing = true
      setTimeout(() => child.kill('SIGKILL'), killAfterMs)
    })
    child.on('error', reject)
    child.on('exit', (_, signal) => {
      const commits = output.match(/committed/g)?.length ?? 0
      resolve({ kind: signal === 'SIGKILL' ? 'killed' : output.includes('done') ? 'done' : 'failed', commits })
    })
  })
}

/** An inbox with everything in it: plain homes, broken ones, poison, second interviews, corrections, withdrawals. */
async function fill(folder: string, households: number): Promise<void> {
  const keys = await openKeyring(join(folder, 'keyring'))
  const stores = await openStores({ dataFolder: join(folder, 'stores'), couchdbUrl: null, diskFloorBytes: 0 })
  const serverKeys = (['seal-answers', 'seal-identity'] as const).map((purpose) => {
    const { kid, publicJwk = {} } = keys.current(purpose)
    return { purpose, kid, jwk: publicJwk }
  })
  const sealer = await createSealer(homeSurvey, serverKeys)
  const random = createRandom(1)
  let records: SealedRecord[] = []
  const flush = async () => {
    await stores.inbox.bulkWrite(records.map((record) => ({ ...record, _rev: `1-${createHash('md5').update(record._id).digest('hex')}` })))
    records = []
  }
  for (let number = 1; number <= households; number++) {
    const made = madeUp(number, random)
    const { interview, identity } = interviewOf(made)
    const record = await sealer.seal(interview, made.kind === 'withdrawal' ? null : identity)
    records.push(number % 37 === 0 ? { ...record, sha256: '0'.repeat(64) } : record)
    if (records.length === 500) await flush()
  }
  await flush()
  await stores.close()
}

function madeUp(number: number, random: Random): MadeUp {
  const earlier = recordId(Math.max(1, number - 1 - Math.floor(random.next() * 40)))
  const kind = Math.floor(random.next() * 40)
  if (kind === 0) return { number, kind: 'correction', replaces: earlier, home: `home-${number}` }
  if (kind === 1) return { number, kind: 'withdrawal', replaces: earlier, answers: {} }
  if (kind === 2) return { number, home: 'home-1' }
  if (kind === 3) return { number, answers: { person: [{ _id: 'm0', B05: 1 }] } }
  return { number, names: Array.from({ length: 1 + (number % 6) }, (_, at) => `name-${at}`) }
}

/** Everything was taken in before the last kill: the feed is put back to its beginning, as a restored store would. */
async function rewind(folder: string): Promise<void> {
  const warehouse = await openWarehouse(join(folder, 'warehouse.duckdb'))
  await warehouse.write(async (connection) => void (await connection.run('update checkpoint set since = null')))
  await warehouse.close()
}

/** SHA-256 of every table, rows in a fixed order. */
async function contentOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const warehouse = await openWarehouse(join(folder, 'warehouse.duckdb'))
  try {
    return await warehouse.read(async (connection) => {
      const tables = await connection.runAndReadAll(
        `select table_name from duckdb_tables() where database_name = current_database() order by 1`,
      )
      const hashes: [string, string][] = []
      for (const [table] of tables.getRows()) {
        // Where the feed stands depends on when withdrawn records were purged from it; what was counted does not.
        const columns = table === 'checkpoint' ? '* exclude (since)' : '*'
        const rows = await connection.runAndReadAll(`select ${columns} from "${String(table)}" order by all`)
        hashes.push([
          String(table),
          `${rows.currentRowCount} ${createHash('sha256').update(JSON.stringify(rows.getRowsJson())).digest('hex')}`,
        ])
      }
      return Object.fromEntries(hashes)
    })
  } finally {
    await warehouse.close()
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      households: { type: 'string', default: '20000' },
      kills: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      // Batches of 100 records and more are judged in threads when threads are asked for.
      batch: { type: 'string', default: '200' },
      threads: { type: 'string', default: '2' },
    },
  })
  const report = await chaos({
    households: Number(values.households),
    kills: Number(values.kills),
    seed: Number(values.seed),
    batchSize: Number(values.batch),
    threads: Number(values.threads),
  })
  const same = JSON.stringify(report.clean) === JSON.stringify(report.disturbed)
  process.stdout.write(`${JSON.stringify({ ...report, same }, null, 2)}\n`)
  process.exitCode = same ? 0 : 1
}
