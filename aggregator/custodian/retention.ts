import { type DuckDBConnection, listValue } from '@duckdb/node-api'
import { countOldEntries, removeOldEntries } from '../fieldwork/old-entries.ts'
import type { DocumentStore } from '../inbox/document-store.ts'
import type { InboxStore } from '../inbox/store.ts'
import { answerTables } from '../warehouse/erase.ts'
import { quotedIdentifier } from '../warehouse/quoted-identifier.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'
import type { AuditChain } from '../custody/audit-chain.ts'
import rules from './retention.json' with { type: 'json' }

export type RetentionClass = 'logs' | 'identities' | 'sealed-originals' | 'paradata' | 'pseudonymized-rows'

export interface RetentionRule {
  readonly class: RetentionClass
  readonly what: string
  readonly days: number
  readonly from: string
  readonly basis: string
}

export interface RetentionPlaces {
  readonly warehouse: Warehouse
  readonly inbox: InboxStore
  /** Rounds, phones, and the office's own logs. */
  readonly office: DocumentStore
  readonly audit: Pick<AuditChain, 'append'>
}

export interface RetentionLine extends RetentionRule {
  /** Interviewed, or written, before this day: its time is over. */
  readonly before: string
  /** Records, or entries of logs, concerned; what was removed, or in a dry run would be. */
  readonly records: number
}

export const retentionRules = rules.classes as readonly RetentionRule[]

/**
 * Removes what may no longer be kept. Each class has its period and legal basis as data.
 * @param today YYYY-MM-DD.
 * @param dryRun only counts.
 */
export async function applyRetention(
  { warehouse, inbox, office, audit }: RetentionPlaces,
  today: string,
  dryRun: boolean,
  classes: readonly RetentionRule[] = retentionRules,
): Promise<readonly RetentionLine[]> {
  const report: RetentionLine[] = []
  for (const rule of classes) {
    const before = daysBefore(today, rule.days)
    const { records, remove } = await dueOf({ warehouse, inbox, office }, rule.class, before)
    report.push({ ...rule, before, records })
    if (dryRun || records === 0) continue
    await remove()
    await audit.append({ actor: 'custodian', action: 'retention.applied', subject: rule.class, facts: { before, records } })
  }
  if (!dryRun && report.some(({ records, class: retained }) => records > 0 && retained !== 'logs')) await warehouse.rewrite()
  return report
}

interface Due {
  readonly records: number
  readonly remove: () => Promise<void>
}

async function dueOf({ warehouse, inbox, office }: Omit<RetentionPlaces, 'audit'>, retained: RetentionClass, before: string): Promise<Due> {
  if (retained === 'logs') return { records: await countOldEntries(office, before), remove: () => removeOldEntries(office, before) }
  const ids = await warehouse.read((connection) => dueRecords(connection, retained, before))
  if (retained !== 'sealed-originals')
    return { records: ids.length, remove: () => warehouse.write((connection) => remove(connection, retained, ids)) }
  // An inbox says itself which of these it still has.
  const kept = [...(await inbox.revisionsOf(ids)).keys()]
  return { records: kept.length, remove: () => inbox.purge(kept) }
}

/** What lies in rows of the warehouse. */
type Stored = Exclude<RetentionClass, 'logs'>

const due: Readonly<Record<Stored, string>> = {
  identities: `select v.record_id from vault v join ledger l using (record_id) where l.finished < $before::date`,
  // Undecided records may still need their original; what is not in a backup must not be the only copy that is removed.
  'sealed-originals': `
    select l.record_id from ledger l join receipt r using (record_id)
    where l.finished < $before::date and l.status = 'accepted'
    group by l.record_id having max(r.seq) <= (select coalesce(max(backed_up), 0) from checkpoint)`,
  paradata: `
    select record_id from ledger where finished < $before::date and minutes is not null
    union select f.record_id from flag f join ledger l using (record_id) where l.finished < $before::date and f.severity <> 'blocking'`,
  'pseudonymized-rows': `select record_id from ledger where finished < $before::date and household_key is not null`,
}

async function dueRecords(connection: DuckDBConnection, retained: Stored, before: string): Promise<readonly string[]> {
  const result = await connection.runAndReadAll(`select distinct record_id from (${due[retained]}) order by 1`, { before })
  return result.getRows().map(([id]) => String(id))
}

async function remove(
  connection: DuckDBConnection,
  retained: Exclude<Stored, 'sealed-originals'>,
  records: readonly string[],
): Promise<void> {
  const ids = listValue([...records])
  const among = 'where record_id in (select unnest($ids::varchar[]))'
  switch (retained) {
    case 'identities':
      return void (await connection.run(`delete from vault ${among}`, { ids }))
    case 'paradata':
      await connection.run(`update ledger set minutes = null ${among}`, { ids })
      return void (await connection.run(`delete from flag ${among} and severity <> 'blocking'`, { ids }))
    case 'pseudonymized-rows':
      for (const table of await answerTables(connection)) await connection.run(`delete from ${quotedIdentifier(table)} ${among}`, { ids })
      return void (await connection.run(`update ledger set household_key = null ${among}`, { ids }))
    default:
      retained satisfies never
  }
}

function daysBefore(today: string, days: number): string {
  return new Date(Date.parse(`${today}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10)
}
