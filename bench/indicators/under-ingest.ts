import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { openKeyring } from '../../aggregator/custody/file-keyring.ts'
import { openStores } from '../../aggregator/inbox/open-stores.ts'
import { createLiveFigures } from '../../aggregator/indicators/live-figures.ts'
import { loadDefinitions } from '../../aggregator/indicators/load-definitions.ts'
import { createIngest, type Ingest, type IngestDependencies } from '../../aggregator/ingest/ingest.ts'
import { openWarehouse } from '../../aggregator/warehouse/open-warehouse.ts'
import type { Round } from '../../schemas/generated/records.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { arrive, copyCensus, createHomes, fillInbox } from './arriving-homes.ts'
import { askTables, type Latency, quantileOf, serveTables } from './table-server.ts'

interface UnderIngest {
  /** DuckDB file with the people who are there already; nobody else has it open. */
  readonly census: string
  readonly questionnaire: Questionnaire
  readonly round: Round
}

export interface Meanwhile extends Latency {
  readonly loopP99: number
  readonly homesPerSecond: number
}

export interface IngestLatency {
  /** From the commit of 1,000 homes to the figures. */
  readonly refreshMs: number
  readonly sustained: Meanwhile
  readonly unthrottled: Meanwhile
}

export const sustainedPerSecond = 500
const homesPerCommit = 1_000
/** As in the server: figures follow at most once a second. */
const restMs = 1_000
const commits = 9
const requests = { sustained: 2_000, unthrottled: 600 }
const warmUpMs = 3_000
/** Longest that the requests take, in seconds. */
const longest = 40
/** More than ingest can take in while the requests are answered. */
const backlog = 40_000

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const audit = { append: () => Promise.reject(new Error('nothing is withdrawn here')) }

/**
 * The figures of the server while it takes in homes: sealed records lie in the inbox, ingest opens, judges and commits them, figures follow each
 * commit, all in this process as in the server. How long figures need to follow, and how long tables take over HTTP while homes arrive at an
 * even pace, and while a backlog is taken in without a pause. Tables of up to a few thousand cells, as people ask for them.
 */
export async function underIngest({ census, questionnaire, round: made }: UnderIngest): Promise<IngestLatency> {
  const folder = await mkdtemp(join(tmpdir(), 'tala-ingest-'))
  const { id, version, sha256 } = questionnaire
  const round: Round = { ...made, questionnaire: { id, version, sha256 } }
  const path = join(folder, 'warehouse.duckdb')
  const empty = await openWarehouse(path)
  await empty.prepare(questionnaire)
  await empty.close()
  await copyCensus(path, census)
  const keys = await openKeyring(join(folder, 'keyring'))
  const stores = await openStores({ dataFolder: folder, couchdbUrl: null, diskFloorBytes: 0 })
  const warehouse = await openWarehouse(path)
  const { inbox, quarantine } = stores
  const dependencies: IngestDependencies = {
    inbox,
    quarantine,
    keys,
    warehouse,
    audit,
    questionnaires: { find: async () => questionnaire },
    rounds: { find: async () => round },
    clock: () => new Date(),
    log: quiet,
  }
  const indicators = await loadDefinitions()
  const asked = indicators.filter(({ definition: { level, type } }) => level === 'person' && type === 'proportion')
  const figures = createLiveFigures({ warehouse, indicators, restMs })
  const server = await serveTables({ figures, indicators, questionnaire, round })
  const homes = createHomes(keys, round)
  let [taken, following]: [number, Promise<void>] = [0, Promise.resolve()]
  const refreshes: number[] = []
  const during = async <Result>(work: (ingest: Ingest) => Promise<Result>): Promise<Result> => {
    const ingest = createIngest(dependencies)
    ingest.onCommit((commit) => {
      taken += commit.accepted + commit.held
      const began = performance.now()
      following = figures.follow(commit).then(() => void refreshes.push(performance.now() - began))
    })
    try {
      return await work(ingest)
    } finally {
      await ingest.stop()
      await following
    }
  }
  const followCommits = async (ingest: Ingest): Promise<number> => {
    for (let commit = 0; commit < commits; commit++) {
      await inbox.bulkWrite(homes(homesPerCommit))
      await ingest.once()
      await following
      await sleep(restMs)
    }
    return quantileOf(refreshes, 0.5)
  }
  const measured = async (requests: number): Promise<Meanwhile> => {
    const [before, began] = [taken, performance.now()]
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    const latency = await askTables(server, asked, requests)
    delay.disable()
    const homesPerSecond = ((taken - before) * 1000) / (performance.now() - began)
    return { ...latency, loopP99: delay.percentile(99) / 1e6, homesPerSecond }
  }
  const atPace = async (ingest: Ingest): Promise<Meanwhile> => {
    const over = new AbortController()
    const arriving = arrive(inbox, homes(sustainedPerSecond * longest), sustainedPerSecond, over.signal)
    ingest.follow()
    // Threads start with the first batches.
    await sleep(warmUpMs)
    const result = await measured(requests.sustained)
    over.abort()
    await arriving
    return result
  }
  const withoutPause = async (ingest: Ingest): Promise<Meanwhile> => {
    await fillInbox(inbox, homes(backlog))
    const committed = new Promise<void>((resolve) => void ingest.onCommit(() => resolve()))
    const work = ingest.once()
    await committed
    const result = await measured(requests.unthrottled)
    // The rest of the backlog is left.
    await Promise.all([ingest.stop(), work])
    return result
  }
  try {
    const [first] = asked
    if (!first) throw new RangeError('There are no indicators.')
    await figures.table({ indicator: first, round, questionnaire, by: ['SEX'] })
    return { refreshMs: await during(followCommits), sustained: await during(atPace), unthrottled: await during(withoutPause) }
  } finally {
    await new Promise((resolve) => server.close(resolve))
    await warehouse.close()
    await stores.close()
    await rm(folder, { recursive: true, force: true })
  }
}
