import { describe, expect, it } from 'vitest'
import { approve, isApproved, type RiskReportInput, reportHash, riskReport } from '../../../../aggregator/disclosure/report/risk-report.ts'
import { riskPage } from '../../../../aggregator/disclosure/report/risk-page.ts'

const held = { id: 'T1', title: 'sums', pass: true, mutant_caught: true, note: '<b>', seconds: 1 }
const input: RiskReportInput = {
  identity: {
    id: '2026-r1',
    round: '2026',
    plan: 'community',
    made: '2026-11-21',
    codeVersion: '0.1.0',
    purpose: 'planning',
    legalBasis: 'consent',
    recipient: 'public',
    expires: null,
    protocol: 'ISP-1',
    certificate: 'ab',
  },
  population: { persons: 1500, households: 400, areas: 8, smallestArea: 104, sampled: 0 },
  protection: {
    policy: '1',
    plan: 'community',
    cells: 100,
    published: 40,
    withheld: 58,
    impossible: 2,
    linearPrograms: 9,
    leastUpperBound: 10,
    greatestLowerBound: 0,
    joint: { counts: 90, relations: 120, attacked: 30, linearPrograms: 4, withdrawn: 1 },
    left: [],
    carried: [],
    kept: [],
    systems: [],
  },
  microdata: null,
  attacks: [held],
  incidentContact: 'office@example.org',
}
const first = { who: 'protection officer', decision: 'release', at: '2026-11-21' } as const

describe('the risk report', () => {
  it('is approved by two different people only', () => {
    const once = approve(riskReport(input), first, '2027-05-01')
    expect(isApproved(once)).toBe(false)
    expect(() => approve(once, first, '2027-05-01')).toThrow(RangeError)
    expect(isApproved(approve(once, { ...first, who: 'statistician' }, '2027-05-01'))).toBe(true)
  })

  it('cannot be approved while an attack succeeds, misses its mutant, or none was run', () => {
    for (const attacks of [[{ ...held, pass: false }], [{ ...held, mutant_caught: false }], []])
      expect(() => approve(riskReport({ ...input, attacks }), first, '2027-05-01')).toThrow(RangeError)
  })

  it('has the same hash before and after it is signed, and another one for other facts', () => {
    const report = riskReport(input)
    expect(reportHash(approve(report, first, '2027-05-01'))).toBe(reportHash(report))
    expect(reportHash(riskReport({ ...input, protection: { ...input.protection, published: 41 } }))).not.toBe(reportHash(report))
  })

  it('shows its eight parts on a page that loads nothing', () => {
    const page = riskPage(riskReport(input))
    expect([...page.matchAll(/<h2>(\d)\./g)].map(([, number]) => number)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8'])
    expect(page).toContain('&lt;b&gt;')
    expect(page).not.toMatch(/<script|src=|https?:/)
  })
})
