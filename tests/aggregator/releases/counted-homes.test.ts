import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withdrawRecord } from '../../../aggregator/custodian/withdrawal.ts'
import { countHomes, standingHomes } from '../../../aggregator/releases/counted-homes.ts'
import { type Field, openField, recordId } from '../ingest/field.ts'
import { homeRound } from '../ingest/home-survey.ts'

let field: Field
beforeEach(async () => {
  field = await openField()
})
afterEach(() => field.close())

const count = (before?: Parameters<typeof countHomes>[2]) => field.warehouse.read((open) => countHomes(open, homeRound.id, before))
const arrive = async (...numbers: readonly number[]) => {
  for (const number of numbers) await field.send({ number })
  await field.ingest.once()
}
const withdraw = (number: number) =>
  withdrawRecord({ ...field, clock: () => new Date('2026-11-04T00:00:00Z') }, recordId(number), 'custodian')

describe('homes that changed since a release', () => {
  it('are unknown while no release kept count', async () => {
    await arrive(1, 2)
    const { counted, changed } = await count()
    expect(counted).toMatchObject({ 1001: { homes: 2 } })
    expect(changed).toBeNull()
  })

  it('are those that came, or those that are missing if these are more; nothing of them is kept', async () => {
    await arrive(1, 2, 3, 4, 5)
    const { counted } = await count()
    expect(JSON.stringify(counted)).not.toContain('device01')
    await withdraw(1)
    await withdraw(2)
    expect((await count(counted)).changed).toEqual(new Map([['1001', 2]]))
    await arrive(6, 7, 8)
    expect((await count(counted)).changed).toEqual(new Map([['1001', 3]]))
  })

  it('count a corrected home once', async () => {
    await arrive(1, 2, 3)
    const { counted } = await count()
    await field.send({ number: 9, kind: 'correction', replaces: recordId(2) })
    await field.ingest.once()
    const now = await count(counted)
    expect(now.counted['1001']?.homes).toBe(3)
    expect(now.changed).toEqual(new Map([['1001', 1]]))
  })

  it('add up over releases where the old figures stand', async () => {
    await arrive(1, 2)
    const first = (await count()).counted
    await arrive(3)
    const second = standingHomes((await count(first)).counted, first, ['1001'])
    await arrive(4)
    expect((await count(second)).changed).toEqual(new Map([['1001', 2]]))
  })
})
