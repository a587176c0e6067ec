import { describe, expect, it } from 'vitest'
import type { ProtectedExtract, ProtectedTable } from '../../../aggregator/disclosure/protected.ts'
import { toCsv } from '../../../aggregator/formats/csv.ts'
import type { WorkingTable } from '../../../aggregator/indicators/working-table.ts'

const working: WorkingTable = {
  marking: 'not for release',
  indicator: 'MIG01',
  indicatorVersion: '1.0.0',
  round: '2026',
  level: 'person',
  type: 'proportion',
  dimensions: [],
  cells: [],
}

// The compiler is the test: an `expect-error` that finds no error fails `npm run types`.
describe('the type wall', () => {
  it('does not let a working table into a format', () => {
    // @ts-expect-error an unprotected table does not fit
    const write = () => toCsv(working)
    expect(write).toBeTypeOf('function')
  })

  it('does not let a table be called protected by its looks', () => {
    const lookalike = {
      ...working,
      schema: 'table/1' as const,
      id: 'x',
      release: 'r',
      unit: 'percent',
      cells: [],
      rule: { minimum: 10, rounding: null, version: '1' },
    }
    // @ts-expect-error only aggregator/disclosure can make one
    const table: ProtectedTable = lookalike
    // @ts-expect-error nor an extract
    const extract: ProtectedExtract = { schema: 'extract/1', release: 'r', level: 'person', columns: [], rows: [] }
    expect([table.id, extract.release]).toEqual(['x', 'r'])
  })
})
