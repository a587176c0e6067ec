import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Round, SealedRecord } from '../../schemas/generated/records.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import type { RoundKeys, RoundPseudonyms } from '../custody/pseudonyms.ts'
import { SessionCache } from '../custody/open-sealed.ts'
import type { Key } from '../custody/keys.ts'
import { ProblemError, type ProblemType } from '../problem.ts'
import { putBack, type SpareBlocks } from '../warehouse/blocks.ts'
import type { TableRows } from '../warehouse/load.ts'
import type { TableLayout } from '../warehouse/warehouse.ts'
import { blocksIn, type Heap, prepareHeap } from './prepare-heap.ts'
import type { Job, Workbench } from './prepare-record.ts'
import { createLibrary } from './questionnaire-library.ts'
import { createRecordReader } from './read-record.ts'
import type { IngestDependencies, Stage } from './stage.ts'

/** Above this requests would wait for tens of milliseconds: threads are started, which takes a second. */
const worthwhile = 100
/** Records that are worth that second; fewer are opened here until the threads are there. */
const worthWaiting = 500
/** Once there are threads, they take what would hold up the requests of this one for more than a few milliseconds. */
const worthwhileOnceThere = 10
/** Records per message to a thread: their members fill about half a chunk of the database. */
const perMessage = 250
/** Blocks of memory that go with a message, about as many as its rows will take. */
const blocksPerMessage = 5

/** Prepares the records of a batch; starts threads the first time a batch is large enough. */
export interface Workshop {
  prepare(jobs: readonly Job[]): Promise<Heap>
  /** The rows are stored: their memory may hold others. */
  giveBack(tables: readonly TableRows[]): void
  /** Rounds may change in mid-field: asks for them again. */
  forgetRounds(): void
  close(): Promise<void>
}

/** What a thread is told. Keys travel as handles, within the process. */
export type Message =
  | { readonly kind: 'keys'; readonly keys: readonly Key[] }
  | { readonly kind: 'edition'; readonly questionnaire: Questionnaire; readonly layouts: readonly TableLayout[] }
  | { readonly kind: 'refused'; readonly reference: SealedRecord['questionnaire']; readonly type: ProblemType }
  | { readonly kind: 'round'; readonly round: Round; readonly keys: RoundKeys }
  | { readonly kind: 'jobs'; readonly number: number; readonly jobs: readonly Job[]; readonly spare: SpareBlocks }

/** The number is that of the message it answers: a batch that is made again and the one after it may ask the same thread. */
export type Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'heap'; readonly number: number; readonly heap: Heap }
  | { readonly kind: 'failed'; readonly number: number; readonly type: ProblemType | null; readonly detail: string }

type WorkshopNeeds = Pick<IngestDependencies, 'keys' | 'warehouse' | 'questionnaires' | 'rounds'> & Pick<Stage, 'pseudonymizer' | 'marks'>

export function createWorkshop(needs: WorkshopNeeds, wanted?: number): Workshop {
  const threads = wanted ?? (availableParallelism() > 1 ? Math.min(4, availableParallelism()) : 0)
  const library = createLibrary()
  const pseudonyms = new Map<string, RoundPseudonyms>()
  let asked = new Set<string>()
  const started = new Set<Worker>()
  /** Those that are ready to work. */
  const crew: Worker[] = []
  let starting: Promise<unknown> | null = null
  const spare: SpareBlocks = []
  // The last word on each edition and round, for threads that start later.
  const told = new Map<string, Message>()
  const bench: Workbench = {
    reader: createRecordReader(),
    opener: { keys: needs.keys, sessions: new SessionCache(), dictionary: (name) => library.dictionary(name) },
    marks: needs.marks,
    edition: (reference) => library.edition(reference),
    round: (id) => library.round(id),
    pseudonyms: (round) => {
      const known = pseudonyms.get(round)
      if (!known) throw new TypeError(`The pseudonyms of round ${round} were not made ready.`)
      return known
    },
  }
  const tell = (about: string, message: Message) => {
    told.set(about, message)
    for (const worker of crew) send(worker, message)
  }
  const addEdition = async (questionnaire: Questionnaire) => {
    try {
      const layouts = await needs.warehouse.prepare(questionnaire)
      library.addEdition(questionnaire, layouts)
      tell(`edition ${questionnaire.sha256}`, { kind: 'edition', questionnaire, layouts })
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      const { id, version, sha256 } = questionnaire
      library.refuseEdition({ id, version, sha256 }, error.type)
      tell(`edition ${sha256}`, { kind: 'refused', reference: { id, version, sha256 }, type: error.type })
    }
  }
  const makeReady = async (jobs: readonly Job[]) => {
    for (const { document } of jobs) {
      const { questionnaire: reference, round } = document as Partial<SealedRecord>
      if (isReference(reference) && !library.hasEdition(reference)) {
        const questionnaire = await needs.questionnaires.find(reference)
        if (questionnaire?.sha256 === reference.sha256) await addEdition(questionnaire)
      }
      if (typeof round === 'string' && !asked.has(round)) {
        asked.add(round)
        const found = await needs.rounds.find(round)
        if (!found) continue
        library.addRound(found)
        const { keys, pseudonyms: made } = await needs.pseudonymizer.of(round)
        pseudonyms.set(round, made)
        tell(`round ${round}`, { kind: 'round', round: found, keys })
      }
    }
  }
  /** Starts threads, if there are none; resolves when one is there, or none will be. */
  const hire = (): Promise<unknown> => {
    if (crew.length > 0) return Promise.resolve()
    starting ??= Promise.all(Array.from({ length: threads }, begin)).finally(() => (starting = null))
    return starting
  }
  const begin = (): Promise<void> =>
    new Promise((resolve) => {
      const worker = startThread()
      started.add(worker)
      worker.once('message', () => {
        // A thread without work keeps no process alive.
        worker.unref()
        crew.push(worker)
        for (const message of told.values()) send(worker, message)
        resolve()
      })
      // Without a listener a thread that dies would take the server with it; the next batch goes on with the others, or hires anew.
      worker.on('error', () => {
        started.delete(worker)
        const at = crew.indexOf(worker)
        if (at >= 0) crew.splice(at, 1)
        resolve()
      })
    })
  return {
    async prepare(jobs) {
      await makeReady(jobs)
      if (threads > 0 && jobs.length >= worthwhile) {
        const there = hire()
        if (wanted !== undefined || jobs.length >= worthWaiting) await there
      }
      if (crew.length === 0 || jobs.length < worthwhileOnceThere) {
        const heap = prepareHeap(bench, jobs, spare)
        library.forgetHouseholds()
        return heap
      }
      // Keys may have been rotated or destroyed since the last batch.
      for (const worker of crew) send(worker, { kind: 'keys', keys: needs.keys.all() })
      return inThreads(crew, jobs, spare)
    },
    giveBack: (tables) => putBack(blocksIn(tables), spare),
    forgetRounds() {
      asked = new Set()
    },
    async close() {
      crew.length = 0
      await Promise.all([...started].map((worker) => worker.terminate()))
    },
  }
}

