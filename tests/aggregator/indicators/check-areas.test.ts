import { describe, expect, it } from 'vitest'
import { areaDimension } from '../../../aggregator/indicators/dimensions.ts'
import { checkRegister, codesAbove, readControls, reconcile } from '../../../aggregator/indicators/check-areas.ts'
import type { Area } from '../../../schemas/generated/records.ts'

/** Metro Manila has no province; Manila has sub-municipalities between city and barangay; Pateros lies directly in the region. */
const manila: readonly Area[] = [
  { code: '1300000000', name: 'NCR', level: 'region' },
  { code: '1380600000', name: 'City of Manila', level: 'municipality', parent: '1300000000' },
  { code: '1380601000', name: 'A sub-municipality', level: 'municipality', parent: '1380600000' },
  { code: '1380601001', name: 'A barangay of it', level: 'barangay', parent: '1380601000' },
  { code: '1381701000', name: 'Pateros', level: 'municipality', parent: '1300000000' },
  { code: '1381701001', name: 'A barangay of it', level: 'barangay', parent: '1381701000' },
]

describe('codes of areas', () => {
  it('say what lies above: PSGC by region, province or city, municipality or sub-municipality', () => {
    expect(codesAbove('1380601001')).toEqual(['1380601000', '1380600000', '1300000000'])
    expect(codesAbove('1380600000')).toEqual(['1300000000'])
    expect(codesAbove('PH1380601001')).toEqual(['PH1380601000', 'PH1380600000', 'PH1300000000', 'PH'])
    expect(codesAbove('BD1004')).toEqual(['BD100', 'BD10', 'BD1', 'BD', 'B'])
  })
})

describe('a register', () => {
  it('fits with the exceptions of Manila and of municipalities without a province', () => {
    expect(checkRegister(manila)).toEqual([])
  })

  it('rolls a barangay up through its sub-municipality', () => {
    const { nodes } = areaDimension(manila).dimension
    const above = (code: string): readonly string[] => {
      const line: string[] = []
      for (let node = nodes.findIndex((each) => each.code === code); node > 0; node = nodes[node]?.parent ?? 0)
        line.push(nodes[node]?.code ?? '')
      return line
    }
    expect(above('1380601001')).toEqual(['1380601001', '1380601000', '1380600000', '1300000000'])
  })

  it('is told where a parent is not the one its code says, or is missing', () => {
    const wrong = manila.map((area) => (area.code === '1380601001' ? { ...area, parent: '1381701000' } : area))
    expect(checkRegister(wrong)).toEqual([{ area: '1380601001', kind: 'parent-differs', expected: '1380601000', found: '1381701000' }])
    expect(checkRegister([{ code: '1380601001', name: 'x', level: 'barangay', parent: '1380609000' }])).toMatchObject([
      { kind: 'parent-missing' },
    ])
  })
})

describe('reconciliation', () => {
  const counts = new Map([
    ['1380601001', 40],
    ['1381701001', 10],
    ['9999999999', 2],
  ])

  it('reports records outside the register and totals that differ, and changes nothing', () => {
    const controls = readControls('area,homes\n1380600000,40\n1381701000,12\n')
    expect(reconcile(manila, counts, controls)).toEqual([
      { area: '9999999999', kind: 'not-in-register', expected: 0, found: 2 },
      { area: '1381701000', kind: 'total-differs', expected: 12, found: 10 },
    ])
  })

  it('reports control totals that do not add up themselves', () => {
    const controls = new Map([
      ['1300000000', 60],
      ['1380600000', 40],
      ['1381701000', 10],
    ])
    expect(reconcile(manila, new Map([...counts].slice(0, 2)), controls)).toEqual([
      { area: '1300000000', kind: 'total-differs', expected: 60, found: 50 },
      { area: '1300000000', kind: 'children-differ', expected: 60, found: 50 },
    ])
  })

  it('names the line of a control total it cannot read', () => {
    expect(() => readControls('area,homes\nA,many\n')).toThrow(/Line 2/)
  })
})
