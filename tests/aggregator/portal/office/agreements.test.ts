import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { conditions } from '../../../../aggregator/portal/agreements/agreement.ts'
import { openTestOffice, type TestOffice } from '../../../support/test-office.ts'
import { visitAs, type Visitor } from '../../../support/office-visitor.ts'

let house: TestOffice
let ministry: Visitor
let custodian: Visitor
const asked = {
  who: 'Ministry of Labour',
  purpose: 'plan',
  words: 'Planning training places for people who return',
  indicators: 'MIG01, EDU01',
  from: '2026-01-01',
  until: '2027-12-31',
  ...Object.fromEntries(conditions.map(({ code }) => [`answer-${code}`, 'In place'])),
}

beforeAll(async () => {
  house = await openTestOffice()
  ministry = await visitAs(house, { login: 'ministry', roles: ['reader'] })
  custodian = await visitAs(house, { login: 'officer', roles: ['custodian'] })
  for (const file of ['manifest.json', 'tables/MIG01.csv', 'tables/POP01.csv', 'internal/certificate.json', 'records/sample.csv']) {
    const path = join(house.folder, 'releases', '2026-r1', file)
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, JSON.stringify({ id: '2026-r1', published: '2026-11-21T00:00:00Z', round: '2026' }))
  }
})
afterAll(() => house.remove())

const lastId = async () => (await house.office.agreements.list()).find(({ state }) => state === 'requested')?.id ?? ''
const pull = async (path: string, key: string) =>
  (await fetch(`${house.url}/api/v1/extracts${path}`, { headers: { authorization: `Bearer ${key}` } })).json() as Promise<
    Record<string, unknown>
  >

describe('an office that wants an extract', () => {
  it.each(conditions.map(({ code, label }) => [label, code]))('answers first: %s', async (label, code) => {
    const answer = await ministry.post('/office/agreements/ask', { ...asked, [`answer-${code}`]: '' })
    expect(answer).toMatchObject({ status: 400, text: expect.stringContaining(label ?? '') })
  })

  it.each([
    ['a purpose that is none', { purpose: 'enforcement' }],
    ['no sentence', { words: 'planning' }],
    ['an end that has passed', { until: '2026-02-01' }],
    ['more than two years', { until: '2029-12-31' }],
  ])('is not taken with %s', async (_title, change) => {
    expect((await ministry.post('/office/agreements/ask', { ...asked, ...change })).status).toBe(400)
  })

  it('asks, waits, is approved by the data-protection officer, takes its key and pulls what was agreed', async () => {
    await ministry.post('/office/agreements/ask', asked)
    const id = await lastId()
    expect((await ministry.post('/office/agreements/key', { id })).status).toBe(403)
    expect((await custodian.get('/office')).text).toContain('1 waiting for a decision')
    await custodian.post('/office/agreements/decide', { id, decision: 'approve' })
    const key = /<code>(tala_[\w-]+)</.exec((await ministry.post('/office/agreements/key', { id })).text)?.[1] ?? ''
    expect(await pull('/2026-r1', key)).toEqual({ release: '2026-r1', files: ['manifest.json', 'tables/MIG01.csv'] })
    expect(await pull('/2026-r1/files/tables/POP01.csv', key)).toMatchObject({ status: 403 })
    expect(await pull('/2026-r1/files/records/sample.csv', key)).toMatchObject({ status: 403 })
    const seen = (await custodian.get('/office/audit?action=pull')).text
    expect(seen).toContain(`agreement:${id}`)
    expect(seen).toContain('release:2026-r1/tables/POP01.csv')
  })

  it('gets a new key that ends the old one', async () => {
    const { id } = (await house.office.agreements.list()).find(({ state }) => state === 'approved') ?? { id: '' }
    const keys = [await house.office.agreements.takeKey(id, 'ministry'), await house.office.agreements.takeKey(id, 'ministry')]
    expect(await Promise.all(keys.map(async (key) => (await pull('', key))['status']))).toEqual([401, undefined])
  })

  it('reads why it was refused, and everybody reads that somebody was', async () => {
    await ministry.post('/office/agreements/ask', asked)
    const id = await lastId()
    expect((await custodian.post('/office/agreements/decide', { id, decision: 'refuse' })).status).toBe(400)
    await custodian.post('/office/agreements/decide', { id, decision: 'refuse', why: 'The purpose does not need these indicators.' })
    expect((await ministry.get('/office/agreements')).text).toContain('does not need these indicators')
    const known = (await (await fetch(`${house.url}/api/v1/agreements`)).json()) as {
      requests: Record<string, number>
      agreements: object[]
    }
    expect(known.requests).toEqual({ asked: 2, requested: 0, approved: 1, refused: 1, revoked: 0 })
    expect(known.agreements).toEqual([
      expect.objectContaining({ who: 'Ministry of Labour', promise: expect.stringContaining('never for') }),
    ])
    expect(JSON.stringify(known)).not.toContain('secret')
    const page = await (await fetch(`${house.url}/agreements?lang=en`)).text()
    expect(page).toContain('2 requests so far: 1 approved, 1 refused, 0 taken back.')
    expect(page).toContain('Ministry of Labour')
  })

  it('is not decided twice, nor by who asked', async () => {
    const { id } = (await house.office.agreements.list()).find(({ state }) => state === 'refused') ?? { id: '' }
    expect((await custodian.post('/office/agreements/decide', { id, decision: 'approve' })).status).toBe(409)
    const both = await visitAs(house, { login: 'both', roles: ['reader', 'custodian'] })
    await both.post('/office/agreements/ask', asked)
    expect((await both.post('/office/agreements/decide', { id: await lastId(), decision: 'approve' })).status).toBe(403)
  })

  it('sees no request of another office', async () => {
    const other = await visitAs(house, { login: 'other', roles: ['reader'] })
    expect((await other.get('/office/agreements')).text).not.toContain('Ministry of Labour')
  })
})
