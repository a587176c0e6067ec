import { expect, it } from 'vitest'
import { chaos } from './chaos.ts'

// The short form of the chaos run; chaos.ts runs it with 20,000 households and 100 kills.
it('ends with the same warehouse, byte for byte in content, however often the aggregator is killed while it takes records in', async () => {
  const report = await chaos({ households: 400, kills: 5, batchSize: 25, seed: 3 })
  expect(report.kills).toBe(5)
  expect(report.disturbed).toEqual(report.clean)
}, 600_000)
