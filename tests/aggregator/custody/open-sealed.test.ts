import { deflateRawSync } from 'node:zlib'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as jose from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openKeyring } from '../../../aggregator/custody/file-keyring.ts'
import type { KeyProvider } from '../../../aggregator/custody/keys.ts'
import { type Opener, openSealed, SessionCache } from '../../../aggregator/custody/open-sealed.ts'
import { openSession, sealPart } from '../../../collector/vault/seal.ts'
import type { SealedPart } from '../../../schemas/generated/records.ts'
import { pack } from '../../../schemas/sealing/frame.ts'
import { openPartWithJose, sealPartWithJose } from '../../support/jose-part.ts'

const record = 'r:device01:01J0000000000000000000000A'
const bound = '{"_id":"r:device01:01J0000000000000000000000A"}'
const expected = { recordId: record, half: 'answers' as const, bound }
const preset = new TextEncoder().encode('{"schema":"interview/1","answers":{"B05":')

let folder = ''
let keys: KeyProvider
let opener: Opener
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tala-seal-'))
  keys = await openKeyring(folder)
  opener = { keys, sessions: new SessionCache(), dictionary: (name) => (name === 'preset' ? preset : undefined) }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Changes {
  readonly purpose?: 'seal-answers' | 'seal-identity'
  readonly header?: Record<string, unknown>
  readonly sessionKid?: string
  readonly boundTo?: string
}

/** Sealed by jose, which shares no code with the opener. */
async function sealByJose(
  text: string,
  { purpose = 'seal-answers', header = {}, sessionKid = 's1', boundTo = bound }: Changes = {},
): Promise<SealedPart> {
  const server = keys.current(purpose)
  const session = randomBytes(32)
  const jwk = JSON.stringify({ kty: 'oct', alg: 'A256GCM', kid: sessionKid, k: session.toString('base64url') })
  const key = await new jose.CompactEncrypt(new TextEncoder().encode(jwk))
    .setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM', kid: server.kid })
    .encrypt(await jose.importJWK({ ...server.publicJwk, alg: 'ECDH-ES+A256KW' }))
  const words = { kid: 's1', typ: 'tala-answers/2', dic: 'none', ...header }
  const sealed = await sealPartWithJose(pack(text, new Uint8Array()), words, boundTo, new Uint8Array(session))
  return { key, sealed }
}

