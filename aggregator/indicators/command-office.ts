import { writeFile } from 'node:fs/promises'
import type { Round, SampleDesign } from '../../schemas/generated/records.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import type { AuditChain } from '../custody/audit-chain.ts'
import { ProblemError } from '../problem.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'
import type { Indicator } from './definition.ts'
import { loadDefinitions } from './load-definitions.ts'
import { byColumn, type TableRecord, toCsvText, writeParquet } from './table-file.ts'

/** What the commands need of the open house. */
export interface IndicatorOffice {
  readonly warehouse: Pick<Warehouse, 'read'>
  readonly audit: Pick<AuditChain, 'append'>
  round(id?: string): Promise<Round>
  /** How a round was drawn; null for a plain census. */
  design(round: string): Promise<SampleDesign | null>
  questionnaire(reference: { readonly id: string; readonly version: string }): Promise<Questionnaire | undefined>
  /** The day of the round's first release (null before), and the dimensions of each table of its newest. */
  published(
    round: string,
  ): Promise<{ readonly firstDay: string | null; readonly tables: readonly { readonly dimensions: readonly string[] }[] }>
  close(): Promise<void>
}

export type Format = 'csv' | 'json' | 'parquet'

export interface Form {
  readonly round: Round
  readonly questionnaire: Questionnaire
}

export async function currentForm(office: IndicatorOffice, wanted?: string): Promise<Form> {
  const round = await office.round(wanted)
  if (wanted !== undefined && round.id !== wanted)
    throw new ProblemError('unknown-round', `There is no open round ${wanted}; the current one is ${round.id}.`)
  const questionnaire = await office.questionnaire(round.questionnaire)
  if (!questionnaire) throw new ProblemError('unknown-questionnaire', 'Publish the questionnaire of the round first.')
  return { round, questionnaire }
}

export async function findIndicator(id: string): Promise<Indicator> {
  const found = (await loadDefinitions()).find(({ definition }) => definition.id === id)
  if (!found || found.definition.type === 'pipeline')
    throw new ProblemError(
      'unknown-table',
      `There is no indicator ${id} that answers feed; \`tala indicators survey\` has those about the survey itself.`,
    )
  return found
}

export function needsFile(format: Format, out: string | undefined): void {
  if (format === 'parquet' && out === undefined)
    throw new ProblemError('invalid-request', 'Say where to write the Parquet file, with --out.')
}

/** A table: its JSON is that of the desk. */
export const writeTable = (records: readonly TableRecord[], format: Format, out: string | undefined): Promise<void> =>
  write(records, format === 'json' ? `${JSON.stringify(byColumn(records))}\n` : toCsvText(records), format, out)

/** A list of findings. */
export const writeRecords = (records: readonly TableRecord[], format: Format, out: string | undefined): Promise<void> =>
  write(records, format === 'json' ? `${JSON.stringify(records, null, 2)}\n` : toCsvText(records), format, out)

async function write(records: readonly TableRecord[], text: string, format: Format, out: string | undefined): Promise<void> {
  if (format === 'parquet') return writeParquet(records, out ?? '')
  if (out === undefined) process.stdout.write(text)
  else await writeFile(out, text)
}
