import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { differences, reconcile, tallied, tallyInbox, type Tallies, type Tally } from '../../../aggregator/inbox/reconcile.ts'
import { pouchStore } from '../../../aggregator/inbox/pouch-store.ts'
import { memoryPouch } from '../../contracts/memory-pouch.ts'
import { stamped, TestPhone, type Pushed } from '../../contracts/test-phone.ts'

const phone = (id: string) => Object.assign(new TestPhone('http://nowhere'), { id })
const tallyOf = (records: readonly Pushed[]): Tallies => {
  const made = new Map<string, Tally>()
  for (const { _id, finished, sha256 } of records)
    made.set(`${_id.split(':')[1]} ${finished}`, tallied(made.get(`${_id.split(':')[1]} ${finished}`), sha256))
  return made
}

describe('a tally', () => {
  it('is the same for the same records in any order, and another for any other set', () => {
    const hash = fc.string({ unit: fc.constantFrom('0', '1', '7', '8', 'a', 'f'), minLength: 64, maxLength: 64 })
    const sum = (hashes: readonly string[]) => hashes.reduce<Tally | undefined>(tallied, undefined)
    fc.assert(
      fc.property(fc.uniqueArray(hash, { minLength: 2, maxLength: 8 }), (hashes) => {
        expect(sum(hashes)).toEqual(sum(hashes.toReversed()))
        expect(sum(hashes)).not.toEqual(sum(hashes.slice(1)))
        expect(sum([...hashes.slice(1), hashes[1] ?? ''])).not.toEqual(sum(hashes))
      }),
    )
  })
})

describe('the nightly reconciliation', () => {
  const [ana, ben] = [phone('anaphone23456789'), phone('benphone23456789')]
  const records = [ana.record(), ana.record(), stamped({ ...ana.record(), finished: '2026-11-20' }), ben.record()]

  it('finds nothing when inbox and warehouse hold the same', async () => {
    const store = pouchStore(memoryPouch())
    await store.bulkWrite(records.map((each) => ({ ...each })))
    expect(await tallyInbox(store, 2)).toEqual(tallyOf(records))
    expect(
      await reconcile({ inbox: store, ledger: async () => tallyOf(records), replay: () => Promise.reject(new Error('not needed')) }),
    ).toEqual({ replayed: false, incidents: [] })
  })

  it('reads again what ingest missed', async () => {
    const store = pouchStore(memoryPouch())
    await store.bulkWrite(records.map((each) => ({ ...each })))
    let loaded = records.slice(1)
    const replay = async () => {
      loaded = records
    }
    expect(await reconcile({ inbox: store, ledger: async () => tallyOf(loaded), replay })).toEqual({ replayed: true, incidents: [] })
  })

  it('names device and day when reading again does not help, also when only contents differ', async () => {
    const store = pouchStore(memoryPouch())
    await store.bulkWrite(records.map((each) => ({ ...each })))
    const [first, ...rest] = records
    const other = stamped({ ...(first ?? ana.record()), kind: 'listing' })
    const { incidents } = await reconcile({ inbox: store, ledger: async () => tallyOf([other, ...rest]), replay: async () => {} })
    expect(incidents).toMatchObject([{ device: 'anaphone23456789', day: '2026-11-21', inbox: { count: 2 }, warehouse: { count: 2 } }])
  })

  it('reports what only the warehouse has: the inbox was restored', () => {
    expect(differences(new Map(), tallyOf(records.slice(3)))).toMatchObject([
      { device: 'benphone23456789', inbox: { count: 0 }, warehouse: { count: 1 } },
    ])
  })

  it('does not count what was purged', async () => {
    const store = pouchStore(memoryPouch())
    await store.bulkWrite(records.map((each) => ({ ...each })))
    await store.purge([records[0]?._id ?? ''])
    expect(await tallyInbox(store)).toEqual(tallyOf(records.slice(1)))
  })
})
