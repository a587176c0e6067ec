import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storeListing } from '../../../../aggregator/fieldwork/listings.ts'
import { visitAs, type Visitor } from '../../../support/office-visitor.ts'
import { openTestOffice, type TestOffice } from '../../../support/test-office.ts'

let house: TestOffice
let supervisor: Visitor
let [here, there] = ['', '']

/** Two homes of two villages with a member of the same name, birth month, sex and country; and a phone much faster than four others. */
beforeAll(async () => {
  house = await openTestOffice()
  supervisor = await visitAs(house, { login: 'amina', roles: ['supervisor'] })
  const { areas, id: round } = await house.office.round()
  ;[here = '', there = ''] = areas.filter(({ level }) => level === 'barangay').map(({ code }) => code)
  await storeListing(house.office.stores.office, { round, homes: { [here]: 9, [there]: 4 } })
  await house.office.warehouse.write(async (connection) => {
    for (const [at, area] of [here, there].entries()) {
      const values = { record: `twin${at}`, round, area }
      await connection.run(
        `insert into ledger (record_id, rev, sha256, kind, root, device, round, area, status, received, household_key, consent_interview, consent_linking, minutes, members)
         values ($record, '1', '', 'interview', $record, 'phone-' || $record, $round, $area, 'accepted', 1, md5($record)::uuid, true, true, 42, 4)`,
        values,
      )
      await connection.run(
        `insert into household_person (record_id, household_key, round, area, person_key, row_position, B03, B09, E03)
         values ($record, md5($record)::uuid, $round, $area, md5($record)::uuid, 0, 'F', '2', '30')`,
        values,
      )
      await connection.run(`insert into link_token values ($record, md5($record)::uuid, md5('amihan')::uuid)`, { record: `twin${at}` })
    }
    await connection.run(
      `insert into ledger (record_id, rev, sha256, kind, root, device, round, area, status, received, household_key, consent_interview, minutes, members)
       select 'p' || i, '1', '', 'interview', 'p' || i, 'phone' || i, $round, $area, 'accepted', i, uuid(), true, case i when 0 then 6 else 40 + i end, 4
       from range(5) t(i)`,
      { round, area: here },
    )
  })
})
afterAll(() => house.remove())

describe('the page of what records beside each other show', () => {
  it('holds homes against the listing', async () => {
    const { text } = await supervisor.get('/office/fieldwork/quality')
    expect(text).toContain('<td>9</td><td>6</td><td>6</td>')
    expect(text).toContain('<td>4</td><td>1</td><td>1</td>')
  })

  it('marks the phone whose figures lie far from those of the others', async () => {
    const { text } = await supervisor.get('/office/fieldwork/quality')
    expect(text).toContain('<strong>6 unusual</strong>')
    expect(text.match(/unusual<\/strong>/g)).toHaveLength(1)
  })

  it('shows people who may be counted twice by record and place in the roster', async () => {
    const { text } = await supervisor.get('/office/fieldwork/quality')
    expect(text).toMatch(/member 1 <small>twin0<\/small>.*member 1 <small>twin1<\/small>.*2 of 2/)
  })

  it('sends each of them to the records that wait, where a decision takes it off', async () => {
    expect((await supervisor.get('/office/fieldwork')).text.match(/possible duplicate person/g)).toHaveLength(2)
    await supervisor.post('/office/fieldwork/decide', { record: 'twin1', decided: 'accept' })
    expect((await supervisor.get('/office/fieldwork')).text.match(/possible duplicate person/g)).toHaveLength(1)
  })

  it('shows a supervisor of one area that area, and of a pair across the border the own side only', async () => {
    const ben = await visitAs(house, { login: 'ben', roles: ['supervisor'], areas: [there] })
    const { text } = await ben.get('/office/fieldwork/quality')
    expect(text).toMatch(/<small>twin1<\/small>/)
    expect(text).toContain('a home of another area')
    expect(text).not.toContain('twin0')
    expect(text).not.toContain('phone0')
    expect(text).not.toContain('<td>9</td>')
  })

  it.each(['administrator', 'statistician', 'custodian', 'reader', 'enumerator'] as const)('is closed to a %s', async (role) => {
    const someone = await visitAs(house, { login: `a-${role}`, roles: [role] })
    expect((await someone.get('/office/fieldwork/quality')).status).toBe(403)
  })
})
