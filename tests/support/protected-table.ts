import type { ProtectedTable } from '../../aggregator/disclosure/protected.ts'

/** A small released table for tests of formats and pages: sex x area, one figure withheld. @NOTE Only tests may claim protection. */
export function exampleTable(change: Partial<Omit<ProtectedTable, 'schema'>> = {}): ProtectedTable {
  const table = {
    schema: 'table/1',
    id: 'MIG01.area-sex',
    release: '2026-r1',
    indicator: 'MIG01',
    indicatorVersion: '1.0.0',
    round: '2026',
    level: 'person',
    type: 'proportion',
    unit: 'percent',
    dimensions: [
      {
        id: 'REF_AREA',
        nodes: [
          { code: '_T', parent: null },
          { code: 'A1', parent: 0 },
          { code: 'A2', parent: 0 },
        ],
      },
      {
        id: 'SEX',
        nodes: [
          { code: '_T', parent: null },
          { code: 'F', parent: 0 },
          { code: 'M', parent: 0 },
        ],
      },
    ],
    cells: [
      { nodes: [0, 0], value: 10, numerator: 40, denominator: 400, status: 'A' },
      { nodes: [0, 1], value: 12, numerator: 24, denominator: 200, status: 'A' },
      { nodes: [0, 2], value: 8, numerator: 16, denominator: 200, status: 'A' },
      { nodes: [1, 0], value: 15, numerator: 30, denominator: 200, status: 'A' },
      { nodes: [1, 1], value: 20, numerator: 20, denominator: 100, status: 'A' },
      { nodes: [1, 2], value: 10, numerator: 10, denominator: 100, status: 'U' },
      { nodes: [2, 0], value: null, numerator: null, denominator: null, status: 'Q' },
      { nodes: [2, 1], value: null, numerator: null, denominator: null, status: 'Q' },
      { nodes: [2, 2], value: null, numerator: null, denominator: null, status: 'Q' },
    ],
    rule: { minimum: 10, rounding: 5, version: '1' },
    ...change,
  }
  return table as unknown as ProtectedTable
}
