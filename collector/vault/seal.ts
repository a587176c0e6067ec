import { type KeyHeader, type SealedHalf, type SealedHeader, sealing, type SessionJwk } from '../../schemas/sealing/headers.ts'
import type { SealedPart } from '../../schemas/generated/records.ts'
import { base64url, type Bytes, joined, utf8 } from './bytes.ts'

/** A public key of the server, as enrolment hands it out. */
export interface ServerKey {
  readonly purpose: 'seal-answers' | 'seal-identity'
  readonly kid: string
  /** Public P-256 key. */
  readonly jwk: Readonly<Record<string, unknown>>
}

/** One key for the records of one unlock: it lives in memory only, and travels sealed to the server inside each record. */
export interface SealingSession {
  readonly kid: string
  /** `part.key`: compact JWE of the session's JWK. */
  readonly envelope: string
  readonly key: CryptoKey
}

/** Makes a session key and seals it to the server's key: JWE ECDH-ES+A256KW with A256GCM (RFC 7518 4.6). */
export async function openSession(serverKey: ServerKey): Promise<SealingSession> {
  const secret = crypto.getRandomValues(new Uint8Array(32))
  const session: SessionJwk = {
    kty: 'oct',
    alg: sealing.encryption,
    kid: base64url(crypto.getRandomValues(new Uint8Array(9))),
    k: base64url(secret),
  }
  const envelope = await sealTo(serverKey, utf8(JSON.stringify(session)))
  const key = await crypto.subtle.importKey('raw', secret, 'AES-GCM', false, ['encrypt'])
  secret.fill(0)
  return { kid: session.kid, envelope, key }
}

/** One frame (schemas/sealing/frame.ts) to seal. */
export interface PlainPart {
  readonly half: SealedHalf
  /** `boundTo` of schemas/sealing/cover.ts: authenticated, not sent. */
  readonly bound: string
  readonly dictionary: string
  readonly frame: Bytes
}

export async function sealPart(session: SealingSession, { half, bound, dictionary, frame }: PlainPart): Promise<SealedPart> {
  const header: SealedHeader = {
    alg: sealing.contentAlgorithm,
    enc: sealing.encryption,
    kid: session.kid,
    typ: sealing.types[half],
    dic: dictionary,
  }
  return { key: session.envelope, sealed: await compact(header, session.key, new Uint8Array(), frame, bound) }
}

/** A compact JWE of the bytes to a P-256 public key; also what locks the data key for a forgotten PIN. */
export async function sealTo({ kid, jwk }: Pick<ServerKey, 'kid' | 'jwk'>, plain: Bytes): Promise<string> {
  const curve = { name: 'ECDH', namedCurve: 'P-256' }
  const { kty, crv, x, y } = jwk as JsonWebKey
  const theirs = await crypto.subtle.importKey('jwk', { kty, crv, x, y } as JsonWebKey, curve, false, [])
  const ours = await crypto.subtle.generateKey(curve, false, ['deriveBits'])
  const shared = new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, ours.privateKey, 256))
  const wrapping = await crypto.subtle.importKey('raw', await concatKdf(shared), 'AES-KW', false, ['wrapKey'])
  const content = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt'])
  const wrapped = new Uint8Array(await crypto.subtle.wrapKey('raw', content, wrapping, 'AES-KW'))
  const epk = await crypto.subtle.exportKey('jwk', ours.publicKey)
  const header: KeyHeader = {
    alg: sealing.keyAlgorithm,
    enc: sealing.encryption,
    kid,
    epk: { kty: 'EC', crv: 'P-256', x: epk.x ?? '', y: epk.y ?? '' },
  }
  return await compact(header, content, wrapped, plain)
}

/** RFC 7518 4.6.2 with empty party info: SHA-256(1 | Z | alg | apu | apv | 256). */
export async function concatKdf(shared: Bytes): Promise<ArrayBuffer> {
  const algorithm = utf8(sealing.keyAlgorithm)
  const hashed = joined(uint32(1), shared, uint32(algorithm.length), algorithm, uint32(0), uint32(0), uint32(256))
  return await crypto.subtle.digest('SHA-256', hashed)
}

/** A JWE written in five parts with dots; `bound` is its `aad`, as in the JSON serialization. */
async function compact(
  header: SealedHeader | KeyHeader,
  key: CryptoKey,
  encryptedKey: Bytes,
  plain: Bytes,
  bound?: string,
): Promise<string> {
  const protectedHeader = base64url(utf8(JSON.stringify(header)))
  const additionalData = utf8(bound === undefined ? protectedHeader : `${protectedHeader}.${base64url(utf8(bound))}`)
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, plain))
  const [text, tag] = [sealed.subarray(0, -16), sealed.subarray(-16)]
  return [protectedHeader, ...[encryptedKey, iv, text, tag].map(base64url)].join('.')
}

function uint32(value: number): Bytes {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}
