import { readFileSync } from 'node:fs'
import { type DuckDBConnection, listValue } from '@duckdb/node-api'
import type { Receipt, SealedPart } from '../../schemas/generated/records.ts'
import type { TableChunk } from './table-buffer.ts'
import { appendChunks, appendRows, appendRowsOf, type Cell } from './table-writer.ts'
import { asTexts, textsIn } from './text-list.ts'

/** One record version, ready to be stored: pseudonymized, without direct identifiers. */
export interface LoadRecord {
  readonly id: string
  readonly rev: string
  readonly sha256: string
  readonly kind: 'interview' | 'correction' | 'withdrawal' | 'listing'
  readonly root: string
  readonly device: string
  readonly round: string | null
  readonly area: string | null
  readonly questionnaire: { readonly id: string; readonly version: string } | null
  readonly finished: string | null
  readonly status: 'accepted' | 'held' | 'quarantined' | 'withdrawn'
  readonly reasons: Receipt['reasons']
  readonly flags: readonly { readonly code: string; readonly severity: string; readonly name?: string; readonly row?: string }[]
  /** 32 hex digits. */
  readonly householdKey: string | null
  /** Keyed hash. */
  readonly withdrawalCode: string | null
  readonly consent: {
    readonly purposes: Readonly<Partial<Record<'interview' | 'sharing' | 'referral' | 'recontact' | 'linking', boolean>>>
    readonly language: string
    readonly mode?: string
  } | null
  readonly members: number | null
  readonly minutes: number | null
  /** The sealed identity, when consent lets the office keep it. */
  readonly vault: SealedPart | null
}

/** Rows of one table, by column. */
export interface TableRows {
  readonly table: string
  readonly chunks: readonly TableChunk[]
}

export interface LoadBatch {
  readonly feed: string
  /** Position of the feed after this batch. */
  readonly since: string
  readonly records: readonly LoadRecord[]
  /** The rows of these records: answers, and link tokens of those who consented to linking. */
  readonly tables: readonly TableRows[]
  /** Pseudonym keys that the batch was the first to use in a round. */
  readonly roundKeys: readonly { readonly round: string; readonly purpose: string; readonly kid: string }[]
}

/**
 * Stores a batch: rows, ledger, receipts, flags, vault and the feed's position. Runs inside the caller's transaction, so that all of it
 * happens or nothing; the caller has taken out what the ledger knows already.
 */
export async function loadBatch(connection: DuckDBConnection, { feed, since, records, tables, roundKeys }: LoadBatch): Promise<void> {
  const { received, receipts } = await countersOf(connection, feed)
  const names = new Set(tables.map(({ table }) => table))
  for (const name of names)
    await appendChunks(
      connection,
      name,
      tables.flatMap(({ table, chunks }) => (table === name ? chunks : [])),
    )
  const append = (table: string, rowsOf: (record: LoadRecord, index: number) => readonly (readonly Cell[])[]) =>
    appendRowsOf(connection, table, records, rowsOf)
  await append('ledger', (record, index) => [ledgerRow(record, received + index + 1)])
  await append('receipt', (record, index) => [receiptRow(record, receipts + index + 1)])
  await append('quarantine', (record, index) => quarantineRow(record, received + index + 1))
  await append('flag', flagRows)
  await append('vault', vaultRow)
  await appendRows(
    connection,
    'round_key',
    roundKeys.map(({ round, purpose, kid }) => [round, purpose, kid]),
  )
  await decideWhatCounts(connection, records)
  await moveCheckpoint(connection, feed, since, received + records.length, receipts + records.length)
}

