import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { applyRetention, retentionRules } from '../../../aggregator/custodian/retention.ts'
import { markBackedUp } from '../../../aggregator/warehouse/receipts.ts'
import { type Field, openField, recordId } from '../ingest/field.ts'

let field: Field
beforeEach(async () => {
  field = await openField()
  await field.send({ number: 1, interview: { finished: '2026-11-02T08:03:00+08:00' } })
  await field.ingest.once()
  await field.warehouse.write((connection) => markBackedUp(connection, 1))
})
afterEach(() => field.close())

const apply = async (today: string, dryRun = false) => {
  const report = await applyRetention(field, today, dryRun)
  return Object.fromEntries(report.map((line) => [line.class, line.records]))
}
const left = async () => ({
  identities: (await field.rows('select * from vault')).length,
  originals: (await field.inbox.read([recordId(1)])).length,
  flags: (await field.rows('select * from flag')).length,
  rows: (await field.rows('select * from home')).length,
})

describe('retention', () => {
  it('gives every class a period and a legal basis', () => {
    for (const { class: name, days, basis } of retentionRules) expect([name, days > 0, basis.length > 20]).toEqual([name, true, true])
  })

  it('removes nothing before its day', async () => {
    expect(await apply('2026-12-01')).toEqual({ identities: 0, 'sealed-originals': 0, paradata: 0, 'pseudonymized-rows': 0 })
  })

  it.each([
    ['2027-05-01', { identities: 1, originals: 1, flags: 1, rows: 1 }],
    ['2027-05-02', { identities: 0, originals: 1, flags: 1, rows: 1 }],
    ['2027-11-03', { identities: 0, originals: 0, flags: 1, rows: 1 }],
    ['2028-11-03', { identities: 0, originals: 0, flags: 0, rows: 1 }],
    ['2036-11-01', { identities: 0, originals: 0, flags: 0, rows: 0 }],
  ])('has by %s removed what was due', async (today, wanted) => {
    await apply(today)
    expect(await left()).toEqual(wanted)
  })

  it('in a dry run says the same and removes nothing', async () => {
    const before = await left()
    const counted = await apply('2036-11-01', true)
    expect(await left()).toEqual(before)
    expect(await apply('2036-11-01')).toEqual(counted)
    expect(await apply('2036-11-01')).toEqual({ identities: 0, 'sealed-originals': 0, paradata: 0, 'pseudonymized-rows': 0 })
  })

  it('never removes the only sealed copy of a record that is in no backup', async () => {
    await field.send({ number: 2 })
    await field.ingest.once()
    await apply('2027-11-03')
    expect(await field.inbox.read([recordId(2)])).toHaveLength(1)
  })
})
