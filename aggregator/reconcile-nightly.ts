import { isDue, noteReconciliation, reconciliations, type ReconciliationReport } from './fieldwork/reconciliations.ts'
import { reconcile, takeInventory } from './inbox/reconcile.ts'
import { tallyLedger, withdrawnRecords } from './ingest/tally-ledger.ts'
import type { Office } from './open-office.ts'

type Places = Pick<Office, 'stores' | 'warehouse' | 'ingest' | 'log' | 'now'>

/** Compares inbox and warehouse now, reads again what ingest missed, and leaves the report where the office sees it. */
export async function reconcileNow({ stores, warehouse, ingest, log, now }: Places): Promise<ReconciliationReport> {
  await ingest.once()
  const look = async () => {
    const withdrawn = await withdrawnRecords(warehouse)
    const { tallies, removed } = await takeInventory(stores.inboxAsStored, stores.quarantine, (id) => withdrawn.has(id))
    return { inbox: tallies, warehouse: await tallyLedger(warehouse, removed) }
  }
  const replay = async () => {
    await warehouse.write(async (connection) => void (await connection.run('update checkpoint set since = null')))
    await ingest.once()
  }
  const report = await noteReconciliation(stores.office, await reconcile({ look, replay }), now())
  const { records, replayed, incidents } = report
  if (incidents.length > 0)
    log.error({ records, replayed, incidents: incidents.length }, 'inbox and warehouse do not hold the same records')
  else log.info({ records, replayed }, 'inbox and warehouse hold the same records')
  return report
}

const lookEveryMs = 10 * 60_000

/** Starts the nightly comparison; @returns the way to stop it. */
export function reconcileNightly(office: Places): () => Promise<void> {
  let running: Promise<unknown> = Promise.resolve()
  const look = async () => {
    const [last] = await reconciliations(office.stores.office)
    if (isDue(last?.when, office.now())) await reconcileNow(office)
  }
  const tick = () => {
    running = running.then(look).catch((error: unknown) => {
      const kind = error instanceof Error ? error.name : typeof error
      office.log.error({ kind }, 'inbox and warehouse could not be compared; it is tried again in ten minutes')
    })
  }
  const timer = setInterval(tick, lookEveryMs)
  tick()
  return async () => {
    clearInterval(timer)
    await running
  }
}
