import type { AuditChain } from '../custody/audit-chain.ts'
import type { KeyProvider } from '../custody/keys.ts'
import type { Marks } from '../custody/marks.ts'
import type { InboxStore } from '../inbox/store.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'
import type { FollowRules } from './follow-rules.ts'
import type { Pseudonymizer } from './pseudonymize.ts'
import type { QuestionnaireSource, RoundSource } from './questionnaire-library.ts'
import type { Workshop } from './workshop.ts'

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
  /** Threads for opening and judging; default one per core, at most 4, started when a batch is worth it. 0: none. */
  readonly threads?: number
}

/** The part of pino that ingest uses. Gets ids, counts and problem types; never content. */
export interface IngestLog {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

/** What every step of taking in a batch may use. */
export interface Stage extends IngestDependencies {
  readonly workshop: Pick<Workshop, 'prepare' | 'giveBack'>
  readonly pseudonymizer: Pseudonymizer
  readonly marks: Marks
  readonly followRules: FollowRules
}
