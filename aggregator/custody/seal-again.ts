import { createCipheriv, createECDH, createHash, randomBytes } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import type { SealedPart } from '../../schemas/generated/records.ts'
import { buckets } from '../../schemas/sealing/frame.ts'
import { type SealedHalf, sealing } from '../../schemas/sealing/headers.ts'
import type { Key } from './keys.ts'

/** A session key of our own, and its envelope to one of our keys. */
export interface OwnSession {
  readonly id: string
  readonly secret: Buffer
  readonly envelope: string
}

/** As a phone opens one at unlock. */
export function openOwnSession({ kid, publicJwk }: Key): OwnSession {
  const secret = randomBytes(32)
  const id = randomBytes(9).toString('base64url')
  const jwk = JSON.stringify({ kty: 'oct', alg: sealing.encryption, kid: id, k: secret.toString('base64url') })
  return { id, secret, envelope: wrap(Buffer.from(jwk), kid, publicJwk ?? {}) }
}

export interface Sealing {
  readonly half: SealedHalf
  /** What it is bound to (schemas/sealing/cover.ts). */
  readonly bound: string
  /** Preset dictionary and its name in the header. */
  readonly dictionary?: { readonly name: string; readonly bytes: Uint8Array }
}

/** One sealed part under a session of ours, in the form the phone uses. */
export function sealUnder({ id, secret, envelope }: OwnSession, text: string, { half, bound, dictionary }: Sealing): SealedPart {
  const dic = dictionary?.name ?? sealing.noDictionary
  const header = { alg: sealing.contentAlgorithm, enc: sealing.encryption, kid: id, typ: sealing.types[half], dic }
  return { key: envelope, sealed: encrypt(header, secret, Buffer.alloc(0), frame(text, dictionary?.bytes), bound) }
}

/** Seals a text to one of our own keys: for identities that outlive the key they were sealed to. */
export function sealAgain(text: string, sealing: Omit<Sealing, 'dictionary'>, key: Key): SealedPart {
  return sealUnder(openOwnSession(key), text, sealing)
}

function wrap(plain: Buffer, kid: string, publicJwk: Readonly<Record<string, unknown>>): string {
  // Not `generateKeyPairSync` and `export`: where garbage is collected within the export, Node 20 waits for itself for ever.
  const ours = createECDH('prime256v1')
  const point = ours.generateKeys()
  const theirs = publicJwk as { readonly x?: string; readonly y?: string }
  const wrapping = concatKdf(ours.computeSecret(pointOf(theirs)))
  const content = randomBytes(32)
  const cipher = createCipheriv('id-aes256-wrap', wrapping, Buffer.alloc(8, 0xa6))
  const wrapped = Buffer.concat([cipher.update(content), cipher.final()])
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((each) => each.toString('base64url'))
  const [kty, crv] = ['EC', 'P-256']
  return encrypt({ alg: sealing.keyAlgorithm, enc: sealing.encryption, kid, epk: { kty, crv, x, y } }, content, wrapped, plain)
}

/** Uncompressed, as SEC 1, 2.3.3. */
function pointOf({ x = '', y = '' }: { readonly x?: string; readonly y?: string }): Buffer {
  return Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
}

function encrypt(header: object, key: Buffer, encryptedKey: Buffer, plain: Buffer, bound?: string): string {
  const protectedHeader = Buffer.from(JSON.stringify(header)).toString('base64url')
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  const additional = bound === undefined ? protectedHeader : `${protectedHeader}.${Buffer.from(bound).toString('base64url')}`
  cipher.setAAD(Buffer.from(additional, 'ascii'))
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()])
  return [protectedHeader, ...[encryptedKey, iv, ciphertext, cipher.getAuthTag()].map((bytes) => bytes.toString('base64url'))].join('.')
}

/** As `pack` in schemas/sealing/frame.ts. */
function frame(text: string, dictionary: Uint8Array | undefined): Buffer {
  const deflated = deflateRawSync(text, { level: 9, ...(dictionary && { dictionary }) })
  const size = buckets.find((each) => each >= deflated.length + 4)
  if (size === undefined) throw new RangeError('The text is too long to seal.')
  const bytes = Buffer.alloc(size)
  bytes.writeUInt32BE(deflated.length, 0)
  deflated.copy(bytes, 4)
  return bytes
}

/** RFC 7518, 4.6.2, with empty party info. */
function concatKdf(secret: Buffer): Buffer {
  const number = (value: number) => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return bytes
  }
  const algorithm = Buffer.from(sealing.keyAlgorithm, 'ascii')
  return createHash('sha256')
    .update(Buffer.concat([number(1), secret, number(algorithm.length), algorithm, number(0), number(0), number(256)]))
    .digest()
}
