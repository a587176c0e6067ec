import type { DuckDBConnection } from '@duckdb/node-api'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import type { Table, TableColumn } from '../../schemas/xlsform/tables.ts'

/**
 * A table as it lies in the warehouse: columns in their physical order. Those that only other versions of the questionnaire have
 * hold an answer of no question.
 */
export interface TableLayout extends Table {
  readonly columns: readonly TableColumn[]
}

/** The one DuckDB file of the deployment: one writer, several readers, locked down. */
export interface Warehouse {
  /** Creates or widens the tables of a questionnaire version and their `current_` and `shareable_` views. */
  prepare(questionnaire: Questionnaire): Promise<readonly TableLayout[]>
  /** Runs alone, in one transaction: all of it is durable when the promise resolves, or none of it happened. */
  write<Result>(work: (connection: DuckDBConnection) => Promise<Result>): Promise<Result>
  /**
   * Lends a connection for reading; it sees only committed data. A rewrite waits until it is given back, and later readers wait for the
   * rewrite: asking for another connection inside `work` could wait for ever.
   */
  read<Result>(work: (connection: DuckDBConnection) => Promise<Result>): Promise<Result>
  /** Runs with nobody else reading or writing, and outside a transaction: for copies of the whole. */
  alone<Result>(work: (connection: DuckDBConnection) => Promise<Result>): Promise<Result>
  /** Writes the log into the file: when idle, and before a copy. */
  checkpoint(): Promise<void>
  /** Copies what counts into a new file and puts it in place: what was deleted is then gone from the disk too. */
  rewrite(): Promise<void>
  /** How many transactions were committed since it was opened: who keeps figures sees by it that something changed. */
  written(): number
  readonly path: string
  /** The only folder SQL can write to. */
  readonly exportFolder: string
  close(): Promise<void>
}
