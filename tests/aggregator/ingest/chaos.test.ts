import { expect, it } from 'vitest'
import { chaos } from './chaos.ts'

// The short form of the chaos run; chaos.ts runs it with 20,000 households and 100 kills.
it('ends with the same warehouse, byte for byte in content, however often the aggregator is killed while it takes records in', async () => {
  const report = await chaos({ households: 700, kills: 7, batchSize: 40, seed: 3 })
  expect(report.kills).toBe(7)
  expect(report.disturbed).toEqual(report.clean)
}, 120_000)
