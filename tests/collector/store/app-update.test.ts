import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { smallQuestionnaire } from '../../schemas/sealing/small-questionnaire.ts'
import { type BrowserPhone, browserPhone } from '../../survival/phone/browser-phone.ts'
import { buildPage } from '../../survival/phone/build-page.ts'
import { type FieldServer, openFieldServer } from '../sync/field-server.ts'
import { draftOf } from '../sync/sealed-records.ts'

const pin = '482915'
const served = mkdtempSync(join(tmpdir(), 'tala-served-'))
const built: Record<string, string> = {}
let server: FieldServer
let phone: BrowserPhone

/** What the server gives from now on. */
function publish(version: string): void {
  rmSync(served, { recursive: true, force: true })
  cpSync(built[version] ?? '', served, { recursive: true })
}

const version = () => phone.page().evaluate(() => globalThis.tala.appVersion)
const look = () =>
  phone.page().evaluate(async () => {
    await (await navigator.serviceWorker.getRegistration())?.update().catch(() => {})
  })
const waits = () => phone.page().waitForFunction(() => globalThis.phone.isUpdateWaiting())

beforeAll(async () => {
  for (const each of ['1.0.0', '1.1.0']) built[each] = await buildPage(each)
  publish('1.0.0')
  server = await openFieldServer(smallQuestionnaire, { serve: served })
  phone = await browserPhone(server.url)
  await phone.open()
  await phone.call('enrol', await server.link(), pin)
  await phone.page().evaluate(() => navigator.serviceWorker.ready)
})
afterAll(async () => {
  await phone.close()
  await server.close()
  for (const folder of [served, ...Object.values(built)]) rmSync(folder, { recursive: true, force: true })
})

// One story, in order: a phone over several versions of its app.
describe('the installed app', () => {
  it('opens and works without a network after the first load', async () => {
    await phone.page().context().setOffline(true)
    expect(await phone.open()).toMatchObject({ kind: 'locked' })
    expect(await phone.call('unlock', pin)).toBe(true)
    const draft = await phone.call('startDraft', { area: '1234567890', practice: false })
    await phone.call('saveDraft', { ...draft, answers: draftOf(smallQuestionnaire, 'x').answers })
    await phone.page().context().setOffline(false)
  })

  it('keeps its version in the middle of an interview: the new one waits and says so', async () => {
    publish('1.1.0')
    await look()
    await waits()
    expect(await version()).toBe('1.0.0')
    await phone.open()
    expect(await version()).toBe('1.0.0')
    await waits()
  })

  it('lets the new version in from the list, and a draft that began on the old one ends on it', async () => {
    expect(await phone.call('unlock', pin)).toBe(true)
    const [draft] = await phone.call('records')
    await Promise.all([phone.page().waitForEvent('load'), phone.call('activateUpdate').catch(() => {})])
    await phone.open()
    expect(await version()).toBe('1.1.0')
    expect(await phone.call('unlock', pin)).toBe(true)
    const done = await phone.call('completeDraft', await phone.call('openDraft', draft?.id ?? ''))
    await phone.call('sync')
    expect((await server.records()).map(({ _id }) => _id)).toEqual([done.id])
  })

  it('survives a half download: the version on the phone goes on, also without a network', async () => {
    publish('1.0.0')
    const assets = join(served, 'assets')
    for (const name of readdirSync(assets)) if (name.startsWith('pin-worker')) rmSync(join(assets, name))
    await look()
    await phone.page().waitForFunction(async () => !(await navigator.serviceWorker.getRegistration())?.installing)
    expect(await phone.call('isUpdateWaiting')).toBe(false)
    await phone.page().context().setOffline(true)
    await phone.open()
    expect(await version()).toBe('1.1.0')
    await phone.page().context().setOffline(false)
  })

  it('rolls back to an earlier version the same way', async () => {
    publish('1.0.0')
    await look()
    await waits()
    await Promise.all([phone.page().waitForEvent('load'), phone.call('activateUpdate').catch(() => {})])
    await phone.open()
    expect(await version()).toBe('1.0.0')
    expect(await phone.call('unlock', pin)).toBe(true)
    expect(await phone.call('records')).toHaveLength(1)
  })

  it('leaves everything that writes to the network alone', async () => {
    const fromWorker: string[] = []
    phone.page().on('response', (response) => {
      if (response.request().method() !== 'GET' && response.fromServiceWorker()) fromWorker.push(response.url())
    })
    await phone.call('sync')
    expect(fromWorker).toEqual([])
  })
})
