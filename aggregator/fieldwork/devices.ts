import { randomInt } from 'node:crypto'
import type { DocumentStore } from '../inbox/document-store.ts'
import { ProblemError } from '../problem.ts'

/** A phone in field work. No person's name stands here: who carries it is known to the supervisor. */
export interface Device {
  readonly id: string
  readonly role: Role
  /** Who carries it is trained in safe interviewing. Phones enrolled before this was kept have no mark, and are not. */
  readonly certified?: boolean
  readonly round: string
  /** Areas it works in, with everything below them. */
  readonly areas: readonly string[]
  /** Areas it worked in before: records of earlier days still arrive. */
  readonly pastAreas: readonly string[]
  readonly state: 'active' | 'revoked'
  readonly revoked?: { readonly when: string; readonly why: string }
  /** Public P-256 key of the phone; the private one never leaves it. */
  readonly publicKey: JsonWebKey
  /** Keys of phones that had this id before and were replaced. */
  readonly pastKeys?: readonly JsonWebKey[]
  readonly enrolled: string
  readonly lastSeen: string
  readonly tokens: TokenState
}

export type Role = 'enumerator' | 'supervisor'

/** Which refresh tokens count; see refresh-token.ts. */
export interface TokenState {
  readonly base: number
  readonly latest: number
  /** Hash of the last signature that was honoured: the same request cannot be repeated by somebody who recorded it. */
  readonly signature: string
}

/** What the gateways of this process remember of devices, by their store: a change made here holds for them at once. */
const remembered = new WeakMap<DocumentStore, Map<string, RememberedDevice>>()

export interface RememberedDevice {
  readonly device: Device
  /** Milliseconds since 1970. */
  readonly read: number
}

export function rememberedDevices(office: DocumentStore): Map<string, RememberedDevice> {
  const known = remembered.get(office) ?? new Map<string, RememberedDevice>()
  remembered.set(office, known)
  return known
}

/** Sixteen random characters: the name space of all record ids of the phone. */
export function newDeviceId(): string {
  const letters = 'abcdefghijkmnpqrstuvwxyz23456789'
  return Array.from({ length: 16 }, () => letters[randomInt(letters.length)]).join('')
}

export async function findDevice(office: DocumentStore, id: string): Promise<Device | undefined> {
  const found = await office.get(`device:${id}`)
  return found && (found as unknown as { device: Device }).device
}

/** @throws ProblemError `device-unknown`. */
export async function getDevice(office: DocumentStore, id: string): Promise<Device> {
  const device = await findDevice(office, id)
  if (!device) throw new ProblemError('device-unknown', 'No phone with this id was enrolled here; see `tala devices`.')
  return device
}

export async function listDevices(office: DocumentStore): Promise<readonly Device[]> {
  const found: Device[] = []
  for (;;) {
    const last = found.at(-1)
    const page = await office.list('device:', { limit: 500, ...(last ? { after: `device:${last.id}` } : {}) })
    found.push(...page.map((each) => (each as unknown as { device: Device }).device))
    if (page.length < 500) return found
  }
}

/**
 * Reads, decides and writes a device as one step, also when two gateways do it at once.
 * @param decide gets the stored device, undefined when there is none, and returns what to store; the same value stores nothing.
 */
export async function changeDevice(office: DocumentStore, id: string, decide: (device: Device | undefined) => Device): Promise<Device> {
  for (let tries = 0; ; tries += 1) {
    const found = await office.get(`device:${id}`)
    const before = found && (found as unknown as { device: Device }).device
    const after = decide(before)
    if (after === before) return after
    try {
      await office.put({ _id: `device:${id}`, schema: 'device/1', device: after, ...(found ? { _rev: found._rev } : {}) })
      rememberedDevices(office).delete(id)
      return after
    } catch (error) {
      if (!(error instanceof ProblemError && error.type === 'conflict') || tries >= 8) throw error
    }
  }
}

/** Takes a phone out of field work. What it sent stays; what it still holds can be sent after a new invitation. */
export function revokeDevice(office: DocumentStore, id: string, why: string, now: Date): Promise<Device> {
  return changeDevice(office, id, (device) => {
    if (!device) throw new ProblemError('device-unknown', 'No phone with this id was enrolled here; see `tala devices`.')
    return device.state === 'revoked' ? device : { ...device, state: 'revoked', revoked: { when: now.toISOString(), why } }
  })
}

/** Active phones that were not heard of for so many days, longest silence first. */
export async function notSeenFor(office: DocumentStore, days: number, now: Date): Promise<readonly Device[]> {
  const limit = new Date(now.getTime() - days * 86_400_000).toISOString()
  const silent = (await listDevices(office)).filter(({ state, lastSeen }) => state === 'active' && lastSeen < limit)
  return silent.toSorted((a, b) => (a.lastSeen < b.lastSeen ? -1 : 1))
}
