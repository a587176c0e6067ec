import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rm } from 'node:fs/promises'
import { sendComment } from '../../../aggregator/fieldwork/comments.ts'
import { draftOf, planted } from '../../collector/sync/sealed-records.ts'
import { type FieldServer, hashed, openFieldServer } from '../../collector/sync/field-server.ts'
import { smallQuestionnaire } from '../../schemas/sealing/small-questionnaire.ts'
import { type BrowserPhone, browserPhone } from './browser-phone.ts'
import { buildPage } from './build-page.ts'
import { keepBreaches } from './page/keep-contract.ts'
import { openMemoryKeep } from '../../../collector/store/keep.ts'

const pin = '482915'
let folder: string
let server: FieldServer
let phone: BrowserPhone

beforeAll(async () => {
  folder = await buildPage()
  server = await openFieldServer(smallQuestionnaire, { serve: folder })
  phone = await browserPhone(server.url)
})
afterAll(async () => {
  await phone.close()
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

describe("the phone's own store", () => {
  it('keeps the contract in IndexedDB', async () => {
    await phone.open()
    expect(
      await phone.page().evaluate(async () => globalThis.tala.keepBreaches(await globalThis.tala.openIndexedDbKeep('contract'))),
    ).toEqual([])
  })

  it.each([
    ['the app of before, which knew no journal', 1, ['keys', 'settings', 'drafts', 'records', 'copies', 'questionnaires', 'items']],
    [
      'an app of later, which has shelves more',
      7,
      ['keys', 'settings', 'drafts', 'journal', 'records', 'copies', 'questionnaires', 'items', 'later'],
    ],
  ])('opens what %s left here, and keeps it', async (_, version, stores) => {
    await phone.open()
    const kept = await phone.page().evaluate(
      async ([version, stores]) => {
        const name = `left-${version}`
        const request = indexedDB.open(name, version)
        request.addEventListener('upgradeneeded', () => {
          for (const store of stores) request.result.createObjectStore(store).put('kept', 'a')
        })
        await new Promise((opened) => request.addEventListener('success', opened))
        request.result.close()
        const keep = await globalThis.tala.openIndexedDbKeep(name)
        await keep.write([['journal', 'b', 'new']])
        const all = [await keep.get('drafts', 'a'), await keep.get('journal', 'b')]
        keep.close()
        return all
      },
      [version, stores] as const,
    )
    expect(kept).toEqual(['kept', 'new'])
  })

  it('keeps the same contract in memory, for simulated devices', async () => {
    expect(await keepBreaches(openMemoryKeep())).toEqual([])
  })
})

describe('a phone in a real browser', () => {
  it('is new, enrols, and is open with the questionnaire of the round', async () => {
    expect(await phone.open()).toEqual({ kind: 'new' })
    await phone.call('enrol', await server.link(), pin)
    expect(await phone.call('state')).toMatchObject({ kind: 'open', questionnaire: { id: 'small' } })
  })

  it('keeps a draft through the death of the browser, and asks for the PIN', async () => {
    const draft = await phone.call('startDraft', { area: '1234567890', practice: false })
    const { answers } = draftOf(hashed(smallQuestionnaire), 'x')
    await phone.call('saveDraft', { ...draft, answers, place: { screen: 'question', at: { name: 'rooms' } } })
    await phone.kill()
    expect(await phone.open()).toMatchObject({ kind: 'locked', waitSeconds: 0 })
    expect(await phone.call('unlock', '000000')).toBe(false)
    expect(await phone.call('unlock', pin)).toBe(true)
    expect(await phone.call('records')).toMatchObject([{ id: draft.id, state: 'draft', label: planted.home }])
    expect(await phone.call('openDraft', draft.id)).toMatchObject({ answers, place: { screen: 'question', at: { name: 'rooms' } } })
  })

  it('writes what changed beside the draft, and the whole of it when it locks', async () => {
    const draft = await phone.call('openDraft', (await phone.call('records'))[0]?.id ?? '')
    const journal = () =>
      phone.page().evaluate(async () => {
        const keep = await globalThis.tala.openIndexedDbKeep()
        const ids = await keep.ids('journal')
        keep.close()
        return ids.length
      })
    const before = await journal()
    await phone.call('saveDraft', { ...draft, edits: draft.edits + 1 })
    expect(await journal()).toBe(before + 1)
    await phone.call('lock')
    expect(await journal()).toBe(0)
    expect(await phone.call('unlock', pin)).toBe(true)
    expect(await phone.call('openDraft', draft.id)).toEqual({ ...draft, edits: draft.edits + 1 })
  })

  it('completes the draft, sends it and shows accepted', async () => {
    const [summary] = await phone.call('records')
    const done = await phone.call('completeDraft', await phone.call('openDraft', summary?.id ?? ''))
    expect(done.withdrawalCode).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/)
    await phone.call('sync')
    expect(await phone.call('records')).toMatchObject([
      { id: done.id, state: 'received', label: planted.home, withdrawalCode: done.withdrawalCode },
    ])
    await server.receiptAll()
    await phone.call('sync')
    expect(await phone.call('records')).toMatchObject([{ id: done.id, state: 'accepted' }])
    expect(await phone.call('syncState')).toMatchObject({ onThisPhone: 0, sent: 1, trouble: null })
  })

  it('opens a held record again as a correction, and forgets the answers once that is accepted', async () => {
    const { answers } = draftOf(hashed(smallQuestionnaire), 'x')
    const first = await phone.call('completeDraft', {
      ...(await phone.call('startDraft', { area: '1234567890', practice: false })),
      answers,
    })
    await phone.call('sync')
    await server.receiptAll('held', false, [{ code: 'age-implausible', name: 'age', row: 'p2' }])
    await phone.call('sync')
    const listed = (await phone.call('records')).find(({ id }) => id === first.id)
    expect(listed).toMatchObject({ state: 'held', reasons: [{ code: 'age-implausible', name: 'age', row: 'p2' }] })
    const device = first.id.split(':')[1] ?? ''
    for (const [text, time] of [
      ['Please look again.', 1],
      ['Ask for the age of the second person.', 2],
    ] as const)
      await sendComment(server.stores.office, device, { text, record: first.id }, new Date(Date.UTC(2026, 10, time)))
    await phone.call('sync')
    expect((await phone.call('records')).find(({ id }) => id === first.id)?.comment).toBe('Ask for the age of the second person.')
    const correction = await phone.call('correct', first.id)
    expect(correction).toMatchObject({ kind: 'correction', replaces: first.id, answers })
    const second = await phone.call('completeDraft', correction)
    await phone.call('sync')
    await server.receiptAll('accepted', false)
    await phone.call('sync')
    expect((await phone.call('records')).find(({ id }) => id === second.id)).toMatchObject({ state: 'accepted' })
    await expect(phone.call('correct', first.id)).rejects.toThrow('phone.no-copy')
    await expect(phone.call('correct', second.id)).rejects.toThrow('phone.no-copy')
  })

  it('shows what the supervisor wrote about no record at all, the newest first', async () => {
    const { device = '' } = (await phone.call('state')) as { device?: string }
    for (const [text, time] of [
      ['Meet at the hall at eight.', 3],
      ['Thank you for yesterday.', 4],
    ] as const)
      await sendComment(server.stores.office, device, { text, record: null }, new Date(Date.UTC(2026, 10, time)))
    await phone.call('sync')
    expect((await phone.call('notices')).map(({ text }) => text)).toEqual(['Thank you for yesterday.', 'Meet at the hall at eight.'])
  })

  it('takes an interview back: the answers leave the phone at once, and the server hears which record it is', async () => {
    const { answers } = draftOf(hashed(smallQuestionnaire), 'x')
    const done = await phone.call('completeDraft', {
      ...(await phone.call('startDraft', { area: '1234567890', practice: false })),
      answers,
    })
    await phone.call('withdraw', done.id, 'asked-later')
    await expect(phone.call('correct', done.id)).rejects.toThrow('phone.no-copy')
    await phone.call('sync')
    expect((await server.records()).find(({ replaces }) => replaces === done.id)).toMatchObject({ kind: 'withdrawal' })
  })

  it('never sends a practice interview', async () => {
    const before = (await server.records()).length
    const draft = await phone.call('startDraft', { area: '1234567890', practice: true })
    await phone.call('completeDraft', { ...draft, answers: draftOf(hashed(smallQuestionnaire), 'x').answers })
    await phone.call('sync')
    expect(await server.records()).toHaveLength(before)
    expect((await phone.call('records')).map(({ id }) => id)).not.toContain(draft.id)
  })
})
