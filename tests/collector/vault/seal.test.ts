import { compactDecrypt, importJWK, type JWK } from 'jose'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { openKeyring } from '../../../aggregator/custody/file-keyring.ts'
import type { KeyProvider } from '../../../aggregator/custody/keys.ts'
import { SessionCache } from '../../../aggregator/custody/open-sealed.ts'
import { contentHash } from '../../../aggregator/inbox/screen.ts'
import { createRecordReader } from '../../../aggregator/ingest/read-record.ts'
import { complete } from '../../../collector/store/complete.ts'
import { fromBase64url } from '../../../collector/vault/bytes.ts'
import { createSealer } from '../../../collector/vault/seal-record.ts'
import { openSession, sealPart, sealTo, type ServerKey } from '../../../collector/vault/seal.ts'
import { createForm } from '../../../schemas/interview/create-form.ts'
import { insideOf } from '../../../schemas/sealing/cover.ts'
import { dictionaryFor, dictionaryName } from '../../../schemas/sealing/dictionary.ts'
import { pack, unpack } from '../../../schemas/sealing/frame.ts'
import { smallQuestionnaire } from '../../schemas/sealing/small-questionnaire.ts'
import { openPartWithJose } from '../../support/jose-part.ts'
import { draftOf, noon, planted } from '../sync/sealed-records.ts'

const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
const serverKey = { purpose: 'seal-answers', kid: 'k1', jwk: { ...(await crypto.subtle.exportKey('jwk', pair.publicKey)) } } as ServerKey
const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', pair.privateKey)
const privateJwk = { kty, crv, x, y, d } as JWK
const record = 'r:device000001:01J00000000000000000000000'
const header = (jwe: string) => JSON.parse(new TextDecoder().decode(fromBase64url(jwe.split('.')[0] ?? ''))) as Record<string, unknown>

