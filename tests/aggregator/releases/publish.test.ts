import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { KeyProvider } from '../../../aggregator/custody/keys.ts'
import { openKeyRing } from '../../../aggregator/custody/key-ring.ts'
import { defaultPolicy } from '../../../aggregator/disclosure/policy.ts'
import { protectTables } from '../../../aggregator/disclosure/protect-tables.ts'
import { listReleases, openRelease } from '../../../aggregator/releases/open-release.ts'
import { publish } from '../../../aggregator/releases/publish.ts'
import { isApproved } from '../../../aggregator/disclosure/report/risk-report.ts'
import { signRiskReport, writeRiskReport } from '../../../aggregator/releases/risk-file.ts'
import { releaseSource } from '../../../aggregator/releases/release-source.ts'
import { communityTables, madeUpPeople } from '../disclosure/community.ts'

const working = communityTables(madeUpPeople(3, 500, 1, 11), 3)
let folder = ''
let keys: KeyProvider

async function makeRelease(id: string) {
  const made = await protectTables(working, { release: id, indicators: new Map() })
  return publish({
    dataFolder: folder,
    round: { id: '2026', title: 'Round of 2026' },
    plan: defaultPolicy.plan,
    made,
    keys,
    questionnaires: [{ id: 'household', version: '1', sha256: 'ab' }],
    ruleVersions: { indicators: '1', disclosure: '1' },
    indicators: [],
    areas: { _T: 'Made-up town', B01: 'First' },
    auditHead: null,
    now: new Date('2026-11-21T10:00:00Z'),
  })
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tala-release-'))
  keys = await openKeyRing({ load: async () => [], save: async () => undefined })
  await makeRelease('2026-r1')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a release', () => {
  it('holds every table as JSON, CSV and Parquet with a signed manifest, and nothing else', async () => {
    const { manifest, tables } = await openRelease(folder, '2026-r1', keys)
    const files = await readdir(join(folder, 'releases', '2026-r1', 'tables'))
    expect(files.toSorted()).toEqual(manifest.files.map(({ path }) => path.replace('tables/', '')).toSorted())
    expect(files.length).toBe(tables.length * 3)
    expect(await readdir(join(folder, 'releases', '2026-r1'))).toEqual(['manifest.json', 'manifest.sig.json', 'tables'])
  })

  it('shows the same figures in CSV and Parquet as in the table', async () => {
    const { tables } = await openRelease(folder, '2026-r1', keys)
    const database = await DuckDBInstance.create(':memory:')
    const connection = await database.connect()
    for (const table of tables) {
      const path = join(folder, 'releases', '2026-r1', 'tables', table.id)
      const expected = table.cells.map(({ value, status }) => [value, status])
      for (const source of [
        `read_parquet('${path}.parquet')`,
        `read_csv('${path}.csv', types={'OBS_VALUE':'DOUBLE','OBS_STATUS':'VARCHAR'})`,
      ]) {
        const rows = await connection.runAndReadAll(`select "OBS_VALUE", "OBS_STATUS" from ${source}`)
        expect(rows.getRows()).toEqual(expected)
      }
    }
    connection.closeSync()
  })

  it('counts what it holds and what it withholds', async () => {
    const { manifest, tables, cells, withheld } = await openRelease(folder, '2026-r1', keys)
    const statuses = tables.flatMap((table) => table.cells.map(({ status }) => status))
    expect(cells).toBe(statuses.length)
    expect(withheld).toBe(statuses.filter((status) => status === 'Q').length)
    expect(manifest.protection.published + withheld + manifest.protection.impossible).toBe(cells)
    expect(withheld).toBeGreaterThan(0)
  })

  it('names no small cell: neither certificate nor report lies in the released folder', async () => {
    const { folder: where } = await openRelease(folder, '2026-r1', keys)
    const manifest = await readFile(join(where, 'manifest.json'), 'utf8')
    expect(manifest).not.toMatch(/small|primary|secondary/)
    expect(await readdir(join(folder, 'disclosure', '2026-r1'))).toEqual(['certificate.json', 'report.json', 'truth.json', 'vintage.json'])
  })

  it('is never changed', async () => {
    await expect(makeRelease('2026-r1')).rejects.toMatchObject({ type: 'release-exists' })
    await makeRelease('2026-r2')
    expect((await listReleases(folder)).map(({ id }) => id).toSorted()).toEqual(['2026-r1', '2026-r2'])
    expect((await readdir(join(folder, 'releases'))).filter((name) => name.startsWith('.'))).toEqual([])
  })

  it('is refused when a file or the manifest was touched', async () => {
    const { folder: where, manifest } = await makeRelease('2026-r3')
    const path = join(where, manifest.files[0]?.path ?? '')
    const before = await readFile(path)
    await writeFile(path, Buffer.from(before.toString('utf8').replace('"value":', '"value": ')))
    await expect(openRelease(folder, '2026-r3', keys)).rejects.toMatchObject({ type: 'release-damaged' })
    await writeFile(path, before)
    await expect(openRelease(folder, '2026-r3', keys)).resolves.toBeTruthy()
    const text = await readFile(join(where, 'manifest.json'), 'utf8')
    await writeFile(join(where, 'manifest.json'), text.replace('Round of 2026', 'Round of 2027'))
    await expect(openRelease(folder, '2026-r3', keys)).rejects.toMatchObject({ type: 'release-damaged' })
    await expect(openRelease(folder, '2026-r3')).rejects.toMatchObject({ type: 'release-damaged' })
  })

  it('carries a risk report that two people sign', async () => {
    const attacks = [{ id: 'T1', title: 'sums', pass: true, mutant_caught: true, note: '', seconds: 1 }]
    const words = {
      purpose: 'planning',
      legalBasis: 'consent',
      recipient: 'public',
      protocol: 'none',
      incidentContact: 'the office',
      codeVersion: '0',
    }
    await writeRiskReport(folder, '2026-r1', attacks, words, { persons: 900, households: 200, smallestArea: 120 })
    const sign = (who: string) => signRiskReport(folder, '2026-r1', { who, decision: 'release', at: '2026-11-21' }, '2027-05-01')
    expect(isApproved(await sign('officer'))).toBe(false)
    await expect(sign('officer')).rejects.toMatchObject({ type: 'invalid-request' })
    expect(isApproved(await sign('statistician'))).toBe(true)
    expect(await readFile(join(folder, 'disclosure', '2026-r1', 'risk-report.html'), 'utf8')).toContain('Approved by two people.')
  })

  it('is opened once by the source of the pages, which knows no other', async () => {
    const source = releaseSource(folder, keys)
    expect(await source.open('2026-r1')).toBe(await source.open('2026-r1'))
    expect(await source.open('nowhere')).toBeUndefined()
    expect(await source.open('../disclosure')).toBeUndefined()
  })
})
