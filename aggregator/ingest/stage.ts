import type { AuditChain } from '../custody/audit-chain.ts'
import type { KeyProvider } from '../custody/keys.ts'
import type { Marks } from '../custody/marks.ts'
import type { Opener } from '../custody/open-sealed.ts'
import type { InboxStore } from '../inbox/store.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'
import type { Pseudonymizer } from './pseudonymize.ts'
import type { Library, QuestionnaireSource, RoundSource } from './questionnaire-library.ts'
import type { RecordReader } from './read-record.ts'

export interface IngestDependencies {
  readonly inbox: InboxStore
  /** Records the gateway kept apart; a withdrawal clears them too. */
  readonly quarantine: InboxStore
  readonly keys: KeyProvider
  readonly warehouse: Warehouse
  readonly questionnaires: QuestionnaireSource
  readonly rounds: RoundSource
  /** Withdrawals are proven here. */
  readonly audit: Pick<AuditChain, 'append'>
  readonly clock: () => Date
  readonly log: IngestLog
  /** Records per transaction; default 1,000. */
  readonly batchSize?: number
}

/** The part of pino that ingest uses. Gets ids, counts and problem types; never content. */
export interface IngestLog {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

/** What every step of taking in a record may use. */
export interface Stage extends IngestDependencies {
  readonly library: Library
  readonly reader: RecordReader
  readonly opener: Opener
  readonly pseudonymizer: Pseudonymizer
  readonly marks: Marks
}
