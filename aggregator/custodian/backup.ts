import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { canonicalJson } from '../../schemas/canonical.ts'
import type { InboxStore, StoredDocument } from '../inbox/store.ts'
import { ProblemError } from '../problem.ts'
import { copyWarehouse, fileHash, readCopy, type WarehouseCopy } from '../warehouse/copy.ts'
import { markBackedUp } from '../warehouse/receipts.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'
import type { AuditChain } from '../custody/audit-chain.ts'

/** A backup folder says what it holds. It never holds keys: a destroyed key must stay destroyed. */
export interface BackupManifest {
  readonly schema: 'backup/1'
  readonly at: string
  readonly warehouse: WarehouseCopy
  /** Sealed records, one per line, and the hash of the file. */
  readonly inbox: { readonly records: number; readonly sha256: string }
}

export interface BackupSources {
  readonly warehouse: Warehouse
  readonly inbox: InboxStore
  readonly audit: Pick<AuditChain, 'append'>
  readonly auditPath: string
  readonly clock: () => Date
}

/**
 * Copies warehouse, sealed records and audit chain into a new folder, reads the copies back, and only then tells the phones that they may let go.
 * @throws ProblemError `backup-unverified`; nothing is marked as backed up then.
 */
export async function backUp({ warehouse, inbox, audit, auditPath, clock }: BackupSources, folder: string): Promise<BackupManifest> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // The inbox first: whatever the warehouse copy has counted is then in the inbox copy or was there before.
  const records = await copyInbox(inbox, join(folder, 'inbox.jsonl'))
  const copied = await copyWarehouse(warehouse, join(folder, 'warehouse.duckdb'))
  await copyFile(auditPath, join(folder, 'audit.jsonl'))
  const manifest: BackupManifest = {
    schema: 'backup/1',
    at: clock().toISOString(),
    warehouse: copied,
    inbox: { records, sha256: await fileHash(join(folder, 'inbox.jsonl')) },
  }
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 })
  await verifyBackup(folder)
  await warehouse.write((connection) => markBackedUp(connection, copied.receipts))
  await audit.append({
    actor: 'custodian',
    action: 'backup.verified',
    subject: manifest.warehouse.sha256,
    facts: { receipts: copied.receipts, records },
  })
  return manifest
}

/** Reads a backup and holds it against its manifest. @throws ProblemError `backup-unverified` naming what differs. */
export async function verifyBackup(folder: string): Promise<BackupManifest> {
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as BackupManifest
  const found = await readCopy(join(folder, 'warehouse.duckdb'))
  if (found.sha256 !== manifest.warehouse.sha256 || canonicalJson(found.tables) !== canonicalJson(manifest.warehouse.tables))
    throw new ProblemError(
      'backup-unverified',
      'The copy of the warehouse differs from what was copied; make the backup again on another disk.',
    )
  const lines = createInterface({ input: createReadStream(join(folder, 'inbox.jsonl')) })
  let records = 0
  for await (const line of lines) if (line !== '') records++
  if (records !== manifest.inbox.records || (await fileHash(join(folder, 'inbox.jsonl'))) !== manifest.inbox.sha256)
    throw new ProblemError(
      'backup-unverified',
      'The copy of the sealed records differs from what was copied; make the backup again on another disk.',
    )
  return manifest
}

/** Puts sealed records back into an inbox; those it has already stay as they are. @returns how many the backup holds. */
export async function restoreInbox(folder: string, inbox: InboxStore): Promise<number> {
  let batch: StoredDocument[] = []
  let records = 0
  const flush = async () => {
    await inbox.bulkWrite(batch)
    records += batch.length
    batch = []
  }
  for await (const line of createInterface({ input: createReadStream(join(folder, 'inbox.jsonl')) })) {
    if (line !== '') batch.push(JSON.parse(line) as StoredDocument)
    if (batch.length === 500) await flush()
  }
  await flush()
  return records
}

async function copyInbox(inbox: InboxStore, path: string): Promise<number> {
  const out = createWriteStream(path, { mode: 0o600 })
  let since: string | null = null
  let records = 0
  for (;;) {
    const { changes, lastSeq } = await inbox.changes(since, 500)
    if (changes.length === 0) break
    since = lastSeq
    for (const { deleted, document } of changes) {
      if (deleted) continue
      records++
      if (!out.write(`${JSON.stringify(document)}\n`)) await once(out, 'drain')
    }
  }
  out.end()
  await once(out, 'close')
  return records
}
