import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Round, SampleDesign } from '../schemas/generated/records.ts'
import type { Questionnaire } from '../schemas/questionnaire.ts'
import { type OpenidProvider, openProvider } from './accounts/openid-provider.ts'
import { openPeople, type People } from './accounts/people.ts'
import { openSessions, type Sessions } from './accounts/sessions.ts'
import type { Config } from './config.ts'
import { type AuditChain, openAuditChain } from './custody/audit-chain.ts'
import { openEnvironmentKeyring } from './custody/environment-keyring.ts'
import { openKeyring } from './custody/file-keyring.ts'
import type { KeyProvider } from './custody/keys.ts'
import { readAreas } from './fieldwork/areas.ts'
import { designOf } from './fieldwork/designs.ts'
import { listingOf } from './fieldwork/listings.ts'
import type { ReceiptSource } from './fieldwork/receipt-source.ts'
import { type Deployment, ensureFirstRound, getRound, openDeployment, publishQuestionnaire } from './fieldwork/rounds.ts'
import { openStores, type Stores } from './inbox/open-stores.ts'
import { createLiveFigures, type LiveFigures } from './indicators/live-figures.ts'
import { loadDefinitions } from './indicators/load-definitions.ts'
import { createIngest, type Ingest, type IngestLog } from './ingest/ingest.ts'
import { type AgreementBook, openAgreements } from './portal/agreements/agreement-book.ts'
import { type Entrance, openEntrance } from './portal/office/entrance.ts'
import type { ReleaseSource } from './portal/published.ts'
import { ProblemError } from './problem.ts'
import { releaseSource } from './releases/release-source.ts'
import { openWarehouse } from './warehouse/open-warehouse.ts'
import { receiptSource } from './warehouse/receipts.ts'
import type { Warehouse } from './warehouse/warehouse.ts'

/** Everything that is open while Tala runs; who opens it closes it. */
export interface Office {
  readonly config: Config
  readonly log: IngestLog
  readonly stores: Stores
  readonly keys: KeyProvider
  readonly audit: AuditChain
  readonly deployment: Deployment
  readonly warehouse: Warehouse
  readonly receipts: ReceiptSource
  readonly ingest: Ingest
  /** Working tables, which follow every commit of ingest. */
  readonly figures: LiveFigures
  readonly releases: ReleaseSource
  readonly agreements: AgreementBook
  /** Accounts of the office, who is signed in, and where else one may sign in. */
  readonly people: People
  readonly sessions: Sessions
  readonly provider: OpenidProvider | null
  /** The first door of the office, by a code from the terminal. */
  readonly entrance: Entrance
  readonly now: () => Date
  /** A round by id; default: the one that new phones join. */
  round(id?: string): Promise<Round>
  /** How a round was drawn; null for a plain census. */
  design(round: string): Promise<SampleDesign | null>
  /** Homes listed by area; empty when no listing was given. */
  listing(round: string): Promise<ReadonlyMap<string, number>>
  questionnaire(reference: { readonly id: string; readonly version: string }): Promise<Questionnaire | undefined>
  close(): Promise<void>
}

export interface OfficeOptions {
  readonly log: IngestLog
  readonly now?: () => Date
  /** Area register of the first round; later starts keep the round they find. */
  readonly areasCsv?: string
  /** Settings of the first round, e.g. its poverty line. */
  readonly settings?: Round['settings']
}

const ourSurvey = new URL('../schemas/generated/household/questionnaire.json', import.meta.url)
const exampleAreas = new URL('./fieldwork/example-areas.csv', import.meta.url)

/** Opens the data folder, making on first start what is not there: keyring, stores, warehouse, the first round. */
export async function openOffice(config: Config, { log, now = () => new Date(), areasCsv, settings = {} }: OfficeOptions): Promise<Office> {
  const closing: (() => Promise<void>)[] = []
  const opened = <T extends { close(): Promise<void> }>(each: T): T => {
    closing.unshift(() => each.close())
    return each
  }
  try {
    const keys =
      config.keyring === 'environment' ? openEnvironmentKeyring(process.env) : await openKeyring(join(config.dataFolder, 'keys'), now)
    const stores = opened(await openStores(config))
    const audit = opened(await openAuditChain(join(config.dataFolder, 'audit', 'chain.jsonl'), keys, now))
    const warehouse = opened(await openWarehouse(join(config.dataFolder, 'warehouse', 'tala.duckdb')))
    const survey = JSON.parse(await readFile(ourSurvey, 'utf8')) as Questionnaire
    await publishQuestionnaire(stores.config, survey)
    const areas = readAreas(areasCsv ?? (await readFile(exampleAreas, 'utf8')))
    const first = await ensureFirstRound(stores.office, stores.config, { questionnaire: survey, areas, today: now(), settings })
    const questionnaire: Office['questionnaire'] = async ({ id, version }) => {
      const found = await stores.config.get(`questionnaire:${id}:${version}`)
      return found ? (found['questionnaire'] as Questionnaire) : undefined
    }
    const ingest = createIngest({
      inbox: stores.inbox,
      quarantine: stores.quarantine,
      keys,
      warehouse,
      audit,
      questionnaires: { find: questionnaire },
      rounds: { find: (id) => getRound(stores.office, id).catch(unknownRound) },
      clock: now,
      log,
    })
    closing.unshift(() => ingest.stop())
    const figures = createLiveFigures({
      warehouse,
      indicators: await loadDefinitions(),
      restMs: 1000,
      onFailure: () => log.error({}, 'figures could not follow a change; they are tried again with the next table'),
    })
    ingest.onCommit((commit) => void figures.follow(commit).catch(() => undefined))
    await warehouse.prepare((await questionnaire(first.questionnaire)) ?? survey)
    return {
      config,
      log,
      stores,
      keys,
      audit,
      deployment: await openDeployment(stores.office),
      warehouse,
      receipts: receiptSource(warehouse),
      ingest,
      figures,
      releases: releaseSource(config.dataFolder, keys),
      agreements: openAgreements(stores.office, now),
      people: openPeople({ office: stores.office, keys, now }),
      sessions: openSessions(now),
      provider: config.oidc ? openProvider(config.oidc, config.publicUrl) : null,
      entrance: openEntrance(now),
      now,
      round: async (id) => getRound(stores.office, id ?? (await openDeployment(stores.office)).round ?? first.id),
      design: (id) => designOf(stores.office, id),
      listing: (id) => listingOf(stores.office, id),
      questionnaire,
      close: () => closeAll(closing),
    }
  } catch (error) {
    await closeAll(closing)
    throw error
  }
}

/** A round nobody opened is an answer; a store that fails is not, and stops ingest until it works again. */
function unknownRound(error: unknown): undefined {
  if (error instanceof ProblemError && error.type === 'unknown-round') return undefined
  throw error
}

async function closeAll(closing: (() => Promise<void>)[]): Promise<void> {
  for (const close of closing.splice(0)) await close()
}
