import type { DuckDBConnection } from '@duckdb/node-api'
import { asTexts, textsIn } from './text-list.ts'

/** What the ledger says of one record version. */
export interface LedgerEntry {
  readonly id: string
  readonly rev: string
  readonly root: string
  readonly device: string
  readonly status: string
  readonly withdrawalCode: string | null
}

/** The ledger's entries of these records. */
export async function ledgerEntries(connection: DuckDBConnection, ids: readonly string[]): Promise<readonly LedgerEntry[]> {
  if (ids.length === 0) return []
  const result = await connection.runAndReadAll(
    `select record_id, rev, root, device, status, withdrawal_code from ledger
     where record_id in (${textsIn('$ids')}) order by received`,
    { ids: asTexts(ids) },
  )
  return result.getRows().map(([id, rev, root, device, status, code]) => ({
    id: String(id),
    rev: String(rev),
    root: String(root),
    device: String(device),
    status: String(status),
    withdrawalCode: code === null || code === undefined ? null : String(code),
  }))
}

/** Interviewed homes of a round by household key (32 hex digits), with the root of the interview. */
export async function interviewedHomes(
  connection: DuckDBConnection,
  round: string,
  householdKeys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (householdKeys.length === 0) return new Map()
  const result = await connection.runAndReadAll(
    `select replace(household_key::varchar, '-', ''), min_by(root, received) from ledger
     where round = $round and consent_interview and status in ('accepted', 'held')
       and household_key in (select each::uuid from (${textsIn('$keys')}) keys(each))
     group by household_key`,
    { round, keys: asTexts(householdKeys) },
  )
  return new Map(result.getRows().map(([key, root]) => [String(key), String(root)]))
}

export async function feedPosition(connection: DuckDBConnection, feed: string): Promise<string | null> {
  const result = await connection.runAndReadAll('select since from checkpoint where feed = $feed', { feed })
  const since = result.getRows()[0]?.[0]
  return since === null || since === undefined ? null : String(since)
}

/** The kids of a round's pseudonym keys by purpose; empty before its first record. */
export async function roundKids(connection: DuckDBConnection, round: string): Promise<ReadonlyMap<string, string>> {
  const result = await connection.runAndReadAll('select purpose, kid from round_key where round = $round', { round })
  return new Map(result.getRows().map(([purpose, kid]) => [String(purpose), String(kid)]))
}

export async function hasTombstones(connection: DuckDBConnection): Promise<boolean> {
  const result = await connection.runAndReadAll('select exists (select 1 from tombstone)')
  return result.getRows()[0]?.[0] === true
}

/** Which of these marks are tombstones. */
export async function tombstonesAmong(connection: DuckDBConnection, marks: readonly string[]): Promise<ReadonlySet<string>> {
  if (marks.length === 0) return new Set()
  const result = await connection.runAndReadAll(`select mark from tombstone where mark in (${textsIn('$marks')})`, {
    marks: asTexts(marks),
  })
  return new Set(result.getRows().map(([mark]) => String(mark)))
}

/** The interviews whose slip carries the code with this mark. */
export async function rootsOfCode(connection: DuckDBConnection, mark: string): Promise<readonly string[]> {
  const result = await connection.runAndReadAll('select distinct root from ledger where withdrawal_code = $mark order by root', { mark })
  return result.getRows().map(([root]) => String(root))
}

/** Records kept apart because something was missing here, not because of what they are. */
export async function recordsWaiting(connection: DuckDBConnection): Promise<readonly string[]> {
  const result = await connection.runAndReadAll(
    `select record_id from quarantine
     where reason in ('unknown-questionnaire', 'unknown-round', 'seal-key-gone', 'warehouse-mismatch', 'internal') order by received`,
  )
  return result.getRows().map(([id]) => String(id))
}

/** Forgets that these records could not be read, right before they are loaded. */
export async function releaseFromQuarantine(connection: DuckDBConnection, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const parameters = { ids: asTexts(ids) }
  const among = `record_id in (${textsIn('$ids')})`
  await connection.run(`delete from ledger where status = 'quarantined' and ${among}`, parameters)
  await connection.run(`delete from quarantine where ${among}`, parameters)
  await connection.run(`delete from not_counted where ${among}`, parameters)
}
