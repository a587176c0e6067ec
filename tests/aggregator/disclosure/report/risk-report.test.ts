import { describe, expect, it } from 'vitest'
import { approve, isApproved, reportHash, riskReport } from '../../../../aggregator/disclosure/report/risk-report.ts'
import { repelled, smallRelease } from '../../../support/small-release.ts'
import { riskPage } from '../../../../aggregator/disclosure/report/risk-page.ts'

const first = { who: 'protection officer', decision: 'release', at: '2026-11-21' } as const

describe('the risk report', () => {
  it('is approved by two different people only', () => {
    const once = approve(riskReport(smallRelease), first, '2027-05-01')
    expect(isApproved(once)).toBe(false)
    expect(() => approve(once, first, '2027-05-01')).toThrow(RangeError)
    expect(isApproved(approve(once, { ...first, who: 'statistician' }, '2027-05-01'))).toBe(true)
  })

  it('cannot be approved while an attack succeeds, misses its mutant, or none was run', () => {
    for (const attacks of [[{ ...repelled, pass: false }], [{ ...repelled, mutant_caught: false }], []])
      expect(() => approve(riskReport({ ...smallRelease, attacks }), first, '2027-05-01')).toThrow(RangeError)
  })

  it('has the same hash before and after it is signed, and another one for other facts', () => {
    const report = riskReport(smallRelease)
    expect(reportHash(approve(report, first, '2027-05-01'))).toBe(reportHash(report))
    expect(reportHash(riskReport({ ...smallRelease, protection: { ...smallRelease.protection, published: 41 } }))).not.toBe(
      reportHash(report),
    )
  })

  it('shows its eight parts on a page that loads nothing', () => {
    const page = riskPage(riskReport(smallRelease))
    expect([...page.matchAll(/<h2>(\d)\./g)].map(([, number]) => number)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8'])
    expect(page).toContain('&lt;b&gt;')
    expect(page).not.toMatch(/<script|src=|https?:/)
  })
})
