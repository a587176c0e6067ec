import { createReadStream } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import type { Round } from '../../schemas/generated/records.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { dictionariesFor } from '../../schemas/sealing/dictionary.ts'
import type { DocumentStore } from '../inbox/document-store.ts'
import type { InboxStore } from '../inbox/store.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'
import type { AuditChain, AuditEntry, SignedHead } from '../custody/audit-chain.ts'
import type { KeyProvider } from '../custody/keys.ts'

/** What the custodian's commands need of the open house. */
export interface CustodyOffice {
  readonly config: { readonly dataFolder: string }
  readonly keys: KeyProvider
  readonly audit: AuditChain
  readonly warehouse: Warehouse
  readonly stores: { readonly inbox: InboxStore; readonly quarantine: InboxStore; readonly office: DocumentStore }
  readonly now: () => Date
  questionnaire(reference: { readonly id: string; readonly version: string }): Promise<Questionnaire | undefined>
  round(id: string): Promise<Round>
  /** Homes listed by area; empty when no listing was given. */
  listing(round: string): Promise<ReadonlyMap<string, number>>
  /** Working tables that are kept; absent where none are. */
  readonly figures?: { forget(round: string): void }
  /** Working tables and caches forget or renew these records. */
  readonly onErased?: (records: readonly string[]) => void
  close(): Promise<void>
}

export const keyFolder = (dataFolder: string) => join(dataFolder, 'keys')
export const auditPath = (dataFolder: string) => join(dataFolder, 'audit', 'chain.jsonl')

export async function auditEntries(dataFolder: string): Promise<readonly AuditEntry[]> {
  const text = await readFile(auditPath(dataFolder), 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditEntry)
}

/** The entries about one subject, oldest first. The whole chain is read, line by line, whatever is found. */
export async function auditEntriesAbout(dataFolder: string, subject: string): Promise<readonly AuditEntry[]> {
  const found: AuditEntry[] = []
  const lines = createInterface({ input: createReadStream(auditPath(dataFolder)), crlfDelay: Number.POSITIVE_INFINITY })
  for await (const line of lines) {
    if (!line.includes(subject)) continue
    const entry = JSON.parse(line) as AuditEntry
    if (entry.subject === subject) found.push(entry)
  }
  return found
}

/** The heads of the audit chain that releases have printed. */
export async function printedHeads(dataFolder: string): Promise<readonly SignedHead[]> {
  const folder = join(dataFolder, 'releases')
  const names = await readdir(folder).catch(() => [])
  const heads = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name, 'manifest.json'), 'utf8').catch(() => '{}')
      const { audit } = JSON.parse(text) as { audit?: SignedHead | null }
      return audit ? [audit] : []
    }),
  )
  return heads.flat()
}

/** The preset dictionaries of every questionnaire version that records were taken in with. */
export async function dictionariesOf(
  office: Pick<CustodyOffice, 'warehouse' | 'questionnaire'>,
): Promise<(name: string) => Uint8Array | undefined> {
  const result = await office.warehouse.read((connection) =>
    connection.runAndReadAll('select distinct questionnaire_id, questionnaire_version from ledger where questionnaire_id is not null'),
  )
  const dictionaries = new Map<string, Uint8Array>()
  for (const [id, version] of result.getRows()) {
    const questionnaire = await office.questionnaire({ id: String(id), version: String(version) })
    if (!questionnaire) continue
    for (const dictionary of dictionariesFor(questionnaire))
      dictionaries.set(createHash('sha256').update(dictionary).digest('hex').slice(0, 16), dictionary)
  }
  return (name) => dictionaries.get(name)
}
