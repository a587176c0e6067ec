import type { DocumentStore } from '../inbox/document-store.ts'
import type { StoredDocument } from '../inbox/store.ts'

/** The logs that the office keeps about its own work: what was refused of each phone, and what the nights compared. */
interface Log {
  readonly document: StoredDocument
  readonly list: 'failures' | 'reports'
  readonly entries: readonly { readonly when: string }[]
}

/** Entries from before a day. @param before YYYY-MM-DD. */
export async function countOldEntries(office: DocumentStore, before: string): Promise<number> {
  return (await logsOf(office)).reduce((sum, { entries }) => sum + entries.filter(({ when }) => when < before).length, 0)
}

/** Leaves what is younger. @throws ProblemError `conflict` when a phone failed in that moment; the job goes on the next time. */
export async function removeOldEntries(office: DocumentStore, before: string): Promise<void> {
  for (const { document, list, entries } of await logsOf(office)) {
    const young = entries.filter(({ when }) => when >= before)
    if (young.length < entries.length) await office.put({ ...document, [list]: young })
  }
}

async function logsOf(office: DocumentStore): Promise<readonly Log[]> {
  const found = await office.get('reconciliations')
  const logs = found ? [asLog(found, 'reports')] : []
  const page = 1000
  for (let after: string | undefined, full = true; full; ) {
    const documents = await office.list('failures:', { limit: page, ...(after === undefined ? {} : { after }) })
    logs.push(...documents.map((document) => asLog(document, 'failures')))
    after = documents.at(-1)?._id
    full = documents.length === page
  }
  return logs
}

const asLog = (document: StoredDocument, list: Log['list']): Log => ({ document, list, entries: document[list] as Log['entries'] })
