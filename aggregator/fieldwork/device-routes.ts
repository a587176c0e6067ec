import compression from 'compression'
import { Router, type Request, type Response } from 'express'
import type { KeyProvider } from '../custody/keys.ts'
import { jsonBody } from '../http/json-body.ts'
import { defaultRateLimits, limitByCaller, limitFailures, type RateLimits } from '../http/rate-limits.ts'
import { callerOf, type Authenticate } from '../inbox/caller.ts'
import { sealedRecordCheck } from '../inbox/envelope.ts'
import type { Stores } from '../inbox/open-stores.ts'
import type { Verdict } from '../inbox/screen.ts'
import { enrol, renew } from './enrol.ts'
import { fetchRequest, enrolRequest, handOverRequest, receiptsRequest, renewRequest } from './device-requests.ts'
import { takeHandOver } from './hand-over.ts'
import { manifestOf } from './manifest.ts'
import { recordingsPart } from './recordings.ts'
import { answerReceipts } from './receipts.ts'
import type { ReceiptSource } from './receipt-source.ts'
import type { SealKeyDependencies } from './seal-keys.ts'

export interface DeviceDependencies {
  readonly stores: Pick<Stores, 'office' | 'inbox' | 'quarantine' | 'health'>
  readonly keys: KeyProvider
  readonly receipts: ReceiptSource
  readonly authenticate: Authenticate
  readonly now?: () => Date
  readonly limits?: RateLimits
  /** Told when a phone with a forgotten PIN was opened again. */
  readonly onRecovered?: (device: string) => Promise<void>
  /** Told of a sealing key that was made for a round. */
  readonly onRotated?: NonNullable<SealKeyDependencies['onRotated']>
  /** Told of every carried record that was not simply accepted. */
  readonly onRefused?: (device: string, verdicts: readonly Exclude<Verdict, { kind: 'accept' }>[]) => void
}

const handOverBytes = 8 * 1024 * 1024

/** What a phone asks for beside replication: mount at /device. */
export function deviceRoutes({
  stores,
  keys,
  receipts,
  authenticate,
  now = () => new Date(),
  limits = defaultRateLimits,
  onRecovered = async () => {},
  onRotated = async () => {},
  onRefused = () => {},
}: DeviceDependencies): Router {
  const { office, inbox, quarantine } = stores
  const sealing = { office, keys, onRotated }
  const check = sealedRecordCheck()
  const routes = Router()
  routes.use((_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store')
    next()
  })

  routes.post('/enrol', limitFailures(limits), jsonBody({ bytes: 8192 }), async (request, response) => {
    response.status(201).json(await enrol({ ...sealing, now, onRecovered }, enrolRequest(request.body)))
  })
  routes.post('/token', jsonBody({ bytes: 8192 }), limitFailures(limits, claimedDevice), async (request, response) => {
    response.json(await renew({ office, keys, now }, renewRequest(request.body)))
  })

  // Receipts are mostly names of members; tokens, above, are not compressed.
  routes.use(authenticate, limitByCaller(limits, device), compression({ threshold: 400 }))
  routes.get('/manifest', async (_request, response) => {
    const items = await manifestOf(sealing, device(response))
    response.json({ schema: 'manifest/1', items: items.map(({ kind, id, sha256 }) => ({ kind, id, sha256 })) })
  })
  routes.post('/fetch', jsonBody({ bytes: 64 * 1024 }), async (request, response) => {
    const wanted = fetchRequest(request.body)
    const items = await manifestOf(sealing, device(response))
    response.json({ items: items.filter(({ kind, id }) => wanted.some((each) => each.kind === kind && each.id === id)) })
  })
  routes.get('/recordings/:sha256/:part', async (request, response) => {
    response.type('application/octet-stream').send(await recordingsPart(office, request.params.sha256, Number(request.params.part)))
  })
  routes.post('/receipts', jsonBody({ bytes: 512 * 1024 }), async (request, response) => {
    const { since, unreceipted } = receiptsRequest(request.body)
    response.json(await answerReceipts({ receipts, inbox, quarantine }, device(response), since, unreceipted))
  })
  routes.post('/hand-over', jsonBody({ bytes: handOverBytes }), async (request, response) => {
    const bundle = handOverRequest(request.body)
    await stores.health.check()
    response.json(await takeHandOver(bundle, { office, stores, check, now: now(), onRefused }))
  })
  return routes
}

const device = (response: Response) => callerOf(response).device

/** Who claims to renew: several phones share an address, and one that fails must not lock out the others. */
function claimedDevice(request: Request): string {
  const id = (request.body as { deviceId?: unknown } | null)?.deviceId
  return typeof id === 'string' ? id.slice(0, 32) : ''
}
