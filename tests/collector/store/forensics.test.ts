import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { smallQuestionnaire } from '../../schemas/sealing/small-questionnaire.ts'
import { type BrowserPhone, browserPhone } from '../../survival/phone/browser-phone.ts'
import { buildPage } from '../../survival/phone/build-page.ts'
import { findReadable, findReadableIn } from '../../survival/phone/forensics.ts'
import { type FieldServer, openFieldServer } from '../sync/field-server.ts'
import { draftOf, planted } from '../sync/sealed-records.ts'

// What a laboratory finds on the disk of a phone that was taken as it was: browser killed, interviews open, sealed and sent.

const pin = '482915730641'
const secrets = { ...planted, pin }
let folder: string
let server: FieldServer
let phone: BrowserPhone

beforeAll(async () => {
  folder = await buildPage('1.0.0')
  server = await openFieldServer(smallQuestionnaire, { serve: folder })
  phone = await browserPhone(server.url)
  await phone.open()
})
afterAll(async () => {
  await phone.close()
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

const { answers } = draftOf(smallQuestionnaire, 'x')
const draft = async () => ({ ...(await phone.call('startDraft', { area: '1234567890', practice: false })), answers })

describe('the disk of a phone', () => {
  it('would show a name that was stored in the clear: the search sees through the browser’s own files', async () => {
    const other = await browserPhone(server.url)
    await other.open()
    await other.page().evaluate(
      async ([content, names]) => {
        const keep = await globalThis.tala.openIndexedDbKeep()
        await keep.write([['drafts', 'plain', content]])
        await (await caches.open('plain')).put('/plain', new Response(names))
      },
      [answers, Object.values(planted).join(' ')] as const,
    )
    await other.kill()
    const found = new Set(findReadable(other.profile, planted).map(({ secret }) => secret))
    expect([...found].toSorted()).toEqual(Object.keys(planted).toSorted())
    await other.close()
  })

  it('shows nothing of open, sealed and sent interviews, in stores, spares, caches and service worker', async () => {
    await phone.call('enrol', await server.link(), pin)
    await phone.page().evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
    await phone.call('completeDraft', await draft())
    await phone.call('sync')
    await phone.page().route('**/sync/**', (route) => route.abort())
    await phone.call('completeDraft', await draft())
    await phone.call('saveDraft', await draft())
    const copies = await phone.page().evaluate(
      async (pin) => ({
        backup: [...(await globalThis.phone.backup(pin))],
        handOver: [...(await globalThis.phone.handOver()).file],
        pictures: (await globalThis.phone.handOver()).qr.join(),
      }),
      pin,
    )
    expect(findReadableIn('backup', Uint8Array.from(copies.backup), secrets)).toEqual([])
    expect(findReadableIn('hand-over', Uint8Array.from(copies.handOver), secrets)).toEqual([])
    expect(findReadableIn('pictures', Buffer.from(copies.pictures), secrets)).toEqual([])
    expect(await phone.page().evaluate(async () => (await (await caches.open('tala-spares')).keys()).length)).toBe(2)
    await phone.kill()
    expect(findReadable(phone.profile, secrets)).toEqual([])
  })

  it('gives not one byte for a wrong PIN', async () => {
    await phone.open()
    expect(await phone.call('unlock', '482915730642')).toBe(false)
    expect(await phone.call('records')).toEqual([])
    await expect(phone.call('openDraft', 'any')).rejects.toThrow('phone.locked')
    await expect(phone.call('backup', '482915730642')).rejects.toThrow('phone')
    expect(findReadable(phone.profile, secrets)).toEqual([])
  })
})
