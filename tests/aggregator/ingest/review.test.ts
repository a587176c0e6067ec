import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Decision, decide, reviewQueue } from '../../../aggregator/ingest/review.ts'
import { receiptSource } from '../../../aggregator/warehouse/receipts.ts'
import { type Field, openField, recordId } from './field.ts'

let field: Field
beforeEach(async () => {
  field = await openField()
  await field.send({ number: 1 })
  await field.send({ number: 2, answers: { person: [{ _id: 'm0', B05: 3 }] } })
  await field.send({ number: 3, interview: { finished: '2026-11-02T08:03:00+08:00' } })
  await field.ingest.once()
})
afterEach(() => field.close())

const queue = async () => (await field.warehouse.read((connection) => reviewQueue(connection))).map(({ record }) => record)
const says = (record: string, decided: Decision['decided']) =>
  decide(field.warehouse, { record, decided, by: 'supervisor', comment: 'Ask again who lives there.' }, new Date('2026-11-05T00:00:00Z'))
const receipt = async (record: string) => (await receiptSource(field.warehouse).status('device01', [record])).get(record)
const counted = () => field.rows('select record_id from current_home order by 1')

describe('the review queue', () => {
  it('shows held records first, then those with warnings, and leaves out what is in order', async () => {
    expect(await queue()).toEqual([recordId(2), recordId(3)])
  })

  it('names rules, questions and rows, never an answer', async () => {
    const [first] = await field.warehouse.read((connection) => reviewQueue(connection))
    expect(first?.flags).toEqual([{ code: 'answer-required', severity: 'blocking', name: 'B03', row: 'm0' }])
  })

  it('lets go of a record once somebody has decided', async () => {
    await says(recordId(2), 'hold')
    expect(await queue()).toEqual([recordId(3)])
  })
})

describe('a decision', () => {
  it('to accept makes a held record count and tells the phone', async () => {
    await says(recordId(2), 'accept')
    expect(await counted()).toEqual([[recordId(1)], [recordId(2)], [recordId(3)]])
    expect(await receipt(recordId(2))).toMatchObject({ status: 'accepted', reasons: [], seq: 4 })
  })

  it('to hold takes an accepted record out of what counts', async () => {
    await says(recordId(3), 'hold')
    expect(await counted()).toEqual([[recordId(1)]])
    expect(await receipt(recordId(3))).toMatchObject({ status: 'held', reasons: [{ code: 'held-by-supervisor' }] })
  })

  it('to return a record says so to the phone', async () => {
    await says(recordId(3), 'return')
    expect(await receipt(recordId(3))).toMatchObject({ status: 'held', reasons: [{ code: 'returned-by-supervisor' }] })
  })

  it('is added to the earlier ones, never written over them', async () => {
    await says(recordId(3), 'hold')
    await says(recordId(3), 'accept')
    expect(await field.rows('select decided from decision order by decided desc')).toEqual([['hold'], ['accept']])
    expect(await counted()).toEqual([[recordId(1)], [recordId(3)]])
  })

  it('cannot be made about a record nobody has seen', async () => {
    await expect(says(recordId(99), 'accept')).rejects.toThrow('unknown-record')
  })
})
