import { createHash } from 'node:crypto'
import { canonicalJson } from '../../schemas/canonical.ts'
import { getDevice } from './devices.ts'
import { recordingsFor } from './recordings.ts'
import { getRound } from './rounds.ts'
import { sealKeysOf, type SealKeyDependencies } from './seal-keys.ts'

export type ManifestKind = 'round' | 'keys' | 'assignment' | 'comment' | 'recordings'

/** What a phone should hold beside its records: it fetches only what it lacks or has with another hash. */
export interface ManifestItem {
  readonly kind: ManifestKind
  readonly id: string
  readonly sha256: string
}
export type ManifestContent = ManifestItem & { readonly body: unknown }

/** Everything that is for this phone and not for everybody. */
export async function manifestOf(dependencies: SealKeyDependencies, deviceId: string): Promise<readonly ManifestContent[]> {
  const { office } = dependencies
  const device = await getDevice(office, deviceId)
  const round = await getRound(office, device.round)
  const recordings = await recordingsFor(office, round.questionnaire.id)
  const comments = await office.list(`comment:${deviceId}:`)
  return [
    item('round', device.round, round),
    item('keys', 'current', await sealKeysOf(dependencies, device.round)),
    item('assignment', device.id, { schema: 'assignment/1', areas: device.areas, role: device.role, certified: device.certified === true }),
    ...recordings.map((offer) => item('recordings', offer.language, offer)),
    ...comments.map(({ _id, _rev, ...body }) => item('comment', _id.slice(`comment:${deviceId}:`.length), body)),
  ]
}

function item(kind: ManifestKind, id: string, body: unknown): ManifestContent {
  return { kind, id, sha256: createHash('sha256').update(canonicalJson(body)).digest('hex'), body }
}
