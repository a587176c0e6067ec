import { ProblemError } from '../problem.ts'

/** Where CouchDB is and who we are there: one least-privilege login; phones never reach it. */
export interface CouchAddress {
  /** http or https, without user and trailing slash. */
  readonly url: string
  readonly user: string | null
  readonly password: string | null
}

export interface CouchClient {
  /** @throws ProblemError `storage-unavailable` when CouchDB does not answer, or with a status that is not accepted. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows what CouchDB answers to its request
  send<T>(
    method: string,
    path: string,
    body: unknown,
    options: { readonly accept: readonly number[]; readonly signal?: AbortSignal },
  ): Promise<{ readonly status: number; readonly body: T }>
}

/** Splits `http://user:password@host:5984/` into address and login; the login of the environment wins. */
export function couchAddress(url: string, login: { readonly user: string; readonly password: string } | null): CouchAddress {
  const parsed = new URL(url)
  const own = parsed.username === '' ? null : { user: decodeURIComponent(parsed.username), password: decodeURIComponent(parsed.password) }
  const { user, password } = login ?? own ?? { user: null, password: null }
  return { url: `${parsed.origin}${parsed.pathname}`.replace(/\/+$/, ''), user, password }
}

// A request without a time limit hangs for ever on a half-dead node; the long poll of 25 s stays below it.
const timeoutMs = 30_000

export function couchClient({ url, user, password }: CouchAddress): CouchClient {
  const authorization = user === null ? null : `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}`
  const headers = { accept: 'application/json', ...(authorization === null ? {} : { authorization }) }
  return {
    // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows what CouchDB answers to its request
    async send<T>(
      method: string,
      path: string,
      body: unknown,
      { accept, signal }: { readonly accept: readonly number[]; readonly signal?: AbortSignal },
    ) {
      const limits = [AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]
      try {
        const response = await fetch(`${url}${path}`, {
          method,
          headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
          signal: AbortSignal.any(limits),
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        })
        const answer = (await response.json()) as T
        if (accept.includes(response.status)) return { status: response.status, body: answer }
        throw new Error(`CouchDB answered ${response.status}`)
      } catch (cause) {
        throw new ProblemError('storage-unavailable', 'The document database does not answer; send again later.', {}, { cause })
      }
    },
  }
}