describe('opening a sealed part', () => {
  it('opens what jose sealed', async () => {
    expect(openSealed(await sealByJose('{"answers":"Talâ"}'), expected, opener)).toBe('{"answers":"Talâ"}')
  })

  it('opens what the phone sealed, and jose opens it too', async () => {
    const { kid, publicJwk = {}, key } = keys.current('seal-answers')
    const session = await openSession({ purpose: 'seal-answers', kid, jwk: publicJwk })
    const frame = pack('{"schema":"interview/1"}', preset)
    const part = await sealPart(session, { half: 'answers', bound, dictionary: 'preset', frame })
    expect(openSealed(part, expected, opener)).toBe('{"schema":"interview/1"}')
    const { plaintext } = await jose.compactDecrypt(part.key, key)
    const { k = '' } = JSON.parse(new TextDecoder().decode(plaintext)) as { k?: string }
    expect(await openPartWithJose(part.sealed, bound, k)).toEqual(frame)
  })

  it('still opens what older phones sealed, with the record id in the header', async () => {
    const first = { typ: 'tala-answers/1', rid: record }
    const older = await sealFrame(pack('{"schema":"interview/1"}', new Uint8Array()), first)
    expect(openSealed(older, expected, opener)).toBe('{"schema":"interview/1"}')
    const other = await sealFrame(pack('{}', new Uint8Array()), { ...first, rid: 'r:device01:01J0000000000000000000000B' })
    expect(() => openSealed(other, expected, opener)).toThrow('seal-other-record')
  })

  it('opens a session key once for all records of a session', async () => {
    const part = await sealByJose('{}')
    const sessions = new SessionCache()
    const without = { ...keys, get: () => undefined }
    openSealed(part, expected, { ...opener, sessions })
    expect(openSealed(part, expected, { ...opener, sessions, keys: without })).toBe('{}')
    sessions.clear()
    expect(() => openSealed(part, expected, { ...opener, sessions, keys: without })).toThrow('seal-key-gone')
  })

  it('still opens records sealed before a rotation', async () => {
    const part = await sealByJose('{"before":1}')
    await keys.rotate('seal-answers')
    expect(openSealed(part, expected, { ...opener, sessions: new SessionCache() })).toBe('{"before":1}')
  })

  it.each([
    ['a part made for another record, or for another area', { boundTo: bound.replace('A"', 'B"') }, 'seal-broken'],
    ['an identity part in the place of answers', { header: { typ: 'tala-identity/2' } }, 'seal-other-record'],
    ['answers sealed to the identity key', { purpose: 'seal-identity' }, 'seal-other-record'],
    ['a session id that is not that of the session key', { sessionKid: 's2' }, 'seal-broken'],
    ['a dictionary nobody published', { header: { dic: 'ffffffffffffffff' } }, 'seal-broken'],
    ['a critical extension', { header: { crit: ['exp'], exp: 1 } }, 'seal-broken'],
  ] as const)('refuses %s', async (_, changes, problem) => {
    const part = await sealByJose('{}', changes as Changes).catch(() => null)
    // jose itself refuses to write an unknown critical header; then the header is put there by hand.
    const tried = part ?? withHeader(await sealByJose('{}'), (changes as Changes).header ?? {})
    expect(() => openSealed(tried, expected, opener)).toThrow(problem)
  })

  it('refuses a changed byte anywhere in either part', async () => {
    const part = await sealByJose('{"a":1}')
    for (const name of ['key', 'sealed'] as const)
      for (let at = 3; at < part[name].length; at += 41) {
        const flipped = part[name][at] === 'A' ? 'B' : 'A'
        const changed = { ...part, [name]: part[name].slice(0, at) + flipped + part[name].slice(at + 1) }
        expect(() => openSealed(changed, expected, { ...opener, sessions: new SessionCache() })).toThrow(/^seal-/)
      }
  })

  it('refuses a tag shortened to four bytes', async () => {
    const part = await sealByJose('{}')
    const pieces = part.sealed.split('.')
    const short = [
      ...pieces.slice(0, 4),
      Buffer.from(pieces[4] ?? '', 'base64url')
        .subarray(0, 4)
        .toString('base64url'),
    ].join('.')
    expect(() => openSealed({ ...part, sealed: short }, expected, opener)).toThrow('seal-broken')
  })

  it('does not inflate a bomb', async () => {
    const deflated = deflateRawSync(Buffer.alloc(3_000_000, 'a'))
    const frame = Buffer.concat([Buffer.from(new Uint32Array([deflated.length]).buffer).swap32(), deflated])
    const { sealed, key } = await sealFrame(frame)
    expect(() => openSealed({ key, sealed }, expected, opener)).toThrow('seal-broken')
  })

  it('never tells content in its errors', async () => {
    const { key, sealed } = await sealByJose('{"B01":"Maria"', { sessionKid: 's2' })
    expect(() => openSealed({ key, sealed }, expected, opener)).not.toThrow('Maria')
  })
})

function withHeader(part: SealedPart, header: Record<string, unknown>): SealedPart {
  const [first = '', ...rest] = part.sealed.split('.')
  const changed = { ...(JSON.parse(Buffer.from(first, 'base64url').toString()) as object), ...header }
  return { ...part, sealed: [Buffer.from(JSON.stringify(changed)).toString('base64url'), ...rest].join('.') }
}

async function sealFrame(frame: Uint8Array, header: Record<string, unknown> = {}): Promise<SealedPart> {
  const part = await sealByJose('{}')
  const { plaintext } = await jose.compactDecrypt(part.key, keys.current('seal-answers').key)
  const { k = '' } = JSON.parse(new TextDecoder().decode(plaintext)) as { k?: string }
  const sealed = await new jose.CompactEncrypt(frame)
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: 's1', typ: 'tala-answers/1', rid: record, dic: 'none', ...header })
    .encrypt(new Uint8Array(Buffer.from(k, 'base64url')))
  return { ...part, sealed }
}
