import { readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../../aggregator/app.ts'
import { connectOffice, serveOffice } from '../../../aggregator/fieldwork/office-socket.ts'
import { officeOf } from '../../../aggregator/fieldwork/office.ts'
import { type BrowserPhone, browserPhone } from '../../survival/phone/browser-phone.ts'
import { buildPage } from '../../survival/phone/build-page.ts'
import { openTestOffice, type TestOffice } from '../../support/test-office.ts'

// A lost phone against the whole server: every route, the command of the supervisor, the audit chain.

const pin = '482915'
let house: TestOffice
let folder: string
let url: string
let phone: BrowserPhone
let stop: () => Promise<void>

beforeAll(async () => {
  house = await openTestOffice()
  folder = await buildPage()
  // The phone without its screens stands where the built app would.
  const app = express().use('/collector', express.static(folder)).use(createApp(house.office))
  const server = createServer(app)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const office = officeOf({ stores: house.office.stores, publicUrl: url, now: house.office.now })
  const stopOffice = await serveOffice(office, house.folder)
  stop = async () => {
    server.closeAllConnections()
    server.close()
    await stopOffice()
  }
  phone = await browserPhone(url)
  await phone.open()
}, 120_000)
afterAll(async () => {
  await phone.close()
  await stop()
  await house.remove()
  await rm(folder, { recursive: true, force: true })
})

const command = async () => {
  const office = await connectOffice(house.folder)
  if (!office) throw new Error('no server runs')
  return office
}
const idOf = async () => {
  const state = await phone.call('state')
  return state.kind === 'open' ? state.device : ''
}
const area = async () => (await house.office.round()).areas.find(({ level }) => level === 'barangay')?.code ?? ''
const keys = () => phone.page().evaluate(async () => (await (await globalThis.tala.openIndexedDbKeep()).all('keys')).map(([id]) => id))

describe('a phone that was lost', () => {
  let device = ''
  it('works until then', async () => {
    await phone.call('enrol', (await (await command()).invite({})).link, pin)
    device = await idOf()
    await phone.call('startDraft', { area: await area(), practice: false })
    expect(await phone.call('sync')).toMatchObject({ trouble: null })
    expect(await keys()).toEqual(['signing', 'token-lock', 'vault'])
  })

  it('is refused with its very next request once the supervisor says so, although its token is still good', async () => {
    await (await command()).revoke({ device, why: 'lost' })
    expect(await phone.call('sync')).toMatchObject({ trouble: 'sync.revoked' })
  })

  it('deletes its keys at that contact; neither the PIN nor a restart brings anything back', async () => {
    expect(await phone.call('state')).toEqual({ kind: 'closed', why: 'revoked' })
    expect(await keys()).toEqual([])
    await phone.kill()
    expect(await phone.open()).toEqual({ kind: 'closed', why: 'revoked' })
    await expect(phone.call('unlock', pin)).rejects.toThrow('sync.revoked')
  })

  it('comes back only with an invitation of its own, empty, and the audit chain names no recovery', async () => {
    const link = (await (await command()).invite({ device })).link
    await phone.call('startAgain', link, '735501')
    expect([await idOf(), await phone.call('records')]).toEqual([device, []])
  })
})

describe('a phone with a forgotten PIN', () => {
  it('is opened by the invitation for it alone, and the audit chain names the phone', async () => {
    const draft = await phone.call('startDraft', { area: await area(), practice: false })
    const device = await idOf()
    await phone.call('startAgain', (await (await command()).invite({ device })).link, '909090')
    expect(await phone.call('openDraft', draft.id)).toMatchObject({ id: draft.id })
    const chain = (await readFile(`${house.folder}/audit/chain.jsonl`, 'utf8')).trim().split('\n')
    const recovered = chain
      .map((line) => JSON.parse(line) as { action: string; subject: string })
      .filter(({ action }) => action === 'recover')
    expect(recovered.map(({ subject }) => subject)).toEqual([`device:${device}`])
  })
})

describe('a phone that nobody hears of for more than thirty days', () => {
  it('locks itself, and opens after the server has answered for it', async () => {
    await phone.call('lock')
    await phone.page().route('**/device/**', (route) => route.abort())
    const later = Date.now() + 31 * 86_400_000
    await phone.page().addInitScript((time) => {
      Date.now = () => time
    }, later)
    expect(await phone.open()).toEqual({ kind: 'closed', why: 'lease' })
    await expect(phone.call('unlock', '909090')).rejects.toThrow('phone.lease')
    await phone.page().unroute('**/device/**')
    await phone.call('askServer')
    expect(await phone.call('state')).toMatchObject({ kind: 'locked' })
    expect(await phone.call('unlock', '909090')).toBe(true)
  })

  it('collects on with a token that has run out: only sending waits for an invitation', async () => {
    await phone.page().route('**/device/token', (route) => route.fulfill({ status: 401, json: { type: '/problems/unauthorized' } }))
    await phone.page().route('**/device/manifest', (route) => route.fulfill({ status: 401, json: { type: '/problems/unauthorized' } }))
    expect(await phone.call('sync')).toMatchObject({ trouble: 'sync.token-expired' })
    const draft = await phone.call('startDraft', { area: await area(), practice: false })
    expect(await phone.call('openDraft', draft.id)).toMatchObject({ id: draft.id })
  })
})
