import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { KeyProvider } from '../../aggregator/custody/keys.ts'
import { type OwnSession, openOwnSession, sealUnder } from '../../aggregator/custody/seal-again.ts'
import type { InboxStore, StoredDocument } from '../../aggregator/inbox/store.ts'
import { sealedContent } from '../../schemas/canonical.ts'
import type { Round } from '../../schemas/generated/records.ts'
import { createForm } from '../../schemas/interview/create-form.ts'
import type { Answers, Row } from '../../schemas/interview/answers.ts'
import type { Identity, Interview } from '../../schemas/interview/interview.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { boundTo, identityInside, insideOf } from '../../schemas/sealing/cover.ts'
import { dictionaryFor } from '../../schemas/sealing/dictionary.ts'
import type { SealedHalf } from '../../schemas/sealing/headers.ts'
import { finishVisit } from '../../tests/simulation/door.ts'
import { interview } from '../../tests/simulation/interviewer.ts'
import { createRandom } from '../../tests/simulation/random.ts'
import { makeHousehold } from '../../tests/simulation/people.ts'

export const questionnaire = JSON.parse(
  readFileSync(new URL('../../schemas/generated/household/questionnaire.json', import.meta.url), 'utf8'),
) as Questionnaire

export const round: Round = {
  schema: 'round/1',
  id: 'bench',
  title: 'Bench',
  questionnaire: { id: questionnaire.id, version: questionnaire.version, sha256: questionnaire.sha256 },
  referenceDay: '2026-10-01',
  starts: '2026-10-01',
  ends: '2026-12-31',
  settings: {},
  areas: [{ code: '1001', name: 'Upper', level: 'barangay' }],
}

/** The areas of the round as choices. */
export const areaLists = { area: [{ name: '1001', label: { en: 'Upper' } }] }

export interface Plain {
  readonly interview: Interview
  readonly identity: Identity
}

/** Different households that made-up people answered through the form engine; `household` repeats them under new ids. */
export function samples(count: number): readonly Plain[] {
  const random = createRandom(11)
  const today = { year: 2026, month: 11 }
  const form = createForm(questionnaire, {
    today: '2026-11-02',
    now: '2026-11-02T08:00:00+08:00',
    lists: areaLists,
  })
  return Array.from({ length: count }, (_, at) => {
    const people = makeHousehold(random, { area: '1001', number: `sample-${at}` }, today)
    let row = 0
    const answers = interview(form, people, { random, today, area: '1001' } as never, () => `s${at}r${row++}`)
    const [started, finished] = ['2026-11-02T08:00:00+08:00', '2026-11-02T08:40:00+08:00']
    const done = finishVisit(
      {
        form,
        questionnaire,
        enrolment: { deviceId: 'benchdevice', round },
        area: '1001',
        started,
        finished,
        languages: { interface: 'en', questions: 'en' },
      },
      answers,
    )
    return { interview: done.interview, identity: done.identity ?? { schema: 'identity/1', id: done.interview.id, answers: {}, rows: {} } }
  })
}

/** The n-th household: a sample with ids of its own. */
export function household(from: readonly Plain[], number: number): Plain {
  const sample = from[number % from.length]
  if (!sample) throw new RangeError('There are no samples.')
  const id = `r:benchdevice:01J${String(number).padStart(23, '0')}`
  const row = (old: string) => `n${number}${old}`
  const rows = (value: Answers[string]) =>
    Array.isArray(value) && typeof value[0] === 'object'
      ? (value as readonly Row[]).map((each) => ({ ...each, _id: row(each._id) }))
      : value
  const answers = Object.fromEntries(Object.entries(sample.interview.answers).map(([name, value]) => [name, rows(value)]))
  const named = Object.fromEntries(
    Object.entries(sample.identity.rows).map(([repeat, some]) => [
      repeat,
      Object.fromEntries(Object.entries(some).map(([key, value]) => [row(key), value])),
    ]),
  )
  return {
    interview: { ...sample.interview, id, answers, withdrawalCode: `B-${number}` },
    identity: { ...sample.identity, id, answers: { ...sample.identity.answers, A02: `bench-${number}` }, rows: named },
  }
}

/** Sealed documents as phones send them: one session key for 20 records. */
export function sealer(keys: KeyProvider): (plain: Plain) => StoredDocument {
  const bytes = dictionaryFor(questionnaire)
  const dictionary = { name: createHash('sha256').update(bytes).digest('hex').slice(0, 16), bytes }
  let sealedSoFar = 0
  let sessions: { answers: OwnSession; identity: OwnSession } | null = null
  return ({ interview: { kind, round: roundId, area, finished, questionnaire: reference }, interview: plain, identity }) => {
    if (sessions === null || sealedSoFar++ % 20 === 0)
      sessions = { answers: openOwnSession(keys.current('seal-answers')), identity: openOwnSession(keys.current('seal-identity')) }
    const recordId = plain.id
    const cover = { _id: recordId, kind, round: roundId, area, questionnaire: reference, finished: finished.slice(0, 10) }
    const half = (name: SealedHalf) => ({ half: name, bound: boundTo(name, cover), dictionary })
    const content = {
      ...cover,
      schema: 'sealed/1',
      answers: sealUnder(sessions.answers, insideOf(plain), half('answers')),
      identity: sealUnder(sessions.identity, identityInside(identity), half('identity')),
    }
    const sha256 = createHash('sha256').update(sealedContent(content)).digest('hex')
    return { ...content, sha256, _rev: `1-${createHash('md5').update(recordId).digest('hex')}` }
  }
}

/** A feed for ingest; making documents while it is read is counted apart. */
export interface MadeUpFeed extends InboxStore {
  readonly spentMs: () => number
  readonly spentCpuMs: () => number
}

/** Processor time of this process so far, all threads, in ms: on a busy machine it says more than the clock. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Documents that are there already. */
export function feedOf(documents: readonly StoredDocument[]): MadeUpFeed {
  return { ...madeUpFeed(documents.length, (at) => documents[at] as StoredDocument), spentMs: () => 0, spentCpuMs: () => 0 }
}

/** Documents that are made while they are read, so that a million people need no memory. */
export function madeUpFeed(count: number, make: (number: number) => StoredDocument): MadeUpFeed {
  let [spent, spentCpu] = [0, 0]
  const none = async () => undefined
  return {
    spentMs: () => spent,
    spentCpuMs: () => spentCpu,
    info: async () => ({ updateSeq: String(count), count }),
    async changes(since, limit) {
      const [started, cpu] = [performance.now(), cpuMs()]
      const from = Number(since ?? 0)
      const to = Math.min(count, from + limit)
      const changes = Array.from({ length: to - from }, (_, at) => {
        const document = make(from + at)
        return { seq: String(from + at + 1), id: document._id, rev: document._rev, deleted: false, document }
      })
      spent += performance.now() - started
      spentCpu += cpuMs() - cpu
      return { changes, lastSeq: String(to) }
    },
    revsDiff: async () => ({}),
    bulkWrite: none,
    getLocal: none,
    putLocal: async () => ({ rev: '1-0' }),
    waitForChange: none,
    revisionsOf: async () => new Map(),
    read: async () => [],
    purge: none,
    close: none,
  }
}
