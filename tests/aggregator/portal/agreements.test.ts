import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import writeExcelFile from 'write-excel-file/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestOffice, type TestOffice } from '../../support/test-office.ts'

let house: TestOffice
let key = ''
const pull = (path: string, authorization?: string) =>
  fetch(`${house.url}/api/v1/extracts${path}`, authorization === undefined ? {} : { headers: { authorization } })

beforeAll(async () => {
  house = await openTestOffice()
  key = (await house.office.agreements.create({ who: 'Ministry', purpose: 'planning', until: '2099-01-01' })).key
  const folder = join(house.folder, 'releases', '2026-r1')
  await mkdir(join(folder, 'tables'), { recursive: true })
  await writeFile(join(folder, 'manifest.json'), JSON.stringify({ id: '2026-r1', published: '2026-11-21T00:00:00Z', round: '2026' }))
  await writeFile(join(folder, 'tables', 'MIG01.csv'), 'INDICATOR\n')
})
afterAll(() => house.remove())

describe('pulling an extract', () => {
  it('needs the key of an agreement', async () => {
    expect((await pull('')).status).toBe(401)
    expect((await pull('', 'Bearer tala_000000000000_0000000000000000000000000000000000000000000')).status).toBe(401)
  })

  it('says the same of an unknown, an ended and a revoked key', async () => {
    const ended = (await house.office.agreements.create({ who: 'Ministry', purpose: 'planning', until: '2020-01-01' })).key
    const revoked = await house.office.agreements.create({ who: 'Ministry', purpose: 'planning', until: '2099-01-01' })
    await house.office.agreements.revoke(revoked.agreement.id)
    const answers = await Promise.all(
      ['tala_000000000000_0000000000000000000000000000000000000000000', ended, revoked.key].map(async (each) => {
        const { instance: _instance, ...body } = (await (await pull('', `Bearer ${each}`)).json()) as Record<string, unknown>
        return body
      }),
    )
    expect(new Set(answers.map((each) => JSON.stringify(each))).size).toBe(1)
  })

  it('gives one file, or everything as one archive', async () => {
    expect(await (await pull('/2026-r1', `Bearer ${key}`)).json()).toEqual({
      release: '2026-r1',
      files: ['manifest.json', 'tables/MIG01.csv'],
    })
    expect(await (await pull('/2026-r1/files/tables/MIG01.csv', `Bearer ${key}`)).text()).toBe('INDICATOR\n')
    const archive = unzipSync(new Uint8Array(await (await pull('/2026-r1.zip', `Bearer ${key}`)).arrayBuffer()))
    expect(Object.keys(archive)).toEqual(['manifest.json', 'tables/MIG01.csv'])
  })

  it.each(['/2026-r1/files/..%2f..%2fkeys', '/2026-r1/files/%2e%2e/%2e%2e/audit/chain.jsonl', '/..%2fkeys', '/nope'])(
    'opens nothing outside the release: %s',
    async (path) => {
      expect((await pull(path, `Bearer ${key}`)).status).toBe(404)
    },
  )

  it('is in the audit chain, and the chain holds no key', async () => {
    const chain = await readFile(join(house.folder, 'audit', 'chain.jsonl'), 'utf8')
    expect(chain).toContain('"action":"pull","subject":"release:2026-r1"')
    expect(chain).not.toContain(key.slice(-20))
  })

  it('is possible for nobody who reads the office store: only a hash of the secret lies there', async () => {
    expect(JSON.stringify(await house.office.agreements.list())).not.toContain(key.split('_')[2])
  })
})

describe('the office page', () => {
  it('lets in by a one-time code, and a used code opens nothing', async () => {
    const code = house.office.entrance.issue()
    const enter = () => fetch(`${house.url}/office/enter`, { method: 'POST', body: new URLSearchParams({ code }), redirect: 'manual' })
    const first = await enter()
    expect([first.status, first.headers.get('set-cookie')]).toEqual([303, expect.stringMatching(/HttpOnly.*SameSite=Strict/)])
    expect((await enter()).status).toBe(403)
    const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? ''
    expect(await (await fetch(`${house.url}/office`, { headers: { cookie } })).text()).toContain('Invite a phone')
  })

  it('shows nothing without a session', async () => {
    expect((await fetch(`${house.url}/office`, { redirect: 'manual' })).status).toBe(303)
  })

  it('refuses a form that another site sends', async () => {
    const cookie = `tala-office=${house.office.sessions.start('terminal')}`
    const response = await fetch(`${house.url}/office/release`, {
      method: 'POST',
      headers: { cookie, 'sec-fetch-site': 'cross-site' },
      body: new URLSearchParams({}),
    })
    expect(response.status).toBe(403)
  })

  it('checks a survey that is dropped on it, by sheet and row, and says what it cannot read', async () => {
    const cookie = `tala-office=${house.office.sessions.start('terminal')}`
    const drop = (body: Uint8Array<ArrayBuffer>) =>
      fetch(`${house.url}/office/check?name=own.xlsx`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/octet-stream' },
        body,
      })
    const sheets = [
      {
        sheet: 'survey',
        data: [
          ['type', 'name', 'label', 'relevant'],
          ['text', 'town', 'Which town?', ''],
          ['integer', 'rooms', 'How many rooms?', '${twon} = 1'],
        ],
      },
      { sheet: 'choices', data: [['list_name', 'name', 'label']] },
    ]
    const good = await drop(new Uint8Array(await writeExcelFile(sheets).toBuffer()))
    expect([good.status, await good.text()]).toEqual([200, expect.stringMatching(/<td>survey<\/td><td>3<\/td><td>relevant<\/td>/)])
    const bad = await drop(new TextEncoder().encode('not a workbook'))
    expect([bad.status, await bad.text()]).toEqual([422, expect.stringContaining('role="alert"')])
    expect((await fetch(`${house.url}/office/check`, { redirect: 'manual' })).status).toBe(303)
  })
})
