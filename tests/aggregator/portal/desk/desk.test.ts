import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { roles } from '../../../../aggregator/accounts/role.ts'
import type { SampleDesign } from '../../../../schemas/generated/records.ts'
import { storeListing } from '../../../../aggregator/fieldwork/listings.ts'
import { storeDesign } from '../../../../aggregator/fieldwork/designs.ts'
import { tableLines } from '../../../support/table-lines.ts'
import { visitAs, type Visitor } from '../../../support/office-visitor.ts'
import { openTestOffice, type TestOffice } from '../../../support/test-office.ts'

let house: TestOffice
let statistician: Visitor
let villages: readonly string[] = []

beforeAll(async () => {
  house = await openTestOffice()
  statistician = await visitAs(house, { login: 'amina', roles: ['statistician'] })
  const round = await house.office.round()
  villages = round.areas.filter(({ level }) => level === 'barangay').map(({ code }) => code)
  const questionnaire = await house.office.questionnaire(round.questionnaire)
  await house.office.warehouse.write(async (connection) => {
    for (const [index, people] of [6, 4].entries()) {
      await connection.run(
        `insert into household (record_id, household_key, round, area) select 'r' || $area || i, md5($area || i)::uuid, $round, $area from range($people) t(i)`,
        { area: villages[index] ?? '', round: round.id, people },
      )
      await connection.run(
        `insert into household_person (record_id, household_key, round, area, questionnaire_version, person_key, row_position, B03, age, B06)
         select 'r' || $area || i, md5($area || i)::uuid, $round, $area, $version, uuid(), 1, 'f', 30, '1' from range($people) t(i)`,
        { area: villages[index] ?? '', round: round.id, version: questionnaire?.version ?? '', people },
      )
    }
    await connection.run(
      `insert into ledger (record_id, rev, sha256, kind, root, device, round, area, status, received, household_key, consent_interview)
       select 'r' || i, '1', '', 'interview', 'r' || i, 'd', $round, $area, case when i = 0 then 'held' else 'accepted' end, i, uuid(), true from range(4) t(i)`,
      { round: round.id, area: villages[0] ?? '' },
    )
    await connection.run(`insert into flag (record_id, code, severity) values ('r0', 'short-interview', 'warning')`)
  })
  await storeListing(house.office.stores.office, { round: round.id, homes: { [villages[0] ?? '']: 6 } })
})
afterAll(() => house.remove())

describe('the desk', () => {
  it('is for statisticians; only the plan is open to the custodian too', async () => {
    const pages = ['', '/table', '/definitions', '/plan', '/query', '/notebook'].map((page) => `/office/desk${page}`)
    for (const role of roles.filter((each) => each !== 'statistician')) {
      const someone = await visitAs(house, { login: `a-${role}`, roles: [role] })
      const open = await Promise.all(pages.map(async (page) => ((await someone.get(page)).status === 200 ? [page] : [])))
      expect(open.flat(), role).toEqual(role === 'custodian' ? ['/office/desk/plan'] : [])
    }
  })

  it('says on every page that nothing here is for release', async () => {
    for (const page of ['', '/table', '/definitions', '/plan', '/query', '/notebook'])
      expect((await statistician.get(`/office/desk${page}`)).text, page).toContain('Not for release.')
  })

  it('shows coverage and what the checks found', async () => {
    const { text } = await statistician.get('/office/desk')
    // Listed 6, visited 4: 3 interviewed, 1 held.
    expect(text).toContain(`<td>6</td><td>4</td><td>3</td><td>1</td>${'<td>0</td>'.repeat(4)}<td>75 %</td>`)
    expect(text).toContain('short-interview')
  })

  it('makes a working table, by address, as page, CSV and JSON', async () => {
    const page = await statistician.get('/office/desk/table?indicator=POP01&by=SEX')
    expect(page.text).toContain('<td>10</td>')
    const csv = await statistician.get('/office/desk/table?indicator=POP01&by=SEX&format=csv')
    expect(csv.text.split('\n')[1]).toMatch(/^POP01,.*not for release$/)
    const json = tableLines((await statistician.get(`/office/desk/table?indicator=POP01&area=${villages[1]}&format=json`)).text)
    expect(json).toEqual([expect.objectContaining({ REF_AREA: villages[1], value: 4 })])
  })

  it('weighs by the design of the round, and gives intervals with it', async () => {
    const { id: round } = await house.office.round()
    const [first = '', second = ''] = villages
    const areas = [
      { area: first, stratum: 's', cluster: '1', weight: 10 },
      { area: second, stratum: 's', cluster: '2', weight: 30 },
    ]
    const design: SampleDesign = { schema: 'sample-design/1', round, kind: 'sample', areas, strata: [], nonresponse: 'none' }
    await storeDesign(house.office.stores.office, design)
    const { text } = await statistician.get('/office/desk/table?indicator=POP01')
    expect(text).toContain('<td>180</td>')
    expect(text).toMatch(/<td>0 to [\d,.]+ U<\/td>/)
    await storeDesign(house.office.stores.office, { ...design, kind: 'census', areas: [] })
    expect((await statistician.get('/office/desk/table?indicator=POP01')).text).not.toContain('95 % interval')
  })

  it('shows a person with an area limit that area only, never the total', async () => {
    const ben = await visitAs(house, { login: 'ben', roles: ['statistician'], areas: [villages[1] ?? ''] })
    const rows = tableLines((await ben.get('/office/desk/table?indicator=POP01&format=json')).text)
    expect(rows.map(({ REF_AREA }) => REF_AREA)).toEqual([villages[1]])
    expect(tableLines((await ben.get(`/office/desk/table?indicator=POP01&area=${villages[0]}&format=json`)).text)).toEqual([])
    expect((await ben.get('/office/desk')).text).not.toContain('short-interview')
    expect((await ben.post('/office/desk/query', { sql: 'select count(*) as n from people' })).text).toContain('<td>4</td>')
  })

  it('runs a query, says what is wrong with one, and writes both into the audit chain without their text', async () => {
    expect((await statistician.post('/office/desk/query', { sql: 'select count(*) as n from people' })).text).toContain('<td>10</td>')
    const refused = await statistician.post('/office/desk/query', { sql: 'select * from vault' })
    expect(refused).toMatchObject({ status: 422, text: expect.stringContaining('Only homes and people') })
    const chain = await readFile(join(house.folder, 'audit', 'chain.jsonl'), 'utf8')
    expect(chain.match(/"actor":"person:amina","action":"query"/g)?.length).toBe(2)
    expect(chain).not.toContain('vault')
  })

  it('previews the release plan', async () => {
    const { text } = await statistician.get('/office/desk/plan')
    expect(text).toMatch(/\d+ tables of [\d,]+ cells are planned/)
    expect(text).toContain('More than half of it is small')
  })

  it('keeps tables in a notebook, and nothing that is no page of the desk', async () => {
    await statistician.post('/office/desk/notebook/save', { title: 'Women', path: '/office/desk/table?indicator=POP01&by=SEX' })
    expect((await statistician.get('/office/desk/notebook')).text).toContain('Women')
    expect((await statistician.post('/office/desk/notebook/save', { title: 'x', path: 'https://elsewhere.example' })).status).toBe(400)
    await statistician.post('/office/desk/notebook/remove', { path: '/office/desk/table?indicator=POP01&by=SEX' })
    expect((await statistician.get('/office/desk/notebook')).text).not.toContain('Women')
  })
})
