// Records that came by hand: another phone carries what it cannot read, from a phone that had no network.
import { createPublicKey, verify } from 'node:crypto'
import { canonicalJson } from '../../schemas/canonical.ts'
import type { DocumentStore } from '../inbox/document-store.ts'
import type { Stores } from '../inbox/open-stores.ts'
import { receive } from '../inbox/receive.ts'
import type { EnvelopeCheck, Reason, Verdict } from '../inbox/screen.ts'
import { ProblemError } from '../problem.ts'
import { type Device, findDevice } from './devices.ts'

/** What a carrier delivers: sealed records, signed as a whole by the phone that made them. */
export interface HandOver {
  readonly schema: 'hand-over/1'
  readonly device: string
  readonly records: readonly Readonly<Record<string, unknown>>[]
  /** base64url of the raw ECDSA P-256 SHA-256 signature over the canonical JSON of the other members. */
  readonly signature: string
}

export interface HandOverAnswer {
  readonly schema: 'hand-over-answer/1'
  /** What is stored here now, by whichever way it came first. The carrier forgets only what stands here with its hash. */
  readonly taken: readonly { readonly id: string; readonly sha256: string }[]
  readonly refused: readonly { readonly id: string; readonly reason: string }[]
}

export interface HandOverDependencies {
  readonly office: DocumentStore
  readonly stores: Pick<Stores, 'inbox' | 'quarantine'>
  readonly check: EnvelopeCheck
  readonly now: Date
  readonly onRefused: (device: string, verdicts: readonly Exclude<Verdict, { kind: 'accept' }>[]) => void
}

/**
 * Takes in what another phone carried, as if its maker had pushed it. Who carried it does not matter: the carrier can make nothing up.
 * @throws ProblemError `device-unknown`; `hand-over-unsigned` when neither the key of the phone nor an earlier one signed it.
 */
export async function takeHandOver(
  { device: id, records, schema, signature }: HandOver,
  { office, stores, check, now, onRefused }: HandOverDependencies,
): Promise<HandOverAnswer> {
  const device = await findDevice(office, id)
  if (!device) throw new ProblemError('device-unknown', 'The records are of a phone that was never enrolled here.')
  const doubts = doubtsAbout(device, canonicalJson({ device: id, records, schema }), signature)
  const refused = await receive(
    records,
    { device: id, role: device.role, areas: [...device.areas, ...device.pastAreas] },
    { stores, now, onRefused, check: (document) => [...check(document), ...doubts] },
  )
  return answerOf(records, await storedHashes(records, stores), refused)
}

/** Reasons to keep everything apart for a supervisor; none when all is as it should be. */
function doubtsAbout(device: Device, text: string, signature: string): readonly Reason[] {
  if (isSignedBy(device.publicKey, text, signature)) return device.state === 'revoked' ? [{ code: 'device-revoked' }] : []
  // A phone that broke after handing over, and was replaced under its id.
  if ((device.pastKeys ?? []).some((key) => isSignedBy(key, text, signature))) return [{ code: 'signed-by-earlier-phone' }]
  throw new ProblemError('hand-over-unsigned', 'The file was changed, or was not made by the phone it names; ask for it again.')
}

function isSignedBy(publicKey: JsonWebKey, text: string, signature: string): boolean {
  const key = createPublicKey({ key: publicKey as Record<string, unknown>, format: 'jwk' })
  const bytes = new TextEncoder().encode(text)
  return verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))
}

/** `id sha256` of those records that the stores really hold. */
async function storedHashes(records: HandOver['records'], { inbox, quarantine }: HandOverDependencies['stores']) {
  const ids = records.flatMap(({ _id }) => (typeof _id === 'string' ? [_id] : []))
  const stored = [...(await inbox.read(ids)), ...(await quarantine.read(ids))]
  return new Set(stored.map((each) => `${each._id} ${String(each['sha256'])}`))
}

function answerOf(
  records: HandOver['records'],
  stored: ReadonlySet<string>,
  refusals: readonly { readonly id: string; readonly reason: string }[],
): HandOverAnswer {
  const named = records.map(({ _id, sha256 }) => ({ id: String(_id).slice(0, 200), sha256: String(sha256).slice(0, 64) }))
  const isTaken = ({ id, sha256 }: (typeof named)[number]) => stored.has(`${id} ${sha256}`)
  const why = new Map(refusals.map(({ id, reason }) => [id, reason]))
  return {
    schema: 'hand-over-answer/1',
    taken: named.filter(isTaken),
    refused: named
      .filter((each) => !isTaken(each))
      .map(({ id }) => ({ id, reason: why.get(id) ?? 'The record does not have the hash it is stamped with.' })),
  }
}
