// The gateway as it would be without one of its safeguards, in front of the real one. Only to show that the harness notices.
import { gunzipSync } from 'node:zlib'
import type { Request, RequestHandler } from 'express'
import { changeDevice } from '../../aggregator/fieldwork/devices.ts'
import type { StoredDocument } from '../../aggregator/inbox/store.ts'
import type { Behind } from './gateways.ts'

/** Stores what comes: without looking at hashes, or without looking at all. */
export function naiveRoutes(current: () => Behind): RequestHandler {
  return async (request, response, next) => {
    const { undo, stores } = current()
    if (request.method !== 'POST' || !request.path.endsWith('/_bulk_docs')) return next()
    if (!undo.has('hash-is-checked') && !undo.has('documents-are-screened')) return next()
    const { docs } = JSON.parse(await textOf(request)) as { docs: StoredDocument[] }
    await stores.inbox.bulkWrite(docs.slice(0, 1000))
    response.status(201).json([])
  }
}

/** Makes the newest refresh token the only one that counts, as if its answer always arrived. */
export function strictTokens(current: () => Behind): RequestHandler {
  return (request, response, next) => {
    const { undo, stores } = current()
    if (!undo.has('lost-answers-are-forgiven') || !request.path.endsWith('/device/token')) return next()
    response.on('finish', () => {
      void stores.office.list('device:').then(async (all) => {
        for (const { _id } of all) {
          await changeDevice(stores.office, _id.slice('device:'.length), (device) => {
            if (!device) throw new TypeError('a device vanished')
            return { ...device, tokens: { ...device.tokens, base: device.tokens.latest } }
          })
        }
      })
    })
    next()
  }
}

async function textOf(request: Request): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of request as AsyncIterable<Uint8Array>) chunks.push(chunk)
  const bytes = new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer())
  return new TextDecoder().decode(bytes[0] === 0x1f ? gunzipSync(bytes) : bytes)
}
