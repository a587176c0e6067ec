import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openKeyRing } from '../../../aggregator/custody/key-ring.ts'
import { groupBy } from '../../../aggregator/disclosure/microdata/group-by.ts'
import { seededRandom } from '../../../aggregator/disclosure/tables/modular.ts'
import { makeExtract, type UtilityReport } from '../../../aggregator/releases/make-extract.ts'
import type { ReleaseMaterials } from '../../../aggregator/releases/make-release.ts'
import { openWarehouse } from '../../../aggregator/warehouse/open-warehouse.ts'
import type { Warehouse } from '../../../aggregator/warehouse/warehouse.ts'
import { addHomes, type Home, householdQuestionnaire, round } from '../indicators/village.ts'

const random = seededRandom(77)
const oneOf = <Each>(...all: readonly Each[]): Each => all[Math.floor(random() * all.length)] as Each
const homes = Array.from({ length: 1500 }, (): Home => {
  const size = 1 + Math.floor(random() * 5)
  return {
    area: oneOf('P1A1', 'P1A2', 'P1B1'),
    answers: { household_size: size },
    people: Array.from({ length: size }, () => ({
      B06: '1',
      B03: oneOf('F', 'M'),
      age: Math.floor(random() * 90),
      migration_status: oneOf('NON', 'NON', 'NON', 'RETURN', 'FOREIGN'),
      E05: oneOf('0', '1', '2', '3'),
      employed: Math.floor(random() * 2),
      disability: random() < 0.1 ? 1 : 0,
    })),
  }
})
const refusing = 700

let folder = ''
let warehouse: Warehouse
let materials: ReleaseMaterials
let report: UtilityReport
const residents = new Map([
  ['_T', 90_000],
  ['P1A', 60_000],
  ['P1B', 30_000],
  ['P1A1', 40_000],
  ['P1A2', 9_000],
])
const audited: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tala-extract-'))
  warehouse = await openWarehouse(':memory:')
  const questionnaire = await householdQuestionnaire()
  await warehouse.prepare(questionnaire)
  await warehouse.write(async (connection) => {
    await addHomes(connection, homes)
    // The last homes do not agree to sharing.
    await connection.run(
      `insert into ledger (record_id, rev, sha256, kind, root, device, status, received, consent_sharing)
       select 'r:' || i, '1', '', 'interview', 'r:' || i, 'd', 'accepted', i, i < ${homes.length - refusing} from range(${homes.length}) t(i)`,
    )
  })
  const keys = await openKeyRing({ load: async () => [], save: async () => undefined })
  const audit = { append: async ({ action }: { action: string }) => void audited.push(action) }
  materials = { dataFolder: folder, warehouse, keys, audit, round, questionnaire } as unknown as ReleaseMaterials
  report = await makeExtract(materials, { release: '2026-r1', recipient: 'hostGovernment', residents })
}, 120_000)
afterAll(async () => {
  await warehouse.close()
  await rm(folder, { recursive: true, force: true })
})

async function readFrom(file: 'records.csv' | 'records.parquet'): Promise<readonly (readonly string[])[]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const path = join(folder, 'releases', '2026-r1', 'records', file)
  const rows = await connection.runAndReadAll(
    `select * from ${file.endsWith('csv') ? `read_csv('${path}', all_varchar = true)` : `'${path}'`}`,
  )
  return rows.getRows().map((row) => row.map((each) => (each === null ? '' : String(each))))
}

describe('the records of a release', () => {
  it('hold everybody in a class of at least k, with at least two statuses, counted on the file', async () => {
    const rows = await readFrom('records.csv')
    expect(rows.length).toBe(report.records)
    for (const members of groupBy(rows, (row) => row.slice(2, -1).join('|')).values()) {
      expect(members.length).toBeGreaterThanOrEqual(10)
      expect(new Set(members.map((row) => row.at(-1))).size).toBeGreaterThanOrEqual(2)
    }
  })

  it('are a sample of the people who agreed to sharing, and of nobody else', () => {
    const shared = homes.slice(0, -refusing).reduce((sum, { people = [] }) => sum + people.length, 0)
    expect(report.records + report.dropped).toBeGreaterThan(0.25 * shared)
    expect(report.records + report.dropped).toBeLessThan(0.42 * shared)
  })

  it('name no area with fewer residents than an extract may name', async () => {
    const areas = new Set((await readFrom('records.csv')).map((row) => row[4] ?? ''))
    for (const area of areas) expect(['P1A1', 'P1A', 'P1B', 'P1', 'any', '*', 'no answer']).toContain(area)
  })

  it('are the same in CSV and Parquet, signed, with a report of what was lost', async () => {
    expect(await readFrom('records.parquet')).toEqual(await readFrom('records.csv'))
    expect((await readdir(join(folder, 'releases', '2026-r1', 'records'))).toSorted()).toEqual([
      'manifest.json',
      'manifest.sig.json',
      'records.csv',
      'records.parquet',
      'utility.json',
    ])
    expect(JSON.parse(await readFile(join(folder, 'releases', '2026-r1', 'records', 'utility.json'), 'utf8'))).toEqual(report)
    expect(report.columns.map(({ column }) => column)).toEqual([
      'AGE',
      'SEX',
      'REF_AREA',
      'EDUCATION',
      'EMPLOYED',
      'DISABILITY',
      'HOUSEHOLD_SIZE',
    ])
    expect(audited).toEqual(['extract'])
  })

  it('are made once per release, and never for a place where everybody knows everybody', async () => {
    await expect(makeExtract(materials, { release: '2026-r1', recipient: 'public', residents })).rejects.toMatchObject({
      type: 'release-exists',
    })
    const village = new Map([['_T', 4_000]])
    await expect(makeExtract(materials, { release: '2026-r2', recipient: 'licensed', residents: village })).rejects.toMatchObject({
      type: 'release-unsafe',
    })
    await expect(makeExtract(materials, { release: '2026-r2', recipient: 'police', residents })).rejects.toMatchObject({
      type: 'invalid-request',
    })
  })
})
