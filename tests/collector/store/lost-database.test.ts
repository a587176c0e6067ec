import { rm } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { smallQuestionnaire } from '../../schemas/sealing/small-questionnaire.ts'
import { type BrowserPhone, browserPhone } from '../../survival/phone/browser-phone.ts'
import { buildPage } from '../../survival/phone/build-page.ts'
import { loseDatabase } from '../../survival/phone/lose-database.ts'
import { type FieldServer, openFieldServer } from '../sync/field-server.ts'
import { draftOf } from '../sync/sealed-records.ts'

// Chromium can lose all of an origin's IndexedDB (LevelDB issue 1287). A real browser, killed, with that folder gone, as the flaw leaves it.

const pin = '482915'
const { answers } = draftOf(smallQuestionnaire, 'x')
let folder: string
let server: FieldServer
let phone: BrowserPhone
let device: string

beforeAll(async () => {
  folder = await buildPage()
})
afterAll(() => rm(folder, { recursive: true, force: true }))
beforeEach(async () => {
  server = await openFieldServer(smallQuestionnaire, { serve: folder })
  phone = await browserPhone(server.url)
  await phone.open()
  await phone.call('enrol', await server.link(), pin)
  const state = await phone.call('state')
  device = state.kind === 'open' ? state.device : ''
})
afterEach(async () => {
  await phone.close()
  await server.close()
})

const started = async () => ({ ...(await phone.call('startDraft', { area: '1234567890', practice: false })), answers })
const finished = async () => (await phone.call('completeDraft', await started())).id
const offline = () => phone.page().route('**/sync/**', (route) => route.abort())
/** A network that never answers: no sync ends, so that nothing is kept but what finishing itself keeps. */
const silence = () => phone.page().route('**/sync/**', () => {})
const spares = async () =>
  (await phone.page().evaluate(async () => (await (await caches.open('tala-spares')).keys()).map(({ url }) => url)))
    .map((url) => url.slice(url.lastIndexOf('/') + 1))
    .toSorted()
const inInbox = async () => (await server.records()).map(({ _id }) => _id).toSorted()

describe('a phone whose browser lost its database', () => {
  it('tells which phone it was and what is left, and once that phone is invited again each finished interview arrives once', async () => {
    const sent = await finished()
    await phone.call('sync')
    await silence()
    const unsent = [await finished(), await finished()]
    await phone.call('saveDraft', await started())
    await loseDatabase(phone)

    expect(await phone.open()).toEqual({ kind: 'new', left: { device, records: 3 } })
    await phone.call('enrol', await server.link(device), '907070')
    await phone.call('sync')
    const all = [sent, ...unsent].toSorted()
    expect(await inInbox()).toEqual(all)
    expect((await phone.call('records')).map(({ id, state }) => `${id} ${state}`).toSorted()).toEqual(all.map((id) => `${id} received`))
    await server.receiptAll('accepted', true)
    await phone.call('sync')
    expect((await phone.call('syncState')).onThisPhone).toBe(0)
    expect([await inInbox(), await spares()]).toEqual([all, []])
  })

  it('sends what can be read when one of the spares cannot', async () => {
    await silence()
    const id = await finished()
    const broken = `r:${device}:${'0'.repeat(26)}`
    await phone.page().evaluate(async (address) => (await caches.open('tala-spares')).put(address, new Response('{')), `/spares/${broken}`)
    await loseDatabase(phone)
    await phone.open()
    await phone.call('enrol', await server.link(device), pin)
    await phone.call('sync')
    expect(await inInbox()).toEqual([id])
    expect((await phone.call('records')).map((each) => each.id)).toEqual([id])
  })

  it('is not taken in under another name, for the server would refuse what is left', async () => {
    await silence()
    const id = await finished()
    await loseDatabase(phone)
    await phone.open()
    await expect(phone.call('enrol', await server.link(), pin)).rejects.toThrow('sync.other-device')
    await phone.kill()
    expect(await phone.open()).toEqual({ kind: 'new', left: { device, records: 1 } })
    await phone.call('enrol', await server.link(device), pin)
    await phone.call('sync')
    expect(await inInbox()).toEqual([id])
  })

  it('begins as a new one when everything was safe', async () => {
    await finished()
    await phone.call('sync')
    await server.receiptAll('accepted', true)
    await phone.call('sync')
    await loseDatabase(phone)
    expect(await phone.open()).toEqual({ kind: 'new' })
  })
})

describe('the spare of a finished interview', () => {
  it('is there when the interview is told as finished, and goes when the server has it twice', async () => {
    await silence()
    const id = await finished()
    expect(await spares()).toEqual([id])
    await phone.kill()
    await phone.open()
    await phone.call('unlock', pin)
    await phone.call('sync')
    await server.receiptAll('accepted', false)
    await phone.call('sync')
    expect(await spares()).toEqual([id])
    // About backups alone the phone asks every few hours; another interview makes it ask now.
    await finished()
    await phone.call('sync')
    await server.receiptAll('accepted', true)
    await phone.call('sync')
    expect(await spares()).toEqual([])
  })

  it('goes when the household takes its answers back; that they were taken back is kept', async () => {
    await offline()
    const id = await finished()
    await phone.call('withdraw', id, 'asked-later')
    const withdrawal = (await phone.call('records')).find((each) => each.id !== id)?.id
    await phone.call('sync')
    expect(await spares()).toEqual([withdrawal])
  })

  it('goes when the supervisor takes the phone out, and comes back with the phone', async () => {
    await offline()
    const id = await finished()
    await server.revoke(device)
    await phone.call('askServer')
    expect(await phone.call('state')).toEqual({ kind: 'closed', why: 'revoked' })
    expect(await phone.page().evaluate(() => caches.has('tala-spares'))).toBe(false)
    await phone.call('startAgain', await server.link(device), '907070')
    await phone.call('sync')
    expect(await spares()).toEqual([id])
  })

  it('is written again when it is missing', async () => {
    await offline()
    const id = await finished()
    await phone.page().evaluate(() => caches.delete('tala-spares'))
    await phone.call('lock')
    await phone.call('unlock', pin)
    await phone.call('sync')
    expect(await spares()).toEqual([id])
  })
})
