import { rm } from 'node:fs/promises'
import { createPublicKey, verify } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readBackup, writeBackup } from '../../../collector/store/backup.ts'
import { collectQrParts, handOverFile, qrParts, readHandOver, signHandOver } from '../../../collector/store/hand-over.ts'
import type { DerivePinKey } from '../../../collector/vault/pin-key.ts'
import { derivePinKey } from '../../support/pin-key.ts'
import { canonicalJson } from '../../../schemas/canonical.ts'
import { smallQuestionnaire } from '../../schemas/sealing/small-questionnaire.ts'
import { type BrowserPhone, browserPhone } from '../../survival/phone/browser-phone.ts'
import { buildPage } from '../../survival/phone/build-page.ts'
import { findReadable, findReadableIn } from '../../survival/phone/forensics.ts'
import { type FieldServer, openFieldServer } from '../sync/field-server.ts'
import { draftOf, planted, sealedRecords } from '../sync/sealed-records.ts'
import { simulatedDevice } from '../sync/simulated-device.ts'

const pin = '482915'
/** The same argon2id at a cost that a test can pay often; the last test pays the real one. */
const derive: DerivePinKey = (each, salt) => derivePinKey(each, salt, { memoryKiB: 64, iterations: 1 })
let server: FieldServer
let folder: string

