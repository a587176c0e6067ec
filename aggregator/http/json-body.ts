import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { Request, RequestHandler } from 'express'
import { ProblemError } from '../problem.ts'
import { gate, type Gate } from './gate.ts'

export interface BodyLimits {
  /** Largest body after inflation; the compressed one may not be larger either. */
  readonly bytes: number
  /** Shared between routes, so that no mix of requests inflates more at once. */
  readonly inflations?: Gate
}

const inflate = promisify(gunzip)

/**
 * Reads a JSON body, plain or gzip, into `request.body`.
 * @throws ProblemError `too-large`, `invalid-request` (not JSON, cut off), `too-many-requests` (too many bodies at once).
 */
export function jsonBody({ bytes, inflations = gate(8, 64) }: BodyLimits): RequestHandler {
  return async (request, _response, next) => {
    const coding = request.headers['content-encoding'] ?? 'identity'
    if (coding !== 'identity' && coding !== 'gzip') throw new ProblemError('invalid-request', 'Send the body plain or gzip-coded.')
    // A slow phone must not hold a place at the gate: the coded body is read first.
    const coded = await readAll(request, bytes)
    const text = coding === 'identity' ? coded : await inflations(() => inflated(coded, bytes))
    request.body = parsed(text)
    next()
  }
}

async function readAll(request: Request, limit: number): Promise<Uint8Array> {
  const declared = Number(request.headers['content-length'] ?? 0)
  if (declared > limit) throw tooLarge(limit)
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of request as AsyncIterable<Uint8Array>) {
      length += chunk.length
      if (length > limit) throw tooLarge(limit)
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof ProblemError) throw error
    throw new ProblemError('invalid-request', 'The request was cut off; send it again.', {}, { cause: error })
  }
  return Buffer.concat(chunks, length)
}

async function inflated(coded: Uint8Array, limit: number): Promise<Uint8Array> {
  try {
    return await inflate(coded, { maxOutputLength: limit })
  } catch (cause) {
    if ((cause as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit)
    throw new ProblemError('invalid-request', 'The gzip-coded body is damaged; send it again.', {}, { cause })
  }
}

function parsed(text: Uint8Array): unknown {
  if (text.length === 0) return {}
  try {
    return JSON.parse(new TextDecoder().decode(text))
  } catch (cause) {
    throw new ProblemError('invalid-request', 'The body is not JSON; send it again.', {}, { cause })
  }
}

const tooLarge = (limit: number) => new ProblemError('too-large', `Send at most ${limit} bytes after inflation, in smaller batches.`)
