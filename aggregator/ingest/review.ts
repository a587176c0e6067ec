import { readFile } from 'node:fs/promises'
import { type DuckDBConnection, INTEGER, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import type { Receipt } from '../../schemas/generated/records.ts'
import { ProblemError } from '../problem.ts'
import type { Finding } from './findings.ts'
import { recount } from '../warehouse/load.ts'
import { appendReceipt } from '../warehouse/receipts.ts'
import { appendRows } from '../warehouse/table-writer.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'

/** A record that waits for a person of the office: held, or accepted with warnings. Names no answer. */
export interface ReviewItem {
  readonly record: string
  readonly status: string
  readonly area: string | null
  readonly device: string
  readonly finished: string | null
  readonly flags: readonly { readonly code: string; readonly severity: string; readonly name: string | null; readonly row: string | null }[]
}

export interface Decision {
  readonly record: string
  /** accept: it counts. hold: it stays out. return: the phone gets it back with the comment. */
  readonly decided: 'accept' | 'hold' | 'return'
  readonly by: string
  /** To the enumerator; about the work, never about the household. */
  readonly comment: string
}

/**
 * What waits, oldest first: held records nobody decided on, then warnings.
 * @param findings what records beside each other show; they are warnings too, and stand nowhere else.
 */
export async function reviewQueue(
  connection: DuckDBConnection,
  findings: readonly Finding[] = [],
  limit = 200,
): Promise<readonly ReviewItem[]> {
  const sql = await readFile(new URL('./sql/review-queue.sql', import.meta.url), 'utf8')
  const values = { limit, records: listValue(findings.map(({ record }) => record)), codes: listValue(findings.map(({ code }) => code)) }
  const result = await connection.runAndReadAll(sql, values, { limit: INTEGER, records: LIST(VARCHAR), codes: LIST(VARCHAR) })
  return result.getRows().map(([record, status, area, device, finished, flags]) => ({
    record: String(record),
    status: String(status),
    area: area === null ? null : String(area),
    device: String(device),
    finished: finished === null ? null : String(finished),
    flags: JSON.parse(String(flags)) as ReviewItem['flags'],
  }))
}

/**
 * Writes a decision down and lets it take effect. Decisions are added, never changed; the last one counts.
 * @throws ProblemError `unknown-record`, or `invalid-request` for a record that nobody may decide on (withdrawn, unreadable).
 */
export async function decide(warehouse: Warehouse, { record, decided, by, comment }: Decision, now: Date): Promise<void> {
  await warehouse.write(async (connection) => {
    const result = await connection.runAndReadAll('select root, status, device, sha256 from ledger where record_id = $record', { record })
    const [root, status, device, sha256] = result.getRows()[0] ?? []
    if (status === undefined) throw new ProblemError('unknown-record', 'No record with this id has been taken in.')
    if (status !== 'held' && status !== 'accepted')
      throw new ProblemError('invalid-request', 'A record that was withdrawn or could not be read cannot be decided on.')
    await appendRows(connection, 'decision', [[record, decided, by, now.toISOString(), comment]])
    await connection.run('update ledger set status = $status where record_id = $record', {
      status: decided === 'accept' ? 'accepted' : 'held',
      record,
    })
    await recount(connection, [String(root)])
    await appendReceipt(connection, { id: record, device: String(device), sha256: String(sha256), ...outcome[decided] })
  })
}

const outcome: Readonly<Record<Decision['decided'], { readonly status: Receipt['status']; readonly reasons: Receipt['reasons'] }>> = {
  accept: { status: 'accepted', reasons: [] },
  hold: { status: 'held', reasons: [{ code: 'held-by-supervisor' }] },
  return: { status: 'held', reasons: [{ code: 'returned-by-supervisor' }] },
}