/** The two steps of ingest, by jose. */
async function openWithJose(part: { key: string; sealed: string }, bound = record): Promise<Uint8Array> {
  const session = await compactDecrypt(part.key, await importJWK(privateJwk, 'ECDH-ES+A256KW'))
  const oct = JSON.parse(new TextDecoder().decode(session.plaintext)) as { k: string; kid: string }
  expect(session.protectedHeader).toMatchObject({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM', kid: 'k1' })
  expect(header(part.sealed)['kid']).toBe(oct.kid)
  return openPartWithJose(part.sealed, bound, oct.k)
}

describe('a sealed part', () => {
  const dictionary = dictionaryFor(smallQuestionnaire)
  const seal = async (text: string) =>
    sealPart(await openSession(serverKey), {
      half: 'answers',
      bound: record,
      dictionary: await dictionaryName(dictionary),
      frame: pack(text, dictionary),
    })

  it('is a standard JWE that jose opens', async () => {
    const part = await seal('{"rooms":3}')
    expect(unpack(await openWithJose(part), dictionary)).toBe('{"rooms":3}')
  })

  it('says outside only how it is sealed, by which keys and with which dictionary', async () => {
    const { sealed } = await seal('{"rooms":3}')
    expect(header(sealed)).toEqual({
      alg: 'dir',
      enc: 'A256GCM',
      kid: expect.stringMatching(/^[\w-]{12}$/),
      typ: 'tala-answers/2',
      dic: await dictionaryName(dictionary),
    })
  })

  it('is different every time, and opens neither with a changed header nor for another record', async () => {
    const session = await openSession(serverKey)
    const part = { half: 'answers' as const, bound: record, dictionary: 'none', frame: pack('{}', new Uint8Array()) }
    const [one, two] = [await sealPart(session, part), await sealPart(session, part)]
    expect(one.sealed).not.toBe(two.sealed)
    const [protectedHeader = '', ...rest] = one.sealed.split('.')
    const other = btoa(atob(protectedHeader).replace('none', 'some')).replace(/=+$/, '')
    await expect(openWithJose({ ...one, sealed: [other, ...rest].join('.') })).rejects.toThrow()
    await expect(openWithJose(one, record.replace('device000001', 'device000002'))).rejects.toThrow()
  })

  it('has its own ephemeral key in every session', async () => {
    const [one, two] = [await openSession(serverKey), await openSession(serverKey)]
    expect(header(one.envelope)['epk']).not.toEqual(header(two.envelope)['epk'])
  })

  it('can be any bytes to a public key: jose opens a backup too', async () => {
    const bytes = crypto.getRandomValues(new Uint8Array(50_000))
    expect((await compactDecrypt(await sealTo(serverKey, bytes), await importJWK(privateJwk, 'ECDH-ES+A256KW'))).plaintext).toEqual(bytes)
  })
})

describe('a sealed record', () => {
  let keys: KeyProvider
  let serverKeys: ServerKey[]
  beforeAll(async () => {
    keys = await openKeyring(join(await mkdtemp(join(tmpdir(), 'tala-keys-')), 'keys'))
    serverKeys = (['seal-answers', 'seal-identity'] as const).map((purpose) => {
      const { kid, publicJwk } = keys.current(purpose)
      return { purpose, kid, jwk: publicJwk ?? {} }
    })
  })
  const completion = { round: '2026-1', device: 'device000001', finished: noon, appVersion: 'test', withdrawalCode: 'ABCD-2345' }
  const sealed = async () => {
    const form = createForm(smallQuestionnaire, { today: '2026-03-01', now: noon })
    const documents = complete(draftOf(smallQuestionnaire, 'device000001', { id: record }), form, completion)
    const sealer = await createSealer(smallQuestionnaire, serverKeys)
    return { documents, record: await sealer.seal(documents.interview, documents.identity) }
  }

  it('is opened by ingest, answers and identity each with its own key', async () => {
    const { documents, record } = await sealed()
    const opener = { keys, sessions: new SessionCache(), dictionary: () => dictionaryFor(smallQuestionnaire) }
    const opened = createRecordReader().open(record, opener)
    // What stands on the cover is not sealed a second time.
    expect(opened.interview).toEqual(JSON.parse(insideOf(documents.interview)))
    const { answers, rows } = documents.identity ?? { answers: {}, rows: {} }
    const byRow = Object.entries(rows).map(([repeat, members]) => [repeat, new Map(Object.entries(members))] as const)
    expect(Object.keys(answers)).not.toEqual([])
    expect(opened.identity).toEqual({ answers, rows: new Map(byRow) })
  })

  it('does not open when a carrier wrote another area, round, day or kind on it', async () => {
    const { record } = await sealed()
    const opener = { keys, sessions: new SessionCache(), dictionary: () => dictionaryFor(smallQuestionnaire) }
    for (const changed of [{ area: '99' }, { round: '2027-1' }, { finished: '2026-03-02' }, { kind: 'correction' as const }])
      expect(() => createRecordReader().open({ ...record, ...changed }, opener)).toThrow('seal-broken')
  })

  it('carries the hash that the gateway checks', async () => {
    const { record } = await sealed()
    expect(record.sha256).toBe(contentHash(record))
  })

  it('shows the day and nothing that was said', async () => {
    const { record } = await sealed()
    expect(record.finished).toBe('2026-03-01')
    const text = JSON.stringify(record)
    for (const secret of Object.values(planted)) expect(text).not.toContain(secret)
  })

  it('has the same length for two people and for four', async () => {
    const { record: two } = await sealed()
    const form = createForm(smallQuestionnaire, { today: '2026-03-01', now: noon })
    const draft = draftOf(smallQuestionnaire, 'device000001')
    const person = draft.answers['person'] as readonly { _id: string }[]
    const more = { ...draft.answers, person: [...person, { ...person[0], _id: 'p3', age: 50 }, { ...person[1], _id: 'p4', age: 2 }] }
    const { interview, identity } = complete({ ...draft, answers: more }, form, completion)
    const four = await (await createSealer(smallQuestionnaire, serverKeys)).seal(interview, identity)
    expect([four.answers.sealed.length, four.identity?.sealed.length]).toEqual([two.answers.sealed.length, two.identity?.sealed.length])
  })
})
