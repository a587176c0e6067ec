import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { KeyProvider } from '../../../aggregator/custody/keys.ts'
import { openKeyRing } from '../../../aggregator/custody/key-ring.ts'
import { defaultPolicy } from '../../../aggregator/disclosure/policy.ts'
import { protectTables } from '../../../aggregator/disclosure/protect-tables.ts'
import { isPublic, openAlone, openToPublic } from '../../../aggregator/releases/approval.ts'
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

  it('is a draft that no reader is served until two people have signed its risk report', async () => {
    const attacks = [{ id: 'T1', title: 'sums', pass: true, mutant_caught: true, note: '', seconds: 1 }]
    const words = {
      purpose: 'planning',
      legalBasis: 'consent',
      recipient: 'public',
      protocol: 'none',
      incidentContact: 'the office',
      codeVersion: '0',
    }
    const source = releaseSource(folder, keys)
    const seen = async () => [(await source.list()).map(({ id }) => id), (await source.open('2026-r1'))?.id]
    await writeRiskReport(folder, '2026-r1', attacks, words, { persons: 900, households: 200, smallestArea: 120 })
    expect(await seen()).toEqual([[], undefined])
    const said: object[] = []
    const audit = { append: async (entry: object) => void said.push(entry) }
    const places = { dataFolder: folder, audit: audit as never }
    const sign = (who: string) => signRiskReport(places, '2026-r1', { who, decision: 'release', at: '2026-11-21' }, '2027-05-01', 'release')
    expect(isApproved(await sign('officer'))).toBe(false)
    await expect(sign('officer')).rejects.toMatchObject({ type: 'invalid-request' })
    expect(await seen()).toEqual([[], undefined])
    expect(await source.parquet('2026-r1', 'POP01.area')).toBeUndefined()
    expect(isApproved(await sign('statistician'))).toBe(true)
    expect(await readFile(join(folder, 'disclosure', '2026-r1', 'risk-report.html'), 'utf8')).toContain('Approved by two people.')
    const entry = (who: string, signatures: number) => ({
      actor: 'release',
      action: 'approve',
      subject: 'release:2026-r1',
      facts: { who, signatures },
    })
    // A signature that was refused stands nowhere.
    expect(said).toEqual([entry('officer', 1), entry('statistician', 2)])
    expect(await seen()).toEqual([['2026-r1'], '2026-r1'])
  })

  it('is let out by one person where there is only one, and the audit chain keeps that', async () => {
    await makeRelease('2026-r4')
    const said: object[] = []
    const audit = { append: async (entry: object) => void said.push(entry) }
    await openAlone({ dataFolder: folder, audit: audit as never }, '2026-r4', { who: 'the office', at: '2026-11-21' })
    expect(said).toEqual([{ actor: 'release', action: 'approve', subject: 'release:2026-r4', facts: { people: 1 } }])
    expect(await isPublic(folder, '2026-r4')).toBe(true)
    await expect(openAlone({ dataFolder: folder, audit: audit as never }, '2026-r9', { who: '', at: '' })).rejects.toMatchObject({
      type: 'not-released',
    })
  })

  it('is a draft again when it is not, to the byte, what was approved', async () => {
    await makeRelease('2026-r5')
    await openToPublic(folder, '2026-r5', [{ who: 'the office', at: '2026-11-21' }])
    const path = join(folder, 'releases', '2026-r5', 'manifest.json')
    await writeFile(path, (await readFile(path, 'utf8')).replace('Round of 2026', 'Round of 2027'))
    expect(await isPublic(folder, '2026-r5')).toBe(false)
    await rm(join(folder, 'releases', '2026-r5'), { recursive: true })
  })

  it('is opened once by the source of the pages, which knows no other', async () => {
    await openToPublic(folder, '2026-r1', [{ who: 'the office', at: '2026-11-21' }])
    const source = releaseSource(folder, keys)
    expect(await source.open('2026-r1')).toBe(await source.open('2026-r1'))
    expect(await source.open('nowhere')).toBeUndefined()
    expect(await source.open('../disclosure')).toBeUndefined()
  })
})
