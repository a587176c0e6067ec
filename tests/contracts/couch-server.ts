// An HTTP server that speaks as much of CouchDB's API as Tala's adapter uses, over PouchDB in memory. It lets the adapter run where no
// CouchDB can be installed; with COUCHDB_URL set, the same suite runs against a real one.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { memoryPouch } from './memory-pouch.ts'

export interface CouchServer {
  readonly url: string
  /** Names of the nodes that answer; the cluster has three. */
  nodes: string[]
  close(): Promise<void>
}

type Answer = readonly [status: number, body: unknown]
interface Asked {
  readonly method: string
  readonly parts: readonly string[]
  readonly query: URLSearchParams
  readonly body: Record<string, unknown>
}

const clusterNodes = ['a@one', 'b@two', 'c@three']

export async function startCouchServer(): Promise<CouchServer> {
  const databases = new Map<string, PouchDB.Database>()
  const state = { nodes: [...clusterNodes] }
  const server = createServer((request, response) => {
    void serve(request, response, databases, state)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return Object.assign(state, { url, close: () => closed(server) })
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  databases: Map<string, PouchDB.Database>,
  state: { nodes: string[] },
) {
  const url = new URL(request.url ?? '/', 'http://couch')
  const parts = url.pathname.split('/').filter(Boolean).map(decodeURIComponent)
  const body = await bodyOf(request)
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const asked: Asked = { method: request.method ?? 'GET', parts, query: url.searchParams, body }
  const [status, answer] = await answerOf(asked, databases, state, gone.signal).catch(asCouchError)
  if (response.destroyed) return
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
}

async function answerOf(
  { method, parts, query, body }: Asked,
  databases: Map<string, PouchDB.Database>,
  state: { nodes: string[] },
  gone: AbortSignal,
): Promise<Answer> {
  const [name = '', action, id = ''] = parts
  if (name === '_membership') return [200, { all_nodes: state.nodes, cluster_nodes: clusterNodes }]
  if (method === 'PUT' && action === undefined) {
    if (databases.has(name)) return [412, { error: 'file_exists', reason: 'The database could not be created, the file already exists.' }]
    databases.set(name, memoryPouch())
    return [201, { ok: true }]
  }
  const database = databases.get(name)
  if (!database) return [404, { error: 'not_found', reason: 'Database does not exist.' }]
  switch (`${method} ${action ?? ''}`) {
    case 'GET ':
      return [200, await database.info()]
    case 'POST _revs_diff':
      return [200, await database.revsDiff(body as Record<string, string[]>)]
    case 'POST _bulk_docs':
      return [201, await database.bulkDocs(body['docs'] as object[], { new_edits: false })]
    case 'POST _all_docs':
      return [200, await database.allDocs(renamed(body))]
    case 'POST _bulk_get':
      return [
        200,
        { results: await Promise.all((body['docs'] as { id: string; rev?: string }[]).map((each) => bulkGet(database, each, query))) },
      ]
    case 'POST _compact':
      return [202, await compacted(database)]
    case 'GET _changes':
      return [200, await changes(database, query, gone)]
    case 'GET _local':
      return [200, await database.get(`_local/${id}`)]
    case 'PUT _local':
      return [201, await database.put({ ...body, _id: `_local/${id}` })]
    default:
  }
  if (method === 'GET') return [200, await database.get(action ?? '')]
  if (method === 'PUT') return [201, await database.put({ ...body, _id: action })]
  return [405, { error: 'method_not_allowed', reason: method }]
}

const renamed = ({ start_key: startkey, end_key: endkey, ...rest }: Record<string, unknown>) => ({
  ...rest,
  ...(startkey === undefined ? {} : { startkey, endkey }),
})

async function bulkGet(database: PouchDB.Database, { id, rev }: { id: string; rev?: string }, query: URLSearchParams) {
  const revs = query.get('revs') === 'true'
  try {
    if (rev !== undefined) return { id, docs: [{ ok: await database.get(id, { rev, revs }) }] }
    const rows = (await database.get(id, { open_revs: 'all', revs })) as object[]
    return { id, docs: rows }
  } catch {
    return { id, docs: [{ error: { id, rev: 'undefined', error: 'not_found', reason: 'missing' } }] }
  }
}

async function changes(database: PouchDB.Database, query: URLSearchParams, gone: AbortSignal) {
  // CouchDB's sequences are opaque: a number, a dash, and something only the cluster understands.
  const since = Number.parseInt(query.get('since') ?? '0', 10)
  const options = {
    since,
    limit: Number(query.get('limit') ?? 1000),
    style: 'all_docs',
    include_docs: query.get('include_docs') === 'true',
  }
  for (;;) {
    const { results, last_seq } = await database.changes(options)
    if (query.get('feed') !== 'longpoll' || results.length > 0 || gone.aborted) {
      return { results: results.map((each) => ({ ...each, seq: opaque(each.seq) })), last_seq: opaque(last_seq) }
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const opaque = (seq: number | string) => `${seq}-g1AAAACbeJzLYWBgYMpgTmHgz8tPSTV0MDQy1zMAQsMckEQiQ1L9____sxI`

async function compacted(database: PouchDB.Database) {
  const { rows } = await database.allDocs({})
  const deleted = (await database.changes({ since: 0 })).results.filter((each) => each.deleted === true)
  for (const { id } of [...rows, ...deleted]) await database.compactDocument(id, 0)
  return { ok: true }
}

function asCouchError(error: unknown): Answer {
  const { status = 500, name = 'internal', reason = '' } = error as { status?: number; name?: string; reason?: string }
  return [status, { error: name, reason }]
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = ''
  for await (const chunk of request as AsyncIterable<Uint8Array>) text += new TextDecoder().decode(chunk)
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
