// The replication protocol for phones: push into the inbox, pull of config, and nothing else. See docs/methods/sync.md.
import compression from 'compression'
import { Router, type ErrorRequestHandler, type Response } from 'express'
import { gate } from '../http/gate.ts'
import { jsonBody } from '../http/json-body.ts'
import { problemDocument } from '../http/problems.ts'
import { defaultRateLimits, limitByCaller, type RateLimits } from '../http/rate-limits.ts'
import { ProblemError } from '../problem.ts'
import { callerOf, type Authenticate } from './caller.ts'
import { readCheckpoint, writeCheckpoint } from './checkpoints.ts'
import { configRoutes } from './config-routes.ts'
import { sealedRecordCheck } from './envelope.ts'
import { receive } from './receive.ts'
import { isOwnId, type EnvelopeCheck, type Verdict } from './screen.ts'
import type { Stores } from './open-stores.ts'

export interface SyncDependencies {
  readonly stores: Pick<Stores, 'inbox' | 'quarantine' | 'config' | 'health'>
  /** Fixed for the deployment: checkpoints are named after it, so a new one makes every phone start again. */
  readonly uuid: string
  readonly authenticate: Authenticate
  readonly now?: () => Date
  readonly limits?: RateLimits
  readonly check?: EnvelopeCheck
  /** Told of every document that was not simply accepted, for the supervisor's list. */
  readonly onRefused?: (device: string, verdicts: readonly Exclude<Verdict, { kind: 'accept' }>[]) => void
}

export const batchDocuments = 1000
export const batchBytes = 8 * 1024 * 1024

export function syncRoutes(dependencies: SyncDependencies): Router {
  const {
    stores,
    uuid,
    limits = defaultRateLimits,
    now = () => new Date(),
    check = sealedRecordCheck(),
    onRefused = () => {},
  } = dependencies
  const inflations = gate(8, 64)
  const routes = Router()
  routes.use(
    dependencies.authenticate,
    limitByCaller(limits, (response) => callerOf(response).device),
  )
  routes.use(compression({ threshold: 400 }))
  routes.use((_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store')
    next()
  })

  routes.get('/', (_request, response) => answer(response, 200, { couchdb: 'Welcome', uuid }))
  // Constants: counts and sequences would tell one phone about the work of the others.
  routes.get('/inbox', (_request, response) => answer(response, 200, { db_name: 'inbox', instance_start_time: '0', update_seq: '0' }))

  routes.get('/inbox/_local/:id', async (request, response) => {
    const found = await readCheckpoint(stores.inbox, callerOf(response).device, request.params.id)
    if (found) return answer(response, 200, found)
    answer(response, 404, { error: 'not_found', reason: 'missing' })
  })
  routes.put<{ id: string }>('/inbox/_local/:id', jsonBody({ bytes: 4096, inflations }), async (request, response) => {
    await stores.health.check()
    const { rev } = await writeCheckpoint(stores.inbox, callerOf(response).device, request.params.id, request.body)
    answer(response, 201, { ok: true, id: `_local/${request.params.id}`, rev })
  })

  routes.post('/inbox/_revs_diff', jsonBody({ bytes: 512 * 1024, inflations }), async (request, response) => {
    const wanted = wantedRevisions(request.body)
    const { device } = callerOf(response)
    const own = Object.fromEntries(Object.entries(wanted).filter(([id]) => isOwnId(id, device)))
    const kept = await stores.quarantine.revsDiff(await revisionsMissing(stores, own))
    const others = Object.entries(wanted).filter(([id]) => !Object.hasOwn(own, id))
    // Ids of other devices are answered as missing, whether they exist or not.
    answer(response, 200, { ...kept, ...Object.fromEntries(others.map(([id, missing]) => [id, { missing }])) })
  })

  routes.post('/inbox/_bulk_docs', jsonBody({ bytes: batchBytes, inflations }), async (request, response) => {
    const documents = pushedDocuments(request.body)
    await stores.health.check()
    const caller = callerOf(response)
    const refused = await receive(documents, caller, { stores, check, now: now(), onRefused })
    answer(response, 201, refused.map(forbiddenRow))
  })

  routes.use('/config', configRoutes(stores.config, inflations))
  routes.use((request) => {
    throw new ProblemError('unknown-route', `No ${request.method} route is served here.`)
  })
  routes.use(replicationProblem)
  return routes
}

async function revisionsMissing({ inbox }: Pick<Stores, 'inbox'>, own: Record<string, readonly string[]>) {
  const missing = await inbox.revsDiff(own)
  return Object.fromEntries(Object.entries(missing).map(([id, each]) => [id, each.missing]))
}

function wantedRevisions(body: unknown): Record<string, string[]> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new ProblemError('invalid-request', 'Send an object of id to revisions.')
  const entries = Object.entries(body)
  if (entries.length > batchDocuments) throw new ProblemError('too-large', `Ask for at most ${batchDocuments} documents at once.`)
  for (const [, revisions] of entries) {
    if (!Array.isArray(revisions) || revisions.length > 8 || !revisions.every((each) => typeof each === 'string' && each.length <= 64)) {
      throw new ProblemError('invalid-request', 'Each id needs a short list of revisions.')
    }
  }
  return Object.fromEntries(entries)
}

function pushedDocuments(body: unknown): readonly unknown[] {
  const { docs, new_edits } = (body ?? {}) as { docs?: unknown; new_edits?: unknown }
  if (!Array.isArray(docs) || new_edits !== false) throw new ProblemError('invalid-request', 'Send {docs, new_edits: false}.')
  if (docs.length > batchDocuments) throw new ProblemError('too-large', `Send at most ${batchDocuments} documents at once.`)
  return docs
}

// `error` is CouchDB's word; PouchDB passes over a refused document only when the row has a `name`, else it stops everything behind it.
const forbiddenRow = ({ id, reason }: { readonly id: string; readonly reason: string }) => ({
  id,
  error: 'forbidden',
  name: 'forbidden',
  status: 403,
  reason,
})

function answer(response: Response, status: number, body: unknown): void {
  response.status(status).json(body)
}

const couchWords: Readonly<Record<number, string>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  413: 'too_large',
}

/** The same problems as elsewhere, in the words that PouchDB reads. */
const replicationProblem: ErrorRequestHandler = (error, request, response, next) => {
  if (response.headersSent) return next(error)
  const requestId = String(response.locals['requestId'] ?? '')
  const { status, body } = problemDocument(error, requestId)
  if (status >= 500) request.app.locals['log']?.error({ requestId, err: error }, 'replication request failed')
  const type = String(body['type']).replace('/problems/', '')
  response.status(status).json({ error: couchWords[status] ?? type, reason: `${type}: ${String(body['detail'])}`, instance: requestId })
}
