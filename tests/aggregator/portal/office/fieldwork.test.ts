import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { visitAs, type Visitor } from '../../../support/office-visitor.ts'
import { openTestOffice, type TestOffice } from '../../../support/test-office.ts'

let house: TestOffice
let supervisor: Visitor
let villages: readonly string[] = []
const statusOf = async (record: string) =>
  house.office.warehouse.read(async (connection) =>
    String((await connection.runAndReadAll('select status from ledger where record_id = $record', { record })).getRows()[0]?.[0]),
  )

beforeAll(async () => {
  house = await openTestOffice()
  supervisor = await visitAs(house, { login: 'amina', roles: ['supervisor'] })
  const { areas, id } = await house.office.round()
  villages = areas.filter(({ level }) => level === 'barangay').map(({ code }) => code)
  await house.office.warehouse.write(async (connection) => {
    for (const [record, village] of [
      ['one', 0],
      ['two', 0],
      ['three', 1],
    ] as const)
      await connection.run(
        `insert into ledger (record_id, rev, sha256, kind, root, device, round, area, status, received, consent_interview)
         values ($record, '1', 'ab', 'interview', $record, 'phone1', $round, $area, 'held', 1, true)`,
        { record, round: id, area: villages[village] ?? '' },
      )
    await connection.run(`insert into flag (record_id, code, severity, name) values ('one', 'twin-household', 'blocking', 'A05')`)
  })
})
afterAll(() => house.remove())

describe('the page of field work', () => {
  it('shows why a record waits, by check and question, never by answer', async () => {
    const { text } = await supervisor.get('/office/fieldwork')
    expect(text).toContain('twin household: Can other people hear us now?')
  })

  it('accepts', async () => {
    expect((await supervisor.post('/office/fieldwork/decide', { record: 'one', decided: 'accept' })).text).toContain(
      'it counts from now on',
    )
    expect(await statusOf('one')).toBe('accepted')
  })

  it('returns with a comment that the phone of the record gets, and not without one', async () => {
    expect((await supervisor.post('/office/fieldwork/decide', { record: 'two', decided: 'return' })).status).toBe(400)
    await supervisor.post('/office/fieldwork/decide', { record: 'two', decided: 'return', comment: 'Count the children again.' })
    expect(await statusOf('two')).toBe('held')
    expect(await house.office.stores.office.list('comment:phone1:')).toEqual([
      expect.objectContaining({ text: 'Count the children again.', record: 'two' }),
    ])
  })

  it('keeps a supervisor of one area away from the records of another', async () => {
    const ben = await visitAs(house, { login: 'ben', roles: ['supervisor'], areas: [villages[0] ?? ''] })
    expect((await ben.get('/office/fieldwork')).text).toContain('Nothing waits.')
    expect((await ben.post('/office/fieldwork/decide', { record: 'three', decided: 'accept' })).status).toBe(404)
    expect(await statusOf('three')).toBe('held')
  })

  it.each(['administrator', 'statistician', 'custodian', 'reader', 'enumerator'] as const)('is closed to a %s', async (role) => {
    const someone = await visitAs(house, { login: `a-${role}`, roles: [role] })
    expect((await someone.get('/office/fieldwork')).status).toBe(403)
  })
})
