import compression from 'compression'
import express, { type Express } from 'express'
import { auditEntries } from './custodian/custody-office.ts'
import { proveWithdrawal } from './custodian/withdrawal-proof.ts'
import { authenticateDevice } from './fieldwork/authenticate.ts'
import { deviceRoutes } from './fieldwork/device-routes.ts'
import { listRounds } from './fieldwork/rounds.ts'
import { failureLog } from './fieldwork/failures.ts'
import { httpFoundation } from './http/foundation.ts'
import { handleProblem, unknownRoute } from './http/problems.ts'
import { collectorRoutes } from './http/collector-routes.ts'
import { healthRoutes } from './http/health-routes.ts'
import { syncRoutes } from './inbox/sync-routes.ts'
import type { Office } from './open-office.ts'
import { releaseNow } from './release-now.ts'
import { countRecords } from './warehouse/count-records.ts'
import { apiRoutes } from './portal/api.ts'
import { frozenAnswers } from './portal/frozen.ts'
import { readBoundaries } from './portal/boundaries.ts'
import { extractRoutes } from './portal/extracts.ts'
import { officeRoutes } from './portal/office/office-routes.ts'
import { showProblem } from './portal/problem-page.ts'
import { portalRoutes } from './portal/routes.ts'
import { madeReleases } from './releases/open-release.ts'
import { readRiskReport, signRiskReport } from './releases/risk-file.ts'
import { sdmxRoutes } from './portal/sdmx-routes.ts'

/** Every route of Tala on one page. */
export function createApp(office: Office): Express {
  const { config, stores, keys, audit, deployment, receipts, releases, agreements, now } = office
  const app = express()
  const authenticate = authenticateDevice({ office: stores.office, keys, now })
  const folder = `${config.dataFolder}/releases`
  const frozen = frozenAnswers()
  app.locals.log = office.log
  httpFoundation(app, config)
  app.use(healthRoutes({ ready: () => stores.health.check() }))
  const onRefused = failureLog(stores.office, now)
  const onRecovered = async (device: string) =>
    void (await audit.append({ actor: 'supervisor', action: 'recover', subject: `device:${device}` }))
  const onRotated = async ({ kid, purpose }: { readonly kid: string; readonly purpose: string }, round: string) =>
    void (await audit.append({ actor: 'server', action: 'key.rotated', subject: kid, facts: { purpose, round } }))
  app.use('/sync/v1', syncRoutes({ stores, uuid: deployment.uuid, authenticate, now, onRefused }))
  app.use('/device', deviceRoutes({ stores, keys, receipts, authenticate, now, onRefused, onRecovered, onRotated }))
  app.use(compression())
  app.use('/collector', collectorRoutes())
  app.use('/api/v1', extractRoutes({ agreements, audit, folder }))
  app.use('/api/v1', apiRoutes({ releases, frozen }))
  app.use('/sdmx', sdmxRoutes({ releases, frozen }))
  app.use(
    '/office',
    officeRoutes({
      entrance: office.entrance,
      figures: office.figures,
      people: office.people,
      sessions: office.sessions,
      provider: office.provider,
      keys,
      auditEntries: () => auditEntries(config.dataFolder),
      office: stores.office,
      audit,
      agreements,
      releases,
      risk: {
        made: () => madeReleases(config.dataFolder),
        read: async (id) => (await readRiskReport(config.dataFolder, id))?.report,
        page: async (id) => (await readRiskReport(config.dataFolder, id))?.page,
        sign: (id, approval, review, actor) => signRiskReport({ dataFolder: config.dataFolder, audit }, id, approval, review, actor),
      },
      publicUrl: config.publicUrl,
      now,
      warehouse: office.warehouse,
      round: (id) => office.round(id),
      rounds: async () => (await listRounds(stores.office)).map(({ id }) => id),
      questionnaire: (reference) => office.questionnaire(reference),
      recordCounts: () => countRecords(office.warehouse),
      makeRelease: () => releaseNow(office),
    }),
  )
  app.use(
    '/',
    portalRoutes({
      releases,
      frozen,
      publicUrl: config.publicUrl,
      contact: config.contact,
      boundaries: () => readBoundaries(config.dataFolder),
      agreements: () => agreements.list(),
      proveWithdrawal: (code) => proveWithdrawal(config.dataFolder, keys, code),
    }),
  )
  app.use(unknownRoute)
  app.use(showProblem)
  app.use(handleProblem)
  return app
}
