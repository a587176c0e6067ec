// Ours, whole: opening, shape, every rule, consent, pseudonyms, derived values, rows, ledger and receipts in one transaction per batch.
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
  /** From a quarter of the load to its end: what comes before is caches and compiled code. */
  readonly rssGrowthMb: number
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
  const ingest = ingestOver(feed, warehouse, keys, threads)
  let [loaded, rssWarm, rssEnd, countedFrom] = [0, 0, 0, 0]
  let [started, cpu, spent, spentCpu] = [performance.now(), cpuMs(), 0, 0]
  ingest.onCommit(({ accepted, held }) => {
    loaded += accepted + held
    rssEnd = process.memoryUsage().rss
    if (rssWarm === 0 && loaded >= count / 4) rssWarm = rssEnd
    if (countedFrom > 0 || loaded < warmUp || warmUp === 0) return
    countedFrom = loaded
    ;[started, cpu, spent, spentCpu] = [performance.now(), cpuMs(), feed.spentMs(), feed.spentCpuMs()]
  })
  const counts = await ingest.once()
  const seconds = (performance.now() - started - feed.spentMs() + spent) / 1000
  const cpuMsEach = (cpuMs() - cpu - feed.spentCpuMs() + spentCpu) / (count - countedFrom)
  await ingest.stop()
  const [[persons] = []] = await warehouse.read(async (connection) =>
    (await connection.runAndReadAll('select count(*)::integer from household_person')).getRows(),
  )
  await warehouse.close()
  if (counts.accepted + counts.held !== count) throw new Error(`Of ${count} records ${JSON.stringify(counts)} came through.`)
  return { perSecond: (count - countedFrom) / seconds, cpuMsEach, persons: Number(persons), rssGrowthMb: (rssEnd - rssWarm) / 1e6 }
}
