import type { RiskReportInput } from '../../aggregator/disclosure/report/risk-report.ts'

/** A small release whose one attack was repelled. */
export const repelled = { id: 'T1', title: 'sums', pass: true, mutant_caught: true, note: '<b>', seconds: 1 }
export const smallRelease: RiskReportInput = {
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
  attacks: [repelled],
  incidentContact: 'office@example.org',
}
