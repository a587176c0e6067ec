import { gunzipSync, gzipSync } from 'node:zlib'
import type { Fetch } from './inject.ts'
import type { Fault } from './schedule.ts'

export interface Road {
  /** Hands the request to a gateway; throws when the gateway died on it. */
  readonly deliver: Fetch
  /** A phone that waits for an answer lets time pass. */
  readonly pass: (ms: number) => void
  /** What a cache between phone and server remembers, by address. */
  readonly cache: Map<string, Response>
  /** Makes the gateway die before or after its next write; it is started again afterwards. */
  readonly dieAt: (moment: 'before' | 'after' | null) => void
}

/** Sends one request down the road, with what happens to it there. */
export async function travel(
  { deliver, pass, cache, dieAt }: Road,
  fault: Fault | undefined,
  input: string,
  options: RequestInit,
): Promise<Response> {
  switch (fault) {
    case undefined: {
      const response = await deliver(input, options)
      if (!/\/(token|enrol)$/.test(input)) cache.set(input, response.clone())
      return response
    }
    case 'dropped':
      throw offline()
    case 'answer-lost':
      await deliver(input, options)
      throw offline()
    case 'cut-off':
      await deliver(input, { ...options, ...(options.body === undefined ? {} : { body: half(options.body) }) })
      throw offline()
    case 'hangs':
      pass(60_000)
      throw offline()
    case 'hangs-after':
      await deliver(input, options)
      pass(60_000)
      throw offline()
    case 'doubled':
      await deliver(input, options)
      return deliver(input, options)
    case 'login-page':
      return page(200)
    case 'login-page-401':
      return page(401)
    case 'empty-list':
      return Response.json([])
    case 'empty-object':
      return Response.json({})
    case 'answer-cut': {
      const response = await deliver(input, options)
      const text = await response.text()
      return new Response(text.slice(0, Math.floor(text.length / 2)), { status: response.status, headers: response.headers })
    }
    case 'stale': {
      const old = cache.get(input)
      if (!old) throw offline()
      return old.clone()
    }
    case 'damaged':
      return deliver(input, damaged(options))
    case 'too-large':
      return page(413)
    case 'too-many':
      return new Response('{"error":"too-many-requests"}', {
        status: 429,
        headers: { 'Retry-After': '30', 'content-type': 'application/json' },
      })
    case 'bad-gateway':
      return page(502)
    case 'dies-before-write':
    case 'dies-after-write':
      dieAt(fault === 'dies-before-write' ? 'before' : 'after')
      try {
        return await deliver(input, options)
      } finally {
        dieAt(null)
      }
    default:
      return fault satisfies never
  }
}

const offline = () => new TypeError('fetch failed')
const page = (status: number) =>
  new Response('<!doctype html><title>Welcome to free wifi</title>', { status, headers: { 'content-type': 'text/html' } })

function bytesOf(body: RequestInit['body']): Uint8Array {
  return typeof body === 'string' ? new TextEncoder().encode(body) : new Uint8Array(body as ArrayBuffer)
}

function half(body: RequestInit['body']): ArrayBuffer {
  const bytes = bytesOf(body)
  return bytes.slice(0, Math.floor(bytes.length / 2)).buffer
}

/** Changes one character inside the first sealed part of the body, and leaves everything else whole. */
function damaged(options: RequestInit): RequestInit {
  const coded = new Headers(options.headers).get('content-encoding') === 'gzip'
  if (options.body === undefined || options.body === null) return options
  const bytes = bytesOf(options.body)
  const text = new TextDecoder().decode(coded ? gunzipSync(bytes) : bytes)
  const at = text.indexOf('"sealed":"') + 40
  if (at < 40) return options
  const changed = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
  return { ...options, body: (coded ? gzipSync(changed) : changed) as BodyInit }
}