/** Only interviews with more than one version need a look at the ledger; a plain accepted interview counts. */
async function decideWhatCounts(connection: DuckDBConnection, records: readonly LoadRecord[]): Promise<void> {
  const roots = new Set(records.filter(({ kind }) => kind === 'correction' || kind === 'withdrawal').map(({ root }) => root))
  const alone = records.filter(({ kind, root }) => kind !== 'correction' && kind !== 'withdrawal' && !roots.has(root))
  // A late original: its correction came first.
  if (alone.length > 0) {
    const known = await connection.runAndReadAll(
      `select distinct root from ledger where kind in ('correction', 'withdrawal') and root in (${textsIn('$ids')})`,
      { ids: asTexts(alone.map(({ id }) => id)) },
    )
    for (const [root] of known.getRows()) roots.add(String(root))
  }
  const hidden = alone.filter(
    ({ id, status, consent }) => !roots.has(id) && !(status === 'accepted' && consent?.purposes.interview === true),
  )
  await appendRows(
    connection,
    'not_counted',
    hidden.map(({ id }) => [id]),
  )
  if (roots.size > 0) await recount(connection, [...roots])
}

/** Decides again which version of these interviews counts. */
export async function recount(connection: DuckDBConnection, roots: readonly string[]): Promise<void> {
  const parameters = { roots: listValue([...roots]) }
  await connection.run(
    'delete from not_counted where record_id in (select record_id from ledger where root in (select unnest($roots::varchar[])))',
    parameters,
  )
  await connection.run(supersede(), parameters)
}

const supersede = () => readFileSync(new URL('./sql/supersede.sql', import.meta.url), 'utf8')

async function countersOf(connection: DuckDBConnection, feed: string): Promise<{ received: number; receipts: number }> {
  // Numbers are shared by all feeds: one order of arrival, one sequence of receipts.
  const result = await connection.runAndReadAll(
    'select coalesce(max(received), 0)::double, coalesce(max(receipts), 0)::double, count(*) filter (where feed = $feed)::integer from checkpoint',
    { feed },
  )
  const [received = 0, receipts = 0] = result.getRows()[0] ?? []
  return { received: Number(received), receipts: Number(receipts) }
}

async function moveCheckpoint(
  connection: DuckDBConnection,
  feed: string,
  since: string,
  received: number,
  receipts: number,
): Promise<void> {
  await connection.run(
    `insert into checkpoint select $feed, null, 0, 0, coalesce(max(backed_up), 0) from checkpoint having count(*) filter (where feed = $feed) = 0`,
    { feed },
  )
  await connection.run('update checkpoint set since = $since, received = $received, receipts = $receipts where feed = $feed', {
    feed,
    since,
    received,
    receipts,
  })
}

function ledgerRow(record: LoadRecord, received: number): readonly Cell[] {
  const { consent, questionnaire } = record
  const purposes = consent?.purposes
  return [
    record.id,
    record.rev,
    record.sha256,
    record.kind,
    record.root,
    record.device,
    record.round,
    record.area,
    questionnaire?.id ?? null,
    questionnaire?.version ?? null,
    record.finished,
    record.status,
    received,
    record.householdKey,
    record.withdrawalCode,
    purposes ? purposes.interview === true : null,
    purposes ? purposes.sharing === true : null,
    purposes ? purposes.referral === true : null,
    purposes ? purposes.recontact === true : null,
    purposes ? purposes.linking === true : null,
    consent?.language ?? null,
    consent?.mode ?? null,
    record.members,
    record.minutes,
  ]
}

const none: readonly (readonly Cell[])[] = []

function receiptRow({ id, device, sha256, status, reasons }: LoadRecord, seq: number): readonly Cell[] {
  // To a phone a record that cannot be read is held: the supervisor is looking at it.
  return [seq, id, device, sha256, status === 'quarantined' ? 'held' : status, reasons.length === 0 ? '[]' : JSON.stringify(reasons)]
}

function quarantineRow({ id, rev, device, status, reasons }: LoadRecord, received: number): readonly (readonly Cell[])[] {
  return status === 'quarantined' ? [[id, rev, device, reasons[0]?.code ?? 'internal', received]] : none
}

function flagRows({ id, flags }: LoadRecord): readonly (readonly Cell[])[] {
  return flags.length === 0 ? none : flags.map(({ code, severity, name, row }) => [id, code, severity, name ?? null, row ?? null])
}

function vaultRow({ id, root, vault, consent }: LoadRecord): readonly (readonly Cell[])[] {
  if (!vault) return none
  return [[id, root, vault.key, vault.sealed, consent?.purposes.recontact === true, consent?.purposes.referral === true]]
}
