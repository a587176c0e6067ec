/** A request failed in a way that the phone can explain. `code` is a key of the interface texts. */
export class SyncError extends Error {
  override name = 'SyncError'
  readonly code: SyncTrouble
  /** Seconds the server asked to wait. */
  readonly retryAfterSeconds: number | null
  constructor(code: SyncTrouble, retryAfterSeconds: number | null = null, options?: ErrorOptions) {
    super(code, options)
    this.code = code
    this.retryAfterSeconds = retryAfterSeconds
  }
}

export type SyncTrouble =
  /** No connection, or the answer did not come in time. */
  | 'sync.offline'
  /** Somebody between phone and server answered: a login page of a network. */
  | 'sync.strange-answer'
  | 'sync.server-busy'
  | 'sync.server-full'
  /** The supervisor has closed this device. */
  | 'sync.revoked'
  /** The enrolment is too old; a supervisor renews it. Collecting goes on. */
  | 'sync.token-expired'
  | 'sync.refused'
  | 'sync.link-used'
  /** The invitation is for another phone; this one holds records under its own name. */
  | 'sync.other-device'
  | 'sync.form-too-new'

/** Worth trying again on its own; the others need a person. */
export const passing: ReadonlySet<SyncTrouble> = new Set(['sync.offline', 'sync.strange-answer', 'sync.server-busy', 'sync.server-full'])

export type Fetch = typeof globalThis.fetch

/** Longest silence on a slow link before a request is given up, in milliseconds. PouchDB itself would wait for ever. */
export const timeoutMs = 60_000

export interface Watching {
  readonly signal?: AbortSignal | undefined
  /** Called once per request, so that round trips can be measured. */
  readonly sent?: () => void
  readonly answered?: (response: Response) => void
  readonly limitMs?: number
}

/** A fetch that ends: `limitMs` without a complete answer is a failure, and request bodies travel gzipped. */
export function sturdyFetch(fetch: Fetch, { signal, sent = () => {}, answered = () => {}, limitMs = timeoutMs }: Watching = {}): Fetch {
  return async (input, options = {}) => {
    const abort = new AbortController()
    const stop = () => abort.abort()
    const timer = setTimeout(stop, limitMs)
    const callers = [signal, options.signal].filter((each) => each !== null && each !== undefined)
    for (const each of callers) {
      if (each.aborted) stop()
      each.addEventListener('abort', stop)
    }
    try {
      sent()
      const response = await fetch(input, { ...(await gzipped(options)), signal: abort.signal })
      answered(response)
      // The body belongs to the time limit too: a server may stop in the middle of it.
      const body = await response.arrayBuffer()
      const empty = response.status === 204 || response.status === 304
      return new Response(empty ? null : body, { status: response.status, headers: response.headers })
    } finally {
      clearTimeout(timer)
      for (const each of callers) each.removeEventListener('abort', stop)
    }
  }
}

/** Smaller bodies grow by gzip. */
const worthGzipping = 400

/** The same request with its body packed, where that pays; one that is packed already stays as it is. */
export async function gzipped(options: RequestInit): Promise<RequestInit> {
  if (typeof options.body !== 'string' || options.body.length < worthGzipping || typeof CompressionStream === 'undefined') return options
  const stream = new Blob([options.body]).stream().pipeThrough(new CompressionStream('gzip'))
  const headers = new Headers(options.headers)
  headers.set('Content-Encoding', 'gzip')
  return { ...options, headers, body: await new Response(stream).arrayBuffer() }
}

/** A JSON answer of the device API, or a SyncError that says what to tell the enumerator. */
export async function askJson(fetch: Fetch, url: string, options: RequestInit): Promise<unknown> {
  let response: Response
  try {
    response = await fetch(url, options)
  } catch (error) {
    throw asSyncError(error)
  }
  const body = await jsonOf(response)
  if (!response.ok) throw troubleOf(response, body)
  if (body === undefined) throw new SyncError('sync.strange-answer')
  return body
}

/** A fetch that threw had no network, unless what it needed to ask (a token) already knows better. */
export function asSyncError(error: unknown): SyncError {
  return error instanceof SyncError ? error : new SyncError('sync.offline', null, { cause: error })
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return (await response.json()) as unknown
  } catch {
    return undefined
  }
}

/** What an error answer means. Only words of our own server may close a device: a login page with 401 must not. */
export function troubleOf(response: Pick<Response, 'status' | 'headers'>, body: unknown): SyncError {
  const wait = Number.parseInt(response.headers.get('Retry-After') ?? '', 10)
  const after = Number.isFinite(wait) ? Math.max(0, wait) : null
  const type = problemType(body)
  if (type === undefined)
    return new SyncError(response.status >= 500 || response.status === 429 ? 'sync.server-busy' : 'sync.strange-answer', after)
  if (type === 'device-revoked' || type === 'token-replayed') return new SyncError('sync.revoked')
  if (type === 'storage-full') return new SyncError('sync.server-full', after)
  if (type === 'invitation-unknown') return new SyncError('sync.link-used')
  if (response.status === 401) return new SyncError('sync.token-expired')
  if (response.status === 429 || response.status >= 500) return new SyncError('sync.server-busy', after)
  return new SyncError('sync.refused')
}

/** The word at the end of a problem's `type`; the replication routes, which speak CouchDB, put it before the colon of `reason`. */
function problemType(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const { type, error, reason } = body as { type?: unknown; error?: unknown; reason?: unknown }
  if (typeof type === 'string') return type.split('/').at(-1)
  if (typeof error !== 'string') return undefined
  return (typeof reason === 'string' ? /^([a-z-]+): /.exec(reason)?.[1] : undefined) ?? error
}
