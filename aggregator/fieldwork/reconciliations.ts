import type { DocumentStore } from '../inbox/document-store.ts'
import type { Reconciled } from '../inbox/reconcile.ts'

/** What a nightly comparison of inbox and warehouse found; counts only. */
export interface ReconciliationReport extends Omit<Reconciled, 'incidents'> {
  /** ISO 8601, the server's clock. */
  readonly when: string
  readonly incidents: readonly { readonly device: string; readonly day: string; readonly inbox: number; readonly warehouse: number }[]
}

const id = 'reconciliations'
const kept = 60
const mostIncidents = 200

/** The newest first. */
export async function reconciliations(office: DocumentStore): Promise<readonly ReconciliationReport[]> {
  const found = await office.get(id)
  return found ? (found['reports'] as readonly ReconciliationReport[]) : []
}

export async function noteReconciliation(
  office: DocumentStore,
  { incidents, ...reconciled }: Reconciled,
  now: Date,
): Promise<ReconciliationReport> {
  const found = await office.get(id)
  const report: ReconciliationReport = {
    when: now.toISOString(),
    ...reconciled,
    incidents: incidents
      .slice(0, mostIncidents)
      .map(({ device, day, inbox, warehouse }) => ({ device, day, inbox: inbox.count, warehouse: warehouse.count })),
  }
  const reports = [report, ...(found ? (found['reports'] as readonly ReconciliationReport[]) : [])].slice(0, kept)
  await office.put({ ...found, _id: id, schema: 'reconciliations/1', reports })
  return report
}

const atHour = 2

/** Due once a day, after two at night by the server's clock; at once when a night was missed. */
export function isDue(last: string | undefined, now: Date): boolean {
  const night = new Date(now)
  night.setHours(atHour, 0, 0, 0)
  if (night > now) night.setDate(night.getDate() - 1)
  return last === undefined || new Date(last) < night
}
