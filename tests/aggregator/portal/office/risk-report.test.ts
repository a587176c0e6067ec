import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { riskPage } from '../../../../aggregator/disclosure/report/risk-page.ts'
import { riskReport } from '../../../../aggregator/disclosure/report/risk-report.ts'
import { visitAs } from '../../../support/office-visitor.ts'
import { openTestOffice, type TestOffice } from '../../../support/test-office.ts'

let house: TestOffice
const report = riskReport({
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
    protocol: 'none',
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
  attacks: [{ id: 'T1', title: 'sums', pass: true, mutant_caught: true, note: '', seconds: 1 }],
  incidentContact: 'the office',
})

beforeAll(async () => {
  house = await openTestOffice()
  for (const id of ['2026-r1', '2026-r2']) {
    await mkdir(join(house.folder, 'releases', id), { recursive: true })
    await writeFile(
      join(house.folder, 'releases', id, 'manifest.json'),
      JSON.stringify({ id, published: '2026-11-21T00:00:00Z', round: '2026' }),
    )
  }
  await mkdir(join(house.folder, 'disclosure', '2026-r1'), { recursive: true })
  await writeFile(join(house.folder, 'disclosure', '2026-r1', 'risk-report.json'), JSON.stringify(report))
  await writeFile(join(house.folder, 'disclosure', '2026-r1', 'risk-report.html'), riskPage(report))
})
afterAll(() => house.remove())

describe('the risk report of a release', () => {
  const sign = { decision: 'release', review: '2027-05-01' }

  it('is signed by the statistician and the data-protection officer, each once', async () => {
    const statistician = await visitAs(house, { login: 'amina', roles: ['statistician'] })
    const officer = await visitAs(house, { login: 'officer', roles: ['custodian'] })
    expect((await statistician.post('/office/releases/2026-r1/sign', sign)).text).toContain('1 of 2 signatures')
    expect((await statistician.post('/office/releases/2026-r1/sign', sign)).status).toBe(400)
    expect((await officer.post('/office/releases/2026-r1/sign', sign)).text).toContain('Approved by two people.')
    expect((await officer.get('/office/releases/2026-r1/report')).text).toContain('release: amina (statistician)')
  })

  it('says how to write one where there is none', async () => {
    const officer = await visitAs(house, { login: 'second', roles: ['custodian'] })
    expect((await officer.get('/office/releases/2026-r2')).text).toContain('npx tala release report 2026-r2')
    expect((await officer.get('/office/releases/..%2F..%2Fkeys')).status).toBe(404)
  })

  it.each(['administrator', 'reader', 'supervisor', 'enumerator'] as const)('is closed to a %s', async (role) => {
    const someone = await visitAs(house, { login: `a-${role}`, roles: [role] })
    expect((await someone.get('/office/releases/2026-r1')).status).toBe(403)
    expect((await someone.post('/office/releases/2026-r1/sign', sign)).status).toBe(403)
  })
})
