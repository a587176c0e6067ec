import { createHash, randomBytes } from 'node:crypto'
import type { DocumentStore } from '../inbox/document-store.ts'
import type { StoredDocument } from '../inbox/store.ts'
import { ProblemError } from '../problem.ts'
import { withinAreas } from './areas.ts'
import { findDevice, getDevice, type Device, type Role } from './devices.ts'
import { getRound, openDeployment } from './rounds.ts'

export interface Invitation {
  readonly areas: readonly string[]
  readonly role: Role
  /** Its enumerator is trained in safe interviewing: the phone may open the private section on safety. */
  readonly certified: boolean
  readonly round: string
  /** Set when a known phone is renewed; it keeps its id and its records. */
  readonly device: string | null
  /** True when it is for a phone that was known: only then the phone may get its key for a forgotten PIN. */
  readonly renews?: boolean
  readonly expires: string
  /** Thumbprint of the key that used it: the same phone may repeat an enrolment whose answer was lost. */
  readonly usedBy: string | null
}

export const invitationHours = 24

export interface InvitationRequest {
  readonly areas?: readonly string[]
  readonly role?: Role
  readonly certified?: boolean
  readonly device?: string
}

/**
 * Makes a one-time code of 128 bits for one phone. Only its hash is stored.
 * @throws ProblemError `area-unknown`, `device-unknown`, `unknown-round` when no round is open.
 */
export async function invite(office: DocumentStore, { areas, role = 'enumerator', certified, device }: InvitationRequest, now: Date) {
  const { round } = await openDeployment(office)
  if (round === null) throw new ProblemError('unknown-round', 'Open a round first: tala round open.')
  const known = await knownDevice(office, device, areas)
  const register = (await getRound(office, round)).areas
  const wanted = areas ?? known?.areas ?? register.filter(({ parent }) => parent === undefined).map(({ code }) => code)
  const missing = wanted.filter((code) => !register.some((each) => each.code === code))
  if (missing.length > 0) throw new ProblemError('area-unknown', `These areas are not in the register of the round: ${missing.join(', ')}.`)
  const code = randomBytes(16).toString('base64url')
  const expires = new Date(now.getTime() + invitationHours * 3_600_000).toISOString()
  const invitation: Invitation = {
    areas: withinAreas(wanted, register),
    role,
    certified: certified ?? known?.certified ?? false,
    round,
    device: device ?? null,
    expires,
    usedBy: null,
    renews: device !== undefined,
  }
  await office.put({ _id: invitationId(code), schema: 'invitation/1', invitation })
  return { code, expires: new Date(expires), areas: invitation.areas }
}

/** A phone that a restored server has forgotten can be renewed too, but then somebody must say where it works. */
async function knownDevice(
  office: DocumentStore,
  id: string | undefined,
  areas: readonly string[] | undefined,
): Promise<Device | undefined> {
  if (id === undefined) return undefined
  if (areas === undefined) return getDevice(office, id)
  if (!/^[a-z0-9]{8,32}$/.test(id)) throw new ProblemError('device-unknown', 'This is not the id of a phone.')
  return findDevice(office, id)
}

export type Redeemed = Invitation & {
  readonly device: string
  /** The same phone asks once more: the answer to its first enrolment was lost. */
  readonly again: boolean
}

/**
 * Marks the invitation as used by this key and gives it the device id, as one step.
 * @throws ProblemError `invitation-unknown` when it does not exist, has run out, or was used by another phone.
 */
export async function redeem(office: DocumentStore, code: string, thumbprint: string, deviceId: string, now: Date): Promise<Redeemed> {
  const found = await office.get(invitationId(code))
  const invitation = found && (found as StoredDocument & { invitation: Invitation }).invitation
  if (!invitation || invitation.expires <= now.toISOString()) throw unknownInvitation()
  if (invitation.usedBy !== null && invitation.usedBy !== thumbprint) throw unknownInvitation()
  const device = invitation.device ?? deviceId
  const used = { ...invitation, device, usedBy: thumbprint }
  if (invitation.usedBy === thumbprint) return { ...used, again: true }
  try {
    await office.put({ ...found, invitation: used })
    return { ...used, again: false }
  } catch (error) {
    // Somebody used it in the same moment; when that was this phone's other request, the second look finds it.
    if (error instanceof ProblemError && error.type === 'conflict') return redeem(office, code, thumbprint, deviceId, now)
    throw error
  }
}

const invitationId = (code: string) => `invitation:${createHash('sha256').update(code).digest('hex')}`

export const unknownInvitation = () =>
  new ProblemError('invitation-unknown', 'Ask the supervisor for a new invitation; each is for one phone and for 24 hours.')
