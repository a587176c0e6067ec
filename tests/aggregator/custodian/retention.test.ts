import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import memoryAdapter from 'pouchdb-adapter-memory'
import PouchDB from 'pouchdb-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { applyRetention, retentionRules } from '../../../aggregator/custodian/retention.ts'
import { markBackedUp } from '../../../aggregator/warehouse/receipts.ts'
import { failuresOf } from '../../../aggregator/fieldwork/failures.ts'
import { reconciliations } from '../../../aggregator/fieldwork/reconciliations.ts'
import type { DocumentStore } from '../../../aggregator/inbox/document-store.ts'
import { pouchStore } from '../../../aggregator/inbox/pouch-store.ts'
import { type Field, openField, recordId } from '../ingest/field.ts'

PouchDB.plugin(memoryAdapter)
let opened = 0
const memoryOffice = () => pouchStore(new PouchDB(`retention-${opened++}`, { adapter: 'memory' }))

let field: Field
let office: DocumentStore
beforeEach(async () => {
  field = await openField()
  office = memoryOffice()
  await field.send({ number: 1, interview: { finished: '2026-11-02T08:03:00+08:00' } })
  await field.ingest.once()
  await field.warehouse.write((connection) => markBackedUp(connection, 1))
})
afterEach(() => field.close())

const apply = async (today: string, dryRun = false) => {
  const report = await applyRetention({ ...field, office }, today, dryRun)
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
    expect(await apply('2026-12-01')).toEqual({ logs: 0, identities: 0, 'sealed-originals': 0, paradata: 0, 'pseudonymized-rows': 0 })
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
    expect(await apply('2036-11-01')).toEqual({ logs: 0, identities: 0, 'sealed-originals': 0, paradata: 0, 'pseudonymized-rows': 0 })
  })

  it('never removes the only sealed copy of a record that is in no backup', async () => {
    await field.send({ number: 2 })
    await field.ingest.once()
    await apply('2027-11-03')
    expect(await field.inbox.read([recordId(2)])).toHaveLength(1)
  })

  it('of the office’s own logs takes entry by entry, whatever phone or night it is about', async () => {
    const failure = (when: string) => ({ when, kind: 'refuse', id: 'r:device01:one', reason: 'too-large' })
    const [old, young] = [failure('2026-11-03T08:00:00.000Z'), failure('2026-12-24T08:00:00.000Z')]
    await office.put({ _id: 'failures:device01', schema: 'failures/1', failures: [old, young] })
    await office.put({ _id: 'failures:device02', schema: 'failures/1', failures: [old] })
    await office.put({ _id: 'reconciliations', schema: 'reconciliations/1', reports: [young, old] })
    expect(await apply('2027-02-02', true)).toMatchObject({ logs: 3 })
    expect(await failuresOf(office, 'device01')).toEqual([old, young])
    expect(await apply('2027-02-02')).toMatchObject({ logs: 3 })
    expect([await failuresOf(office, 'device01'), await failuresOf(office, 'device02'), await reconciliations(office)]).toEqual([
      [young],
      [],
      [young],
    ])
    expect(readFileSync(join(field.folder, 'audit.jsonl'), 'utf8')).toMatch(
      /"retention.applied","subject":"logs","facts":\{"before":"2026-11-04","records":3\}/,
    )
  })
})
