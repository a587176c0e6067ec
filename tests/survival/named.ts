// Every lie that was measured of proxies, checkpoints and stores, as a schedule of its own, with the safeguard that answers it.
import type { RequestFault, Schedule, Step } from './schedule.ts'
import type { Undo } from './undo.ts'

export interface NamedSchedule {
  readonly title: string
  readonly schedule: Schedule
  /** Without it this schedule must fail. */
  readonly safeguard: Undo
}

const interview = (count = 2): Step => ({ do: 'interview', phone: 0, count })
const sync = (...faults: RequestFault[]): Step => ({ do: 'sync', phone: 0, faults })
const ingest: Step = { do: 'ingest', limit: 1000 }
const backup: Step = { do: 'backup' }
const restore = (what: (Step & { do: 'restore' })['what']): Step => ({ do: 'restore', what })
const on = (path: string, fault: RequestFault['fault']): RequestFault => ({ at: 0, path, fault })
const of = (...steps: Step[]): Schedule => ({ seed: 1, phones: 1, steps })

export const namedSchedules: readonly NamedSchedule[] = [
  {
    title: 'a proxy answers an empty list for _bulk_docs: nothing arrived, and the phone asks for receipts',
    schedule: of(interview(), sync(on('_bulk_docs', 'empty-list'))),
    safeguard: 'receipts-ask-again',
  },
  {
    title: 'the same, and the phone lets go before anybody has the records',
    schedule: of(interview(), sync(on('_bulk_docs', 'empty-list')), { do: 'free', phone: 0 }),
    safeguard: 'only-receipts-prove',
  },
  {
    title: 'a proxy answers an empty object for _revs_diff: the phone believes that nothing is missing',
    schedule: { ...of(interview(101), sync(on('_revs_diff', 'empty-object'))), realPouch: true },
    safeguard: 'receipts-ask-again',
  },
  {
    title: 'the server is restored to nothing: no phone is told, every phone sends again',
    schedule: of(interview(), sync(), ingest, restore('nothing-left'), sync()),
    safeguard: 'receipts-ask-again',
  },
  {
    title: 'the server is restored to yesterday: what came since is sent again',
    schedule: of(interview(1), sync(), ingest, backup, interview(2), sync(), ingest, sync(), restore('all'), sync()),
    safeguard: 'receipts-ask-again',
  },
  {
    title: 'accepted is not safe: the server is restored to a backup from before, and the phone still has its copy',
    schedule: of(backup, interview(2), sync(), ingest, sync(), { do: 'free', phone: 0 }, restore('all')),
    safeguard: 'safe-means-backed-up',
  },
  {
    title: 'two of three nodes are dead: the third answers 201 alone, and what it took is gone when they return',
    schedule: of({ do: 'cluster', nodes: 1 }, interview(2), sync(), { do: 'cluster', nodes: 3 }),
    safeguard: 'receipts-ask-again',
  },
  {
    title: 'a cluster hands out changes again: rows are loaded once',
    schedule: of(interview(3), sync(), ingest, { do: 'replay' }, ingest),
    safeguard: 'rows-are-checked-against-the-ledger',
  },
  {
    title: 'the consumer dies between reading and committing: it reads again',
    schedule: of(interview(3), sync(), { do: 'ingest', limit: 1000, dies: 'before-commit' }, ingest),
    safeguard: 'position-is-committed-with-the-rows',
  },
  {
    title: 'the inbox is restored and grows past the reader before it looks: nothing is skipped',
    schedule: of(interview(1), sync(), backup, interview(3), sync(), ingest, restore('inbox'), interview(4), sync(), ingest),
    safeguard: 'feed-notices-rewinding',
  },
  {
    title: 'a record is changed on its way: it counts as never arrived',
    schedule: of(interview(1), sync(on('_bulk_docs', 'damaged'))),
    safeguard: 'hash-is-checked',
  },
  {
    title: 'the answer with new tokens is lost: the phone is not taken for a thief',
    schedule: of({ do: 'pass', minutes: 20 }, interview(1), sync(on('/device/token', 'answer-lost'))),
    safeguard: 'lost-answers-are-forgiven',
  },
  {
    title: 'somebody with a stolen token forges, deletes and overwrites',
    schedule: of(
      interview(2),
      sync(),
      ...(['forged-revision', 'deleted', 'design', 'overwrite'] as const).map((how): Step => ({ do: 'attack', phone: 0, how })),
    ),
    safeguard: 'documents-are-screened',
  },
]
