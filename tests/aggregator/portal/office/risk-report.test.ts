import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { riskPage } from '../../../../aggregator/disclosure/report/risk-page.ts'
import { riskReport } from '../../../../aggregator/disclosure/report/risk-report.ts'
import { visitAs } from '../../../support/office-visitor.ts'
import { smallRelease } from '../../../support/small-release.ts'
import { openTestOffice, type TestOffice } from '../../../support/test-office.ts'

let house: TestOffice
const report = riskReport(smallRelease)

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
    expect((await officer.post('/office/releases/2026-r1/sign', sign)).text).toContain('Approved by two people: readers see it.')
    expect((await officer.get('/office/releases/2026-r1/report')).text).toContain('release: amina (statistician)')
  })

  it('leaves a draft a draft until the second signature', async () => {
    const officer = await visitAs(house, { login: 'third', roles: ['custodian'] })
    const page = (await officer.get('/office')).text
    expect(page).toMatch(/2026-r2<\/a>, 2026-11-21, <strong>draft<\/strong>/)
    expect(page).toMatch(/2026-r1<\/a>, 2026-11-21<\/li>/)
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