beforeAll(async () => {
  folder = await buildPage()
  server = await openFieldServer(smallQuestionnaire, { serve: folder })
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

describe('a backup file', () => {
  const content = { drafts: [draftOf(smallQuestionnaire, 'device000001')], records: [] }
  const about = { device: 'device000001', made: '2026-03-01T00:00:00Z', pin, derive }

  it('gives back what went in, with the PIN', async () => {
    expect(await readBackup(await writeBackup(content, about), pin, derive)).toEqual({ ...content, device: 'device000001' })
  })

  it('gives nothing with another PIN, or when a byte was changed', async () => {
    const file = await writeBackup(content, about)
    await expect(readBackup(file, '482916', derive)).rejects.toMatchObject({ code: 'phone.backup-unreadable' })
    const damaged = file.map((byte, at) => (at === file.length - 100 ? byte ^ 1 : byte))
    await expect(readBackup(damaged, pin, derive)).rejects.toMatchObject({ code: 'phone.backup-unreadable' })
  })

  it('holds no name, home or PIN in any writing, and has the same size for one draft and for three', async () => {
    const file = await writeBackup(content, about)
    expect(findReadableIn('backup', file, { ...planted, pin })).toEqual([])
    const three = { ...content, drafts: [content.drafts[0], content.drafts[0], content.drafts[0]] as typeof content.drafts }
    expect((await writeBackup(three, about)).length).toBe(file.length)
  })
})

describe('a hand-over to the supervisor', () => {
  const bundle = async (count: number) => {
    const device = simulatedDevice()
    await device.enrol(await server.link())
    await device.sync()
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign'])
    const records = (await sealedRecords(device, count)).map((each) => ({ ...each, _rev: `1-${'a'.repeat(32)}` }))
    return {
      made: await signHandOver('device000001', records, pair.privateKey),
      publicKey: await crypto.subtle.exportKey('jwk', pair.publicKey),
    }
  }

  it('is signed by the phone that interviewed, so that the carrier can make nothing up', async () => {
    const { made, publicKey } = await bundle(2)
    const { signature, ...signed } = await readHandOver(await handOverFile(made))
    const key = createPublicKey({ key: publicKey as Record<string, unknown>, format: 'jwk' })
    const isGood = (content: unknown) =>
      verify(
        'sha256',
        new TextEncoder().encode(canonicalJson(content)),
        { key, dsaEncoding: 'ieee-p1363' },
        Buffer.from(signature, 'base64url'),
      )
    expect(isGood(signed)).toBe(true)
    expect(isGood({ ...signed, device: 'another00001' })).toBe(false)
  })

  it('goes through pictures seen in any order, some twice, some of another phone', async () => {
    const file = await handOverFile((await bundle(2)).made)
    const parts = await qrParts(file)
    const others = await qrParts(crypto.getRandomValues(new Uint8Array(500)))
    const seenInOrder = fc.shuffledSubarray([...parts.keys(), ...parts.keys()], {
      minLength: parts.length * 2,
      maxLength: parts.length * 2,
    })
    await fc.assert(
      fc.asyncProperty(seenInOrder, async (order) => {
        const collection = collectQrParts()
        for (const at of order) {
          expect(await collection.file()).toSatisfy((sofar: Uint8Array | null) => sofar === null || sofar.length === file.length)
          collection.see(parts[at] ?? '')
          collection.see(others[0] ?? '')
          collection.see('something else')
        }
        expect(await collection.file()).toEqual(file)
      }),
      { numRuns: 10 },
    )
  })

  it('cannot be read on the way', async () => {
    const { made } = await bundle(1)
    expect(findReadableIn('file', await handOverFile(made), planted)).toEqual([])
  })
})

describe('a phone without any network', () => {
  let maker: BrowserPhone
  let carrier: BrowserPhone
  beforeAll(async () => {
    maker = await browserPhone(server.url)
    carrier = await browserPhone(server.url)
  })
  afterAll(async () => {
    await maker.close()
    await carrier.close()
  })
  const { answers } = draftOf(smallQuestionnaire, 'x')
  const finished = async () =>
    (await maker.call('completeDraft', { ...(await maker.call('startDraft', { area: '1234567890', practice: false })), answers })).id
  const handedOver = () => maker.page().evaluate(async () => [...(await globalThis.phone.handOver()).file])
  const receive = (file: readonly number[]) =>
    carrier.page().evaluate(async (bytes) => await globalThis.phone.receive(Uint8Array.from(bytes)), [...file])
  const inInbox = async (id: string) => (await server.records()).filter(({ _id }) => _id === id).length

  it('hands its records to another, which delivers what it cannot read; by two ways they count once', async () => {
    await maker.open()
    await maker.call('enrol', await server.link(), pin)
    await maker.page().route('**/sync/**', (route) => route.abort())
    await carrier.open()
    await carrier.call('enrol', await server.link(), '907070')
    const id = await finished()
    const file = await handedOver()
    expect(await receive(file)).toMatchObject({ records: 1, refused: false })
    expect(findReadable(carrier.profile, planted)).toEqual([])
    expect(await carrier.call('carried')).toHaveLength(1)
    await carrier.call('sync')
    expect(await inInbox(id)).toBe(1)
    expect(await carrier.call('carried')).toEqual([])
    expect((await carrier.call('records')).map(({ id: each }) => each)).toEqual([])
    await maker.page().unroute('**/sync/**')
    await maker.call('sync')
    expect(await inInbox(id)).toBe(1)
    await server.receiptAll()
    await maker.call('sync')
    expect(await maker.call('records')).toMatchObject([{ id, state: 'accepted' }])
  })

  it('loses nothing when the carrier is killed, or hears somebody else answer for the server', async () => {
    await maker.page().route('**/sync/**', (route) => route.abort())
    const id = await finished()
    await carrier.page().route('**/device/hand-over', (route) => route.fulfill({ json: [] }))
    await receive(await handedOver())
    await carrier.call('sync')
    expect([await inInbox(id), (await carrier.call('carried')).length]).toEqual([0, 1])
    await carrier.kill()
    await carrier.open()
    await carrier.call('unlock', '907070')
    await carrier.call('sync')
    expect([await inInbox(id), (await carrier.call('carried')).length]).toEqual([1, 0])
  })

  it('is told by the carrier when the server does not take its file', async () => {
    const bundle = await readHandOver(Uint8Array.from(await handedOver()))
    const forged = await handOverFile({ ...bundle, signature: `AA${bundle.signature.slice(2)}` })
    await receive([...forged])
    await carrier.call('sync')
    const [file] = await carrier.call('carried')
    expect(file).toMatchObject({ refused: true })
    await carrier.call('dropCarried', file?.id ?? '')
    expect(await carrier.call('carried')).toEqual([])
    await expect(receive([1, 2, 3])).rejects.toThrow('phone.hand-over-unreadable')
  })
})

describe('a phone that broke', () => {
  let old: BrowserPhone
  let fresh: BrowserPhone
  beforeAll(async () => {
    old = await browserPhone(server.url)
    fresh = await browserPhone(server.url)
  })
  afterAll(async () => {
    await old.close()
    await fresh.close()
  })

  it('is replaced by another one: open and finished interviews come from its backup, and count once', async () => {
    await old.open()
    await old.call('enrol', await server.link(), pin)
    const { answers } = draftOf(smallQuestionnaire, 'x')
    const state = await old.call('state')
    const device = state.kind === 'open' ? state.device : ''
    const sent = await old.call('completeDraft', { ...(await old.call('startDraft', { area: '1234567890', practice: false })), answers })
    await old.call('sync')
    await old.page().route('**/sync/**', (route) => route.abort())
    const unsent = await old.call('completeDraft', { ...(await old.call('startDraft', { area: '1234567890', practice: false })), answers })
    const open = { ...(await old.call('startDraft', { area: '1234567890', practice: false })), answers }
    await old.call('saveDraft', open)
    const file = await old.page().evaluate(async (pin) => [...(await globalThis.phone.backup(pin))], pin)
    await old.kill()

    await fresh.open()
    await fresh.call('enrol', await server.link(device), '907070')
    const restored = await fresh
      .page()
      .evaluate(async ([bytes, pin]) => await globalThis.phone.restore(Uint8Array.from(bytes), pin), [file, pin] as const)
    expect(restored).toEqual({ drafts: 1, records: 2 })
    await fresh.call('sync')
    expect(await fresh.call('openDraft', open.id)).toMatchObject({ answers })
    expect(
      (await server.records())
        .map(({ _id }) => _id)
        .filter((id) => id.includes(device))
        .toSorted(),
    ).toEqual([sent.id, unsent.id].toSorted())
    expect((await fresh.call('records')).map(({ state: each }) => each).toSorted()).toEqual(['draft', 'received', 'received'])
  })
})
