import { beforeAll, describe, expect, it } from 'vitest'
import { type WithdrawnTown, withdrawnTown } from './withdrawn-town.ts'

let report: WithdrawnTown
beforeAll(async () => {
  report = await withdrawnTown({ households: 64, withdrawals: 20, seed: 2 })
}, 300_000)

// Fifty of two hundred homes by `npm run survival:withdrawal`.
describe('homes that withdrew from a released town', () => {
  it('were all there before', () => {
    expect(report.foundBefore).toBe(report.households)
  })

  it('are in no file, table or store any more, and all others are', () => {
    expect(report.traces).toEqual({ files: [], tables: [], stores: [] })
    expect(report.staying).toBe(report.households - report.withdrawn)
  })

  it('do not come back with an older backup', () => {
    expect(report.restored).toEqual({ erased: report.withdrawn, files: [], tables: [], stores: [] })
  })

  it('are each proven by a chain that is whole', () => {
    expect(report.proven).toBe(report.withdrawn)
    expect(report.chainIsWhole).toBe(true)
  })

  it('cannot be told from the next release: where few withdrew the old figures stand', () => {
    expect(report.next.small.length).toBeGreaterThan(0)
    expect(report.next.carried).toEqual(expect.arrayContaining([...report.next.small]))
    expect(report.next.pinned).toEqual([])
  })
})
