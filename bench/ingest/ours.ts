// Ours, whole: opening, shape, every rule, consent, pseudonyms, derived values, rows, ledger and receipts in one transaction per batch.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { KeyProvider } from '../../aggregator/custody/keys.ts'
import type { InboxStore } from '../../aggregator/inbox/store.ts'
import { createIngest, type Ingest } from '../../aggregator/ingest/ingest.ts'
import { openWarehouse } from '../../aggregator/warehouse/open-warehouse.ts'
import type { Warehouse } from '../../aggregator/warehouse/warehouse.ts'
import { cpuMs, feedOf, type MadeUpFeed, questionnaire, round } from './made-up.ts'

export interface Run {
  readonly perSecond: number
  readonly cpuMsEach: number
  readonly persons: number
  /** Memory after each commit, in MB, by quarter of the load. It rises until DuckDB writes its log into the file, and falls then. */
  readonly rssMb: readonly Span[]
  /** How late the event loop was in this thread, which in the server answers requests: 99 of 100 turns, and the worst. */
  readonly lateMs: { readonly p99: number; readonly worst: number }
}

export interface Span {
  readonly lowest: number
  readonly highest: number
}

export interface OursOptions {
  readonly path: string
  readonly keys: KeyProvider
  /** undefined: as many as ingest takes by itself. */
  readonly threads?: number
  /** Records taken in before the clock starts, as in a server that has been up for a minute. */
  readonly warmUp?: number
}

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const audit = { append: () => Promise.reject(new Error('nothing is withdrawn here')) }

export function ingestOver(inbox: InboxStore, warehouse: Warehouse, keys: KeyProvider, threads?: number): Ingest {
  return createIngest({
    inbox,
    quarantine: feedOf([]),
    keys,
    warehouse,
    audit,
    questionnaires: { find: async () => questionnaire },
    rounds: { find: async () => round },
    clock: () => new Date(),
    log: quiet,
    ...(threads !== undefined && { threads }),
  })
}

/** @param feed what it spends on making documents is not counted. */
export async function ours(feed: MadeUpFeed, count: number, { path, keys, threads, warmUp = 0 }: OursOptions): Promise<Run> {
  const warehouse = await openWarehouse(path)
  // Ingest judges one batch while it writes the one before. So the warm-up ends with an empty feed: no work of a counted record is done before the clock starts.
  let end = warmUp
  const gated: MadeUpFeed = { ...feed, changes: (since, limit) => feed.changes(since, Math.min(limit, end - Number(since ?? 0))) }
  const ingest = ingestOver(gated, warehouse, keys, threads)
  let loaded = 0
  const rssMb: Span[] = []
  ingest.onCommit(({ accepted, held }) => {
    loaded += accepted + held
    const rss = process.memoryUsage().rss / 1e6
    const quarter = Math.min(3, Math.floor((loaded * 4) / count))
    const { lowest, highest } = rssMb[quarter] ?? { lowest: rss, highest: rss }
    rssMb[quarter] = { lowest: Math.min(lowest, rss), highest: Math.max(highest, rss) }
  })
  if (warmUp > 0) await ingest.once()
  end = count
  const [started, cpu, spent, spentCpu] = [performance.now(), cpuMs(), feed.spentMs(), feed.spentCpuMs()]
  const late = monitorEventLoopDelay({ resolution: 1 })
  late.enable()
  await ingest.once()
  late.disable()
  const seconds = (performance.now() - started - feed.spentMs() + spent) / 1000
  const cpuMsEach = (cpuMs() - cpu - feed.spentCpuMs() + spentCpu) / (count - warmUp)
  await ingest.stop()
  const [[persons] = []] = await warehouse.read(async (connection) =>
    (await connection.runAndReadAll('select count(*)::integer from household_person')).getRows(),
  )
  await warehouse.close()
  if (loaded !== count) throw new Error(`Of ${count} records ${loaded} came through.`)
  return {
    perSecond: (count - warmUp) / seconds,
    cpuMsEach,
    persons: Number(persons),
    rssMb,
    lateMs: { p99: late.percentile(99) / 1e6, worst: late.max / 1e6 },
  }
}
