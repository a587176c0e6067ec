import type { DuckDBConnection } from '@duckdb/node-api'
import type { InboxStore } from '../inbox/store.ts'
import { ProblemError } from '../problem.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'
import type { AuditChain } from '../custody/audit-chain.ts'
import { verifyBackup } from './backup.ts'
import type { KeyProvider } from '../custody/keys.ts'
import { openSealed, SessionCache } from '../custody/open-sealed.ts'
import { sealAgain } from '../custody/seal-again.ts'

export interface ClosingPlaces {
  readonly warehouse: Warehouse
  readonly inbox: InboxStore
  readonly keys: KeyProvider
  readonly audit: Pick<AuditChain, 'append'>
  /** Preset dictionary by its name in the sealed header, to move kept identities to the new key. */
  readonly dictionary: (name: string) => Uint8Array | undefined
}

export interface ClosingReport {
  readonly round: string
  /** Sealed records that nobody can open any more, wherever their copies are. */
  readonly records: number
  readonly destroyed: readonly string[]
  /** Identities kept by consent, sealed again to a new key. */
  readonly identitiesKept: number
}

/**
 * Closes a round for good: after a verified backup of what was counted, the keys that its records were sealed to are destroyed, so that
 * every sealed copy (inbox, backups, phones, couriers) becomes noise. Kept identities are first sealed again to a new key.
 * @throws ProblemError `round-not-closable` saying what is still to be done; nothing is destroyed then.
 */
export async function closeRound(places: ClosingPlaces, round: string, backupFolder: string): Promise<ClosingReport> {
  const { warehouse, keys, audit } = places
  await refuseUndecided(warehouse, round)
  await refuseWithoutBackup(warehouse, backupFolder)
  const { kids, records } = await kidsOf(places.inbox, round)
  const current = [...kids].map((kid) => keys.get(kid)).filter((key) => key?.state === 'current')
  for (const key of current) if (key) await keys.rotate(key.purpose)
  const identitiesKept = await resealVault(places, kids)
  for (const kid of kids) {
    await keys.destroy(kid)
    await audit.append({ actor: 'custodian', action: 'key.destroyed', subject: kid, facts: { round } })
  }
  await audit.append({ actor: 'custodian', action: 'round.closed', subject: round, facts: { records, identitiesKept } })
  return { round, records, destroyed: [...kids], identitiesKept }
}

async function refuseUndecided(warehouse: Warehouse, round: string): Promise<void> {
  const undecided = await warehouse.read(async (connection) => {
    const result = await connection.runAndReadAll(
      `select count(*)::integer from ledger l
       where l.round = $round and l.status = 'held'
         and not exists (select 1 from decision d where d.record_id = l.record_id and d.decided in ('hold', 'return'))
         and not exists (select 1 from ledger c where c.root = l.root and c.received > l.received and c.status = 'accepted')`,
      { round },
    )
    return Number(result.getRows()[0]?.[0] ?? 0)
  })
  if (undecided > 0)
    throw new ProblemError(
      'round-not-closable',
      `${undecided} held record(s) of ${round} wait for a decision; decide on them first (tala review).`,
    )
}

async function refuseWithoutBackup(warehouse: Warehouse, folder: string): Promise<void> {
  const manifest = await verifyBackup(folder).catch((error: unknown) => {
    if (error instanceof ProblemError) throw error
    throw new ProblemError(
      'round-not-closable',
      'There is no readable backup in that folder; make one with tala backup.',
      {},
      { cause: error },
    )
  })
  const [last, backedUp] = await warehouse.read(async (connection) => {
    const result = await connection.runAndReadAll(
      'select (select coalesce(max(seq), 0) from receipt)::double, (select coalesce(max(backed_up), 0) from checkpoint)::double',
    )
    const [receipts, marked] = result.getRows()[0] ?? []
    return [Number(receipts), Number(marked)] as const
  })
  if (manifest.warehouse.receipts < last || backedUp < last)
    throw new ProblemError('round-not-closable', 'Records arrived after that backup; make a new one with tala backup.')
}

/** The keys that the records of a round are sealed to. Refuses when a record of another round needs one of them. */
async function kidsOf(inbox: InboxStore, round: string): Promise<{ kids: ReadonlySet<string>; records: number }> {
  const ours = new Set<string>()
  const others = new Map<string, string>()
  let records = 0
  let since: string | null = null
  for (;;) {
    const { changes, lastSeq } = await inbox.changes(since, 500)
    if (changes.length === 0) break
    since = lastSeq
    for (const { deleted, document } of changes) {
      if (deleted) continue
      const named = kidsIn(document)
      if (document['round'] === round) {
        records++
        for (const kid of named) ours.add(kid)
      } else for (const kid of named) others.set(kid, String(document['round']))
    }
  }
  const shared = [...ours].find((kid) => others.has(kid))
  if (shared !== undefined)
    throw new ProblemError(
      'round-not-closable',
      `Round ${others.get(shared) ?? ''} uses the same sealing key; its records would become unreadable too. Rounds whose keys come from the environment share them unless they are rotated when a round begins.`,
    )
  return { kids: ours, records }
}

function kidsIn(document: Readonly<Record<string, unknown>>): readonly string[] {
  return ['answers', 'identity'].flatMap((part) => {
    const envelope = (document[part] as { key?: unknown } | undefined)?.key
    if (typeof envelope !== 'string') return []
    const header = JSON.parse(Buffer.from(envelope.split('.')[0] ?? '', 'base64url').toString('utf8')) as { kid?: unknown }
    return typeof header.kid === 'string' ? [header.kid] : []
  })
}

async function resealVault({ warehouse, keys, dictionary }: ClosingPlaces, kids: ReadonlySet<string>): Promise<number> {
  const key = keys.current('seal-identity')
  const opener = { keys, sessions: new SessionCache(), dictionary }
  return warehouse.write(async (connection) => {
    const entries = await vaultEntries(connection)
    const moving = entries.filter(({ part }) => kidsIn({ identity: part }).some((kid) => kids.has(kid)))
    for (const { recordId, part } of moving) {
      const kept = { recordId, half: 'identity' as const, bound: recordId }
      const fresh = sealAgain(openSealed(part, kept, opener), kept, key)
      await connection.run('update vault set envelope = $envelope, sealed = $sealed where record_id = $recordId', {
        envelope: fresh.key,
        sealed: fresh.sealed,
        recordId,
      })
    }
    return moving.length
  })
}

async function vaultEntries(connection: DuckDBConnection) {
  const result = await connection.runAndReadAll('select record_id, envelope, sealed from vault order by record_id')
  return result.getRows().map(([id, key, sealed]) => ({ recordId: String(id), part: { key: String(key), sealed: String(sealed) } }))
}
