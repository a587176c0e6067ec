import type { RequestHandler } from 'express'
import type { KeyProvider } from '../custody/keys.ts'
import { setCaller } from '../inbox/caller.ts'
import type { DocumentStore } from '../inbox/document-store.ts'
import { ProblemError } from '../problem.ts'
import { verifyAccess } from './access-token.ts'
import { changeDevice, findDevice, rememberedDevices, type Device } from './devices.ts'
import { confirmUse } from './refresh-token.ts'

export interface AuthenticateDependencies {
  readonly office: DocumentStore
  readonly keys: KeyProvider
  readonly now: () => Date
}

/** A revocation holds at once in the process where it was made, and within this time on every other gateway; the promise is 30 seconds. */
export const deviceCacheMs = 20_000
const seenEveryMs = 3_600_000
const cachedDevices = 50_000

/** Lets a phone in by its access token, unless it was revoked. */
export function authenticateDevice(dependencies: AuthenticateDependencies): RequestHandler {
  const cache = rememberedDevices(dependencies.office)
  return async (request, response, next) => {
    const now = dependencies.now()
    const { device: id, generation } = verifyAccess(dependencies.keys, bearer(request.headers.authorization), now)
    const device = await current(id, generation, now)
    if (device.state === 'revoked')
      throw new ProblemError('device-revoked', 'Ask your supervisor for a new invitation; the records on this phone are kept.')
    setCaller(response, { device: id, role: device.role, areas: [...new Set([...device.areas, ...device.pastAreas])] })
    next()
  }

  async function current(id: string, generation: number, now: Date): Promise<Device> {
    const cached = cache.get(id)
    const age = cached ? now.getTime() - cached.read : Number.POSITIVE_INFINITY
    const confirmed = cached && cached.device.tokens.base >= generation
    // A clock that was set back must not keep a device in the cache for years.
    if (cached && confirmed && age >= 0 && age < deviceCacheMs) return cached.device
    const device = await seen(id, generation, now)
    if (cache.size >= cachedDevices) cache.clear()
    cache.set(id, { device, read: now.getTime() })
    return device
  }

  /** Reads the device; writes only when a newer token is used for the first time, or the device was not seen for an hour. */
  async function seen(id: string, generation: number, now: Date): Promise<Device> {
    const found = await findDevice(dependencies.office, id)
    if (!found) throw new ProblemError('unauthorized', 'This phone is not known here; ask your supervisor for a new invitation.')
    const recent = now.getTime() - Date.parse(found.lastSeen) < seenEveryMs
    if (found.state === 'revoked' || (recent && found.tokens.base >= generation)) return found
    return changeDevice(dependencies.office, id, (device) => {
      if (!device) return found
      return { ...device, lastSeen: now.toISOString(), tokens: confirmUse(device.tokens, generation) }
    })
  }
}

function bearer(header: string | undefined): string {
  const token = header?.match(/^Bearer ([A-Za-z0-9._-]+)$/)?.[1]
  if (token === undefined) throw new ProblemError('unauthorized', 'Send the access token as Authorization: Bearer.')
  return token
}
