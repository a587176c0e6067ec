import { Router } from 'express'
import type { Gate } from '../http/gate.ts'
import { jsonBody } from '../http/json-body.ts'
import { ProblemError } from '../problem.ts'
import type { DocumentStore } from './document-store.ts'

/** Read-only pull of what is the same for every phone; as much of the protocol as a replicator with `checkpoint: 'target'` asks for. */
export function configRoutes(config: DocumentStore, inflations: Gate): Router {
  const routes = Router()
  routes.get('/', async (_request, response) => {
    const { updateSeq, count } = await config.info()
    response.json({ db_name: 'config', instance_start_time: '0', update_seq: updateSeq, doc_count: count })
  })
  routes.get('/_local/:id', (_request, response) => {
    response.status(404).json({ error: 'not_found', reason: 'missing' })
  })
  routes.get('/_changes', async (request, response) => {
    const { since, limit } = request.query
    const { changes, lastSeq } = await config.changes(asSince(since), asLimit(limit))
    const results = changes.map(({ seq, id, rev, deleted }) => ({ seq, id, changes: [{ rev }], ...(deleted ? { deleted } : {}) }))
    response.json({ results, last_seq: lastSeq, pending: 0 })
  })
  routes.post('/_bulk_get', jsonBody({ bytes: 512 * 1024, inflations }), async (request, response) => {
    const wanted = wantedDocuments(request.body)
    const found = await config.bulkGet(wanted)
    const results = wanted.map(({ id, rev = 'undefined' }, at) => {
      const document = found[at]
      return { id, docs: [document ? { ok: document } : { error: { id, rev, error: 'not_found', reason: 'missing' } }] }
    })
    response.json({ results })
  })
  return routes
}

function wantedDocuments(body: unknown): readonly { readonly id: string; readonly rev?: string }[] {
  const docs = (body as { docs?: unknown } | null)?.docs
  if (!Array.isArray(docs) || docs.length > 1000) throw new ProblemError('invalid-request', 'Send {docs: [{id, rev}]}, at most 1000.')
  return docs.map((each: unknown) => {
    const { id, rev } = (each ?? {}) as { id?: unknown; rev?: unknown }
    if (typeof id !== 'string' || id.startsWith('_') || id.length > 256)
      throw new ProblemError('invalid-request', 'An id is a text that does not start with _.')
    return typeof rev === 'string' ? { id, rev } : { id }
  })
}

const asSince = (value: unknown) => (typeof value === 'string' && value !== '' && value.length < 4096 ? value : null)
const asLimit = (value: unknown) => Math.min(1000, Math.max(1, Number(value) || 100))
