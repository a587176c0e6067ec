import { type DuckDBConnection, listValue } from '@duckdb/node-api'
import { quotedIdentifier } from './quoted-identifier.ts'
import { appendRows } from './table-writer.ts'

/**
 * Takes whole interviews (all versions) out of the warehouse: answers, flags, decisions, vault. What stays is that a record was withdrawn,
 * so that its phone is told and an old copy is not taken in again. Runs in the caller's transaction.
 * @param mark keyed hash of a record id, for the tombstone.
 * @returns the ids of all versions, for the stores outside the warehouse.
 */
export async function eraseInterviews(
  connection: DuckDBConnection,
  roots: readonly string[],
  mark: (recordId: string) => string,
  asked: string,
): Promise<readonly string[]> {
  if (roots.length === 0) return []
  const versions = await connection.runAndReadAll(
    `select record_id, device, sha256, withdrawal_code from ledger where root in (select unnest($roots::varchar[])) and kind <> 'withdrawal' and status <> 'withdrawn'
     order by received`,
    { roots: listValue([...roots]) },
  )
  const records = versions.getRows().map(([id, device, sha256, code]) => ({
    id: String(id),
    device: String(device),
    sha256: String(sha256),
    code: code === null ? null : String(code),
  }))
  const all = [...new Set([...roots, ...records.map(({ id }) => id)])]
  await appendRows(
    connection,
    'tombstone',
    all.map((id) => [mark(id)]),
  )
  if (records.length > 0) await forget(connection, records, asked)
  return records.map(({ id }) => id)
}

interface Forgotten {
  readonly id: string
  readonly device: string
  readonly sha256: string
  /** Keyed hash of the code on the slip. */
  readonly code: string | null
}

async function forget(connection: DuckDBConnection, records: readonly Forgotten[], asked: string): Promise<void> {
  const ids = listValue(records.map(({ id }) => id))
  for (const table of [...(await answerTables(connection)), 'flag', 'decision', 'vault', 'link_token', 'quarantine', 'not_counted'])
    await connection.run(`delete from ${quotedIdentifier(table)} where record_id in (select unnest($ids::varchar[]))`, { ids })
  await connection.run(forgetInLedger, { ids })
  await appendRows(
    connection,
    'not_counted',
    records.map(({ id }) => [id]),
  )
  await appendRows(
    connection,
    'erasure',
    records.map(({ id, code }) => [id, asked, code]),
  )
  await appendReceipts(connection, records)
}

const forgetInLedger = `
update ledger set
    status = 'withdrawn', area = null, questionnaire_id = null, questionnaire_version = null, finished = null, household_key = null,
    withdrawal_code = null, consent_interview = null, consent_sharing = null, consent_referral = null, consent_recontact = null,
    consent_linking = null, consent_language = null, consent_mode = null, members = null, minutes = null
where record_id in (select unnest($ids::varchar[]))`

async function appendReceipts(
  connection: DuckDBConnection,
  records: readonly { id: string; device: string; sha256: string }[],
): Promise<void> {
  const result = await connection.runAndReadAll('select coalesce(max(receipts), 0)::double from checkpoint')
  const last = Number(result.getRows()[0]?.[0] ?? 0)
  await appendRows(
    connection,
    'receipt',
    records.map(({ id, device, sha256 }, index) => [last + index + 1, id, device, sha256, 'withdrawn', '[]']),
  )
  await connection.run('update checkpoint set receipts = $last', { last: last + records.length })
}

/** Every table of answers: those that carry a record id and a household key and are not the ledger. */
export async function answerTables(connection: DuckDBConnection): Promise<readonly string[]> {
  const result = await connection.runAndReadAll(
    `select distinct c.table_name from duckdb_columns() c join duckdb_tables() t using (database_name, schema_name, table_name)
     where c.column_name = 'questionnaire_version' and c.table_name <> 'ledger' and c.database_name = current_database() order by 1`,
  )
  return result.getRows().map(([name]) => String(name))
}

/** A record erased here whose copies elsewhere may still exist. */
export interface Erasure {
  readonly id: string
  /** When its rows left the warehouse, ISO 8601. */
  readonly asked: string
  readonly code: string | null
}

export async function pendingErasures(connection: DuckDBConnection): Promise<readonly Erasure[]> {
  const result = await connection.runAndReadAll('select record_id, asked, code from erasure order by record_id')
  return result.getRows().map(([id, asked, code]) => ({ id: String(id), asked: String(asked), code: code === null ? null : String(code) }))
}

export async function finishErasures(connection: DuckDBConnection, ids: readonly string[]): Promise<void> {
  await connection.run('delete from erasure where record_id in (select unnest($ids::varchar[]))', { ids: listValue([...ids]) })
}
