// Requests to an Express app without a network: the real routes, in the time of the simulation.
import { IncomingMessage, ServerResponse } from 'node:http'
import { Duplex } from 'node:stream'
import type { Express } from 'express'

export type Fetch = typeof globalThis.fetch

class Wire extends Duplex {
  readonly remoteAddress = '127.0.0.1'
  override _read(): void {}
  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    done()
  }
}

export function inject(app: Express): Fetch {
  return async (input, options = {}) => {
    const url = new URL(String(input instanceof Request ? input.url : input))
    const wire = new Wire()
    const request = new IncomingMessage(wire as never)
    request.method = options.method ?? 'GET'
    request.url = url.pathname + url.search
    const body = bytesOf(options.body)
    for (const [name, value] of new Headers(options.headers)) request.headers[name] = value
    request.headers['host'] = url.host
    request.headers['content-length'] = String(body.length)
    request.complete = true
    // Pushed when it is read: a message that was filled before anybody listened never ends.
    let pushed = false
    request._read = () => {
      if (pushed) return
      pushed = true
      if (body.length > 0) request.push(body)
      request.push(null)
    }
    const response = new ServerResponse(request)
    response.assignSocket(wire as never)
    const chunks: Uint8Array[] = []
    const keep = (chunk: unknown) => {
      if (typeof chunk === 'string') chunks.push(new TextEncoder().encode(chunk))
      else if (chunk instanceof Uint8Array) chunks.push(chunk)
    }
    const [write, end] = [response.write.bind(response), response.end.bind(response)]
    response.write = ((chunk: never, ...rest: never[]) => (keep(chunk), write(chunk, ...rest))) as typeof response.write
    response.end = ((chunk: never, ...rest: never[]) => (keep(chunk), end(chunk, ...rest))) as typeof response.end
    await new Promise<void>((resolve, reject) => {
      response.on('finish', resolve)
      response.on('error', reject)
      app(request as never, response as never)
    })
    wire.destroy()
    const headers = Object.entries(response.getHeaders()).map(([name, value]): [string, string] => [name, String(value)])
    const empty = response.statusCode === 204 || response.statusCode === 304
    return new Response(empty ? null : (joined(chunks) as BodyInit), { status: response.statusCode, headers })
  }
}

function bytesOf(body: unknown): Uint8Array {
  if (typeof body === 'string') return new TextEncoder().encode(body)
  if (body instanceof ArrayBuffer) return new Uint8Array(body)
  if (body instanceof Uint8Array) return body
  return new Uint8Array()
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((length, each) => length + each.length, 0))
  let at = 0
  for (const each of chunks) {
    all.set(each, at)
    at += each.length
  }
  return all
}
