import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isDue, reconciliations } from '../../aggregator/fieldwork/reconciliations.ts'
import { pouchStore } from '../../aggregator/inbox/pouch-store.ts'
import { reconcileNow } from '../../aggregator/reconcile-nightly.ts'
import { memoryPouch } from '../contracts/memory-pouch.ts'
import { type Field, openField, recordId } from './ingest/field.ts'

let field: Field
beforeEach(async () => {
  field = await openField()
})
afterEach(() => field.close())

const office = pouchStore(memoryPouch())
const night = () => {
  const stores = { inboxAsStored: field.inbox, quarantine: field.quarantine, office }
  const log = { info() {}, warn() {}, error() {} }
  return reconcileNow({ ...field, stores: stores as never, log, now: () => new Date('2026-11-22T02:00:00Z') })
}
const inWarehouse = async () => (await field.rows('select record_id from ledger order by 1')).map(([id]) => id)

describe('the night', () => {
  it('finds the same records in inbox and warehouse, those that are held and cannot be read among them', async () => {
    await field.send({ number: 1 })
    const broken = await field.seal({ number: 2, device: 'device02' })
    await field.put({ ...broken, sha256: 'f'.repeat(64) })
    expect(await night()).toMatchObject({ records: 2, devices: 2, replayed: false, incidents: [] })
  })

  it('brings back what the warehouse lost, without counting anything twice', async () => {
    for (const number of [1, 2, 3]) await field.send({ number })
    await field.ingest.once()
    await field.warehouse.write(async (connection) => {
      for (const table of ['ledger', 'home', 'home_person', 'receipt'])
        await connection.run(`delete from ${table} where record_id = $id`, { id: recordId(2) })
    })
    expect(await night()).toMatchObject({ replayed: true, incidents: [] })
    expect(await inWarehouse()).toEqual([1, 2, 3].map((number) => recordId(number)))
    expect(await field.rows('select count(*)::integer from home')).toEqual([[3]])
  })

  it('tells the office which phone and day differ when reading again does not help', async () => {
    await field.send({ number: 1 })
    await field.ingest.once()
    await field.warehouse.write(
      async (connection) => void (await connection.run(`update ledger set sha256 = $other`, { other: 'a'.repeat(64) })),
    )
    await night()
    const [report] = await reconciliations(office)
    expect(report).toMatchObject({
      when: '2026-11-22T02:00:00.000Z',
      replayed: true,
      incidents: [{ device: 'device01', inbox: 1, warehouse: 1 }],
    })
    expect(JSON.stringify(report)).not.toContain('xor')
  })

  it('comes once a day, and at once when it was missed', () => {
    const at = (hour: number, day = 22) => new Date(2026, 10, day, hour)
    expect(isDue(undefined, at(12))).toBe(true)
    expect(isDue(at(2).toISOString(), at(12))).toBe(false)
    expect(isDue(at(2).toISOString(), at(1, 23))).toBe(false)
    expect(isDue(at(2).toISOString(), at(2, 23))).toBe(true)
    expect(isDue(at(2, 19).toISOString(), at(9))).toBe(true)
  })
})
