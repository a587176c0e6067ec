import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deviceDay, reconcile, takeInventory, tallied, type Tallies, type Tally } from '../../../aggregator/inbox/reconcile.ts'
import { quarantined, release } from '../../../aggregator/inbox/quarantine.ts'
import { pouchStore } from '../../../aggregator/inbox/pouch-store.ts'
import { memoryPouch } from '../../contracts/memory-pouch.ts'
import { stamped, TestPhone, type Pushed } from '../../contracts/test-phone.ts'

const phone = (id: string) => Object.assign(new TestPhone('http://nowhere'), { id })
const tallyOf = (records: readonly Pushed[]): Tallies => {
  const made = new Map<string, Tally>()
  for (const { _id, sha256 } of records) made.set(deviceDay(_id), tallied(made.get(deviceDay(_id)), sha256))
  return made
}
const empty = pouchStore(memoryPouch())
const inventory = async (store: Parameters<typeof takeInventory>[0]) => (await takeInventory(store, empty, undefined, 2)).tallies

describe('a tally', () => {
  it('is kept for each phone and the day on which the record got its id', () => {
    expect(deviceDay('r:anaphone23456789:01J00000000000000000000000')).toBe('anaphone23456789 2024-06-10')
    expect(deviceDay('r:anaphone23456789:ZZZZZZZZZZZZZZZZZZZZZZZZZZ')).toMatch(/^anaphone23456789 [+]\d+-\d\d-\d\d$/)
  })

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
  const dated = (record: Pushed, time: string) => stamped({ ...record, _id: `${record._id.slice(0, -26)}${time}${record._id.slice(-16)}` })
  const records = [
    dated(ana.record(), '01KAJ00000'),
    dated(ana.record(), '01KAJ00000'),
    dated(ana.record(), '01KAF00000'),
    dated(ben.record(), '01KAJ00000'),
  ]
  const filled = async () => {
    const store = pouchStore(memoryPouch())
    await store.bulkWrite(records.map((each) => ({ ...each })))
    return store
  }
  const compare = async (store: Awaited<ReturnType<typeof filled>>, loaded: () => readonly Pushed[], replay: () => Promise<void>) =>
    reconcile({ look: async () => ({ inbox: await inventory(store), warehouse: tallyOf(loaded()) }), replay })

  it('finds nothing when inbox and warehouse hold the same', async () => {
    const store = await filled()
    expect(await inventory(store)).toEqual(tallyOf(records))
    const refuse = () => Promise.reject(new Error('not needed'))
    expect(await compare(store, () => records, refuse)).toEqual({ records: 4, devices: 2, replayed: false, incidents: [] })
  })

  it('reads again what ingest missed', async () => {
    let loaded = records.slice(1)
    const replay = async () => void (loaded = records)
    expect(await compare(await filled(), () => loaded, replay)).toMatchObject({ replayed: true, incidents: [] })
  })

  it('names device and day when reading again does not help, also when only contents differ', async () => {
    const [first, ...rest] = records
    const other = stamped({ ...(first ?? ana.record()), kind: 'listing' })
    const { incidents } = await compare(
      await filled(),
      () => [other, ...rest],
      async () => {},
    )
    expect(incidents).toMatchObject([{ device: 'anaphone23456789', inbox: { count: 2 }, warehouse: { count: 2 } }])
  })

  it('reports what only the warehouse has, and reads nothing again for it: the inbox was restored', async () => {
    const store = pouchStore(memoryPouch())
    const refuse = () => Promise.reject(new Error('not needed'))
    const { incidents } = await compare(store, () => records.slice(3), refuse)
    expect(incidents).toMatchObject([{ device: 'benphone23456789', inbox: { count: 0 }, warehouse: { count: 1 } }])
  })

  it('does not take for an incident what arrives while it looks', async () => {
    const store = await filled()
    let loaded = records.slice(0, 3)
    const replay = async () => {
      loaded = records
      await store.bulkWrite([{ ...dated(ben.record(), '01KAZ00000') }])
    }
    expect(await compare(store, () => loaded, replay)).toMatchObject({ incidents: [] })
  })

  it('does not count what was purged, and says which', async () => {
    const store = await filled()
    const gone = records[0]?._id ?? ''
    await store.purge([gone])
    const { tallies, removed } = await takeInventory(store, empty)
    expect(tallies).toEqual(tallyOf(records.slice(1)))
    expect([...removed]).toEqual([gone])
  })

  it('counts a record that was kept apart, once, also after it was let through', async () => {
    const [store, apart] = [pouchStore(memoryPouch()), pouchStore(memoryPouch())]
    const doubtful = quarantined({ ...(records[0] ?? ana.record()) }, 'anaphone23456789', [], new Date())
    await apart.bulkWrite([doubtful])
    const before = await takeInventory(store, apart)
    expect(before.tallies).toEqual(tallyOf(records.slice(0, 1)))
    await release([doubtful._id], apart, store)
    expect(await takeInventory(store, apart)).toEqual(before)
  })
})