// A thread does not inherit the loader that reads TypeScript, so it is registered there first.
function startThread(): Worker {
  const loader = pathToFileURL(
    createRequire(import.meta.url)
      .resolve('tsx/esm/api')
      .replace(/\.cjs$/, '.mjs'),
  ).href
  const thread = new URL('./workshop-thread.ts', import.meta.url).href
  return new Worker(`import(${JSON.stringify(loader)}).then(({ register }) => { register(); return import(${JSON.stringify(thread)}) })`, {
    eval: true,
    // An opened interview lives for a fraction of a millisecond: with room for many, the collector has little to move.
    resourceLimits: { maxYoungGenerationSizeMb: 64 },
  })
}

const send = (worker: Worker, message: Message) => worker.postMessage(message, [])

/** Deals the jobs out in heaps, each to whoever is free, and puts the outcomes back in order. */
async function inThreads(crew: readonly Worker[], jobs: readonly Job[], spare: SpareBlocks): Promise<Heap> {
  const size = Math.min(perMessage, Math.ceil(jobs.length / crew.length))
  const parts = Array.from({ length: Math.ceil(jobs.length / size) }, (_, at) => jobs.slice(at * size, (at + 1) * size))
  const heaps: Heap[] = []
  let next = 0
  const serve = async (worker: Worker) => {
    for (let at = next++; at < parts.length; at = next++) heaps[at] = await ask(worker, parts[at] ?? [], spare.splice(0, blocksPerMessage))
  }
  await Promise.all(crew.map(serve))
  return { outcomes: heaps.flatMap(({ outcomes }) => outcomes), tables: heaps.flatMap(({ tables }) => tables) }
}

/** Messages that each thread was asked so far. */
const asks = new WeakMap<Worker, number>()

function ask(worker: Worker, jobs: readonly Job[], spare: SpareBlocks): Promise<Heap> {
  const number = (asks.get(worker) ?? 0) + 1
  asks.set(worker, number)
  return new Promise((resolve, reject) => {
    const done = () => {
      worker.off('message', hear)
      worker.off('error', fail)
      worker.unref()
    }
    const hear = (reply: Reply) => {
      if (reply.kind === 'ready' || reply.number !== number) return
      done()
      if (reply.kind === 'heap') resolve(reply.heap)
      else
        reject(
          reply.type === null ? new Error('A thread failed; its records are taken in again.') : new ProblemError(reply.type, reply.detail),
        )
    }
    const fail = (error: unknown) => {
      done()
      reject(error instanceof Error ? error : new Error('A thread failed; its records are taken in again.'))
    }
    worker.on('message', hear)
    worker.on('error', fail)
    worker.ref()
    send(worker, { kind: 'jobs', number, jobs, spare })
  })
}

function isReference(value: unknown): value is SealedRecord['questionnaire'] {
  const { id, version, sha256 } = (value ?? {}) as Record<string, unknown>
  return [id, version, sha256].every((each) => typeof each === 'string')
}
