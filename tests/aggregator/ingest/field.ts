import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import memoryAdapter from 'pouchdb-adapter-memory'
import PouchDB from 'pouchdb-core'
import { type AuditChain, openAuditChain } from '../../../aggregator/custody/audit-chain.ts'
import { openKeyring } from '../../../aggregator/custody/file-keyring.ts'
import type { KeyProvider } from '../../../aggregator/custody/keys.ts'
import { createIngest, type Ingest, type IngestDependencies } from '../../../aggregator/ingest/ingest.ts'
import { openStores } from '../../../aggregator/inbox/open-stores.ts'
import { pouchStore } from '../../../aggregator/inbox/pouch-store.ts'
import type { InboxStore } from '../../../aggregator/inbox/store.ts'
import { openWarehouse } from '../../../aggregator/warehouse/open-warehouse.ts'
import type { Warehouse } from '../../../aggregator/warehouse/warehouse.ts'
import { createSealer } from '../../../collector/vault/seal-record.ts'
import type { SealedRecord } from '../../../schemas/generated/records.ts'
import type { Answers } from '../../../schemas/interview/answers.ts'
import type { Identity, Interview, Kind } from '../../../schemas/interview/interview.ts'
import type { Questionnaire } from '../../../schemas/questionnaire.ts'
import { homeRound, homeSurvey } from './home-survey.ts'

PouchDB.plugin(memoryAdapter)

/** An aggregator in miniature with everything real, and a phone that seals what a test makes up. */
export interface Field {
  readonly folder: string
  readonly keys: KeyProvider
  readonly inbox: InboxStore
  readonly quarantine: InboxStore
  readonly warehouse: Warehouse
  readonly audit: AuditChain
  readonly ingest: Ingest
  /** A further ingest over the same stores, as after a restart. */
  restart(changes?: Partial<IngestDependencies>): Ingest
  /** Seals an interview and puts it into the inbox. */
  send(made: MadeUp): Promise<SealedRecord>
  put(...records: readonly SealedRecord[]): Promise<void>
  seal(made: MadeUp): Promise<SealedRecord>
  rows(sql: string): Promise<readonly (readonly unknown[])[]>
  close(): Promise<void>
}

export interface MadeUp {
  readonly number: number
  readonly device?: string
  readonly kind?: Kind
  readonly replaces?: string
  /** Null: the phone sent none. */
  readonly home?: string | null
  readonly names?: readonly string[]
  readonly phone?: string
  readonly answers?: Answers
  readonly withdrawalCode?: string
  readonly interview?: Partial<Interview>
}

export const recordId = (number: number, device = 'device01') => `r:${device}:01J${String(number).padStart(23, '0')}`

/** A home with an adult and a child who said yes to everything. */
export function interviewOf({ number, device = 'device01', kind = 'interview', ...made }: MadeUp): {
  interview: Interview
  identity: Identity
} {
  const id = recordId(number, device)
  const { names = ['Amihan', 'Bayani'] } = made
  const member = (_: string, at: number) => ({ _id: `m${at}`, B03: at % 2 === 0 ? 'F' : 'M', B05: at === 0 ? 40 : 7 + at })
  const answers: Answers = { A03: '1', A07: '1', A08: '1', A10: '1', person: names.map(member), ...made.answers }
  const purposes = Object.fromEntries(
    (['A07 interview', 'A08 sharing', 'A10 recontact'] as const).flatMap((each) => {
      const [name = '', purpose = ''] = each.split(' ')
      return typeof answers[name] === 'string' ? [[purpose, answers[name] === '1']] : []
    }),
  )
  return {
    interview: {
      schema: 'interview/1',
      id,
      kind,
      ...(made.replaces !== undefined && { replaces: made.replaces }),
      round: homeRound.id,
      area: '1001',
      questionnaire: { id: homeSurvey.id, version: homeSurvey.version, sha256: homeSurvey.sha256 },
      device,
      started: '2026-11-02T08:00:00+08:00',
      finished: '2026-11-02T08:40:00+08:00',
      mode: 'face-to-face',
      language: 'en',
      consent: { purposes, version: '1', language: 'en', mode: '1' },
      answers,
      pruned: [],
      overrides: [],
      paradata: { secondsByQuestion: { B05: 12 }, edits: 1, interruptions: 0, appVersion: 'test' },
      withdrawalCode: made.withdrawalCode ?? `CODE-${number}`,
      ...made.interview,
    },
    identity: {
      schema: 'identity/1',
      id,
      answers: { ...(made.home !== null && { A02: made.home ?? `home-${number}` }), ...(made.phone !== undefined && { A12: made.phone }) },
      rows: { person: Object.fromEntries(names.map((name, at) => [`m${at}`, { B01: name }])) },
    },
  }
}

export interface FieldOptions {
  readonly survey?: Questionnaire
  /** Keeps the document stores in files, as in real use. */
  readonly onDisk?: boolean
  readonly rounds?: readonly string[]
}

export async function openField({ survey = homeSurvey, onDisk = false, rounds = [homeRound.id] }: FieldOptions = {}): Promise<Field> {
  const folder = mkdtempSync(join(tmpdir(), 'tala-field-'))
  const keys = await openKeyring(join(folder, 'keyring'))
  const memory = (name: string) => pouchStore(new PouchDB(`${folder}-${name}`, { adapter: 'memory' }))
  const stores = onDisk ? await openStores({ dataFolder: join(folder, 'stores'), couchdbUrl: null, diskFloorBytes: 0 }) : null
  const [inbox, quarantine] = stores ? [stores.inbox, stores.quarantine] : [memory('inbox'), memory('quarantine')]
  const warehouse = await openWarehouse(join(folder, 'warehouse.duckdb'))
  const audit = await openAuditChain(join(folder, 'audit.jsonl'), keys)
  const dependencies: IngestDependencies = {
    inbox,
    quarantine,
    keys,
    warehouse,
    audit,
    questionnaires: { find: async ({ version }) => (version === survey.version ? survey : undefined) },
    rounds: { find: async (id) => (rounds.includes(id) ? { ...homeRound, id } : undefined) },
    clock: () => new Date('2026-11-03T00:00:00Z'),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  }
  const serverKeys = () =>
    (['seal-answers', 'seal-identity'] as const).map((purpose) => {
      const { kid, publicJwk = {} } = keys.current(purpose)
      return { purpose, kid, jwk: publicJwk }
    })
  const seal = async (made: MadeUp) => {
    const { interview, identity } = interviewOf(made)
    return (await createSealer(survey, serverKeys())).seal(interview, made.kind === 'withdrawal' ? null : identity)
  }
  const put = (...records: readonly SealedRecord[]) => inbox.bulkWrite(records.map((record) => ({ ...record, _rev: revisionOf(record) })))
  return {
    folder,
    keys,
    inbox,
    quarantine,
    warehouse,
    audit,
    ingest: createIngest(dependencies),
    restart: (changes = {}) => createIngest({ ...dependencies, ...changes }),
    seal,
    put,
    async send(made) {
      const record = await seal(made)
      await put(record)
      return record
    },
    rows: (sql) => warehouse.read(async (connection) => (await connection.runAndReadAll(sql)).getRowsJson()),
    async close() {
      await warehouse.close()
      await audit.close()
      if (stores) await stores.close()
      else for (const store of [inbox, quarantine]) await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const revisionOf = (record: SealedRecord) => `1-${createHash('md5').update(record._id).digest('hex')}`
