import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WorkingCell, WorkingTable } from '../../../aggregator/indicators/working-table.ts'
import type { Release } from '../../../aggregator/releases/release.ts'
import { seededRandom } from '../../../aggregator/disclosure/tables/modular.ts'
import { communityTables, madeUpPeople } from '../disclosure/community.ts'
import { publishTables } from '../../support/released-office.ts'
import { openTestOffice, type TestOffice } from '../../support/test-office.ts'

/**
 * A table of pay in which every group has a sum of eight digits that occurs nowhere else: where such a sum is withheld and yet
 * turns up, somebody told it. Small counts would prove nothing, they stand in every page number.
 */
function payTable(count: WorkingTable): WorkingTable {
  const random = seededRandom(77)
  const parents = count.dimensions.map(({ nodes }) => new Set(nodes.flatMap(({ parent }) => (parent === null ? [] : [parent]))))
  const sums = new Map<string, number>()
  const above = (nodes: readonly number[]): readonly (readonly number[])[] =>
    nodes.reduce<readonly (readonly number[])[]>(
      (all, node, axis) => {
        const path = [node]
        for (
          let up = count.dimensions[axis]?.nodes[node]?.parent ?? null;
          up !== null;
          up = count.dimensions[axis]?.nodes[up]?.parent ?? null
        )
          path.push(up)
        return all.flatMap((each) => path.map((one) => [...each, one]))
      },
      [[]],
    )
  for (const { nodes, respondents } of count.cells) {
    if (nodes.some((node, axis) => parents[axis]?.has(node))) continue
    const pay = Array.from({ length: respondents }, () => 10_000_000 + Math.floor(random() * 80_000_000)).reduce(
      (sum, each) => sum + each,
      0,
    )
    for (const each of above(nodes)) sums.set(each.join(), (sums.get(each.join()) ?? 0) + pay)
  }
  const cells = count.cells.map((cell): WorkingCell => {
    const numerator = sums.get(cell.nodes.join()) ?? 0
    return { ...cell, cases: cell.respondents, numerator, denominator: cell.respondents, value: numerator / cell.respondents }
  })
  return { ...count, indicator: 'PAY01', type: 'mean', cells }
}

let house: TestOffice
let release: Release
let secrets: ReadonlySet<string>
const logged: string[] = []
beforeAll(async () => {
  const people = communityTables(madeUpPeople(3, 300, 0, 5), 3)
  const [count] = people
  if (!count) throw new Error('no tables')
  const pay = payTable(count)
  house = await openTestOffice({
    log: {
      info: (facts: object) => logged.push(JSON.stringify(facts)),
      warn: (facts: object) => logged.push(JSON.stringify(facts)),
      error: (facts: object) => logged.push(JSON.stringify(facts)),
    },
  })
  release = await publishTables(house.office, [count, pay], { areas: { _T: 'Town', B01: 'First', B02: 'Second', B03: 'Third' } })
  secrets = unreleased(pay, release)
}, 120_000)
afterAll(() => house.remove())

/** Sums and means of pay that no published cell shows, as they might be printed. */
function unreleased(pay: WorkingTable, { tables }: Release): ReadonlySet<string> {
  const own = tables.filter(({ indicator }) => indicator === 'PAY01')
  const published = new Set<number>()
  const codeOf = (table: Pick<WorkingTable, 'dimensions'>, nodes: readonly number[]) =>
    new Map(table.dimensions.map(({ id, nodes: all }, axis) => [id, all[nodes[axis] ?? 0]?.code ?? '_T']))
  const shown = new Set(
    own.flatMap((table) =>
      table.cells
        .filter(({ value }) => value !== null)
        .map(({ nodes }) => {
          const codes = codeOf(table, nodes)
          return pay.dimensions.map(({ id }) => codes.get(id) ?? '_T').join()
        }),
    ),
  )
  const keyOf = ({ nodes }: WorkingCell) => [...codeOf(pay, nodes).values()].join()
  for (const cell of pay.cells) if (shown.has(keyOf(cell))) published.add(cell.numerator)
  const withheld = pay.cells.filter((cell) => !shown.has(keyOf(cell)) && !published.has(cell.numerator))
  // A mean is published with three digits that count; that is how a withheld one would be told.
  const means = new Set(own.flatMap((table) => table.cells.map(({ value }) => value)))
  const withheldMeans = withheld
    .map(({ value }) => Number((value ?? 0).toPrecision(3)))
    // Round ones stand on the axes of charts.
    .filter((mean) => !means.has(mean) && mean % 10_000_000 !== 0)
  return new Set([...withheld.map(({ numerator }) => numerator), ...withheldMeans].map(String))
}

/** Unreleased sums that occur in the text, however their digits are grouped. */
function told(bytes: Buffer): readonly string[] {
  const text = bytes.toString('latin1')
  // As they stand, and with groups of three joined: in a list of numbers joining would hide what it should find.
  const numbers = [text, text.replace(/(?<=\d)[,.\u00a0 '](?=\d{3})/g, '')].flatMap((each) => each.match(/\d{8,}/g) ?? [])
  return [...new Set(numbers)].filter((each) => secrets.has(each))
}

/** The text inside a zip file, e.g. the sheets of a workbook: entries are read from their local headers. */
function unzipped(bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = bytes.indexOf('PK\u0003\u0004', 0, 'latin1'); at >= 0; at = bytes.indexOf('PK\u0003\u0004', at + 4, 'latin1')) {
    const from = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28)
    try {
      parts.push(inflateRawSync(bytes.subarray(from)))
    } catch {
      // Not compressed, or not an entry: the bytes themselves are searched as well.
    }
  }
  return Buffer.concat(parts)
}

/** Doubles anywhere in a binary file, written out. */
function doubles(bytes: Buffer): Buffer {
  const found: string[] = []
  for (let at = 0; at + 8 <= bytes.length; at++) {
    const value = bytes.readDoubleLE(at)
    if (Number.isInteger(value) && value >= 10_000_000 && value < 1e14) found.push(String(value))
  }
  return Buffer.from(found.join(' '))
}

interface Visit {
  readonly path: string
  readonly status: number
  readonly type: string
  readonly head: string
  readonly bytes: Buffer
}

async function visit(path: string, method = 'GET'): Promise<Visit> {
  const response = await fetch(`${house.url}${path}`, { method, redirect: 'manual' })
  const head = [...response.headers].map((each) => each.join(': ')).join('\n')
  return {
    path,
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    head,
    bytes: Buffer.from(await response.arrayBuffer()),
  }
}

/** Doors a curious reader tries. */
const tried = [
  '/office',
  '/office/check',
  '/desk',
  '/api/v1/extracts',
  '/api/v1/extracts/2026-r1',
  '/api/v1/extracts/2026-r1.zip',
  '/api/v1/extracts/2026-r1/files/manifest.json',
  '/api/v1/extracts/..%2F..%2Fdisclosure/files/truth.json',
  '/..%2fdisclosure/2026-r1/truth.json',
  '/disclosure/2026-r1/truth.json',
  '/releases/2026-r1/manifest.json',
  '/api/v1/releases/..%2Fdisclosure%2F2026-r1',
  '/api/v1/releases/2026-r1/tables/PAY01',
  '/api/v1/releases/2026-r1/tables/..%2F..%2Ftruth',
  '/api/v1/releases/2026-r1/tables/PAY01.area?SEX=Z',
  '/api/v1/releases/2026-r1/tables/PAY01.area?format=exe',
  '/areas/B01%2F..%2F..',
  '/indicators/__proto__',
  '/tables?indicator=PAY01&by=REF_AREA&by=SEX&by=AGE&by=MIG_STATUS',
  '/compare?area=B01&area2=B02&release=..%2Fdisclosure',
  '/healthz',
  '/readyz',
  '/metrics',
  '/sdmx/v2/data/dataflow/TALA/DF_TALA/1.0.0?format=jsondata',
  '/sdmx/v2/data/dataflow/TALA/DF_TALA/1.0.0?format=csv',
  '/sdmx/v1/data/DF_TALA/all?format=genericdata',
  '/sdmx/v1/data/DF_TALA/all?format=structurespecificdata',
  '/sdmx/v2/structure/dataflow',
  '/sdmx/v2/availability/dataflow/TALA/DF_TALA/1.0.0',
] as const

async function crawl(): Promise<readonly Visit[]> {
  const queue: string[] = [
    '/',
    ...tried,
    ...release.tables.flatMap(({ id }) =>
      ['json', 'csv', 'json-stat', 'xlsx', 'arrow', 'parquet', 'sav', 'dta', 'datapackage'].map(
        (format) => `/api/v1/releases/2026-r1/tables/${id}?format=${format}`,
      ),
    ),
  ]
  const seen = new Set(queue)
  const visits: Visit[] = []
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const found = await visit(path)
    visits.push(found)
    if (!found.type.includes('text/html')) continue
    for (const [, link = ''] of found.bytes.toString('utf8').matchAll(/(?:href|src|action)="([^"]*)"/g)) {
      const next = link.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))).replace(/#.*/, '')
      // One language is walked whole, the others from the links of its pages.
      if (!next.startsWith('/') || seen.has(next) || (/lang=(fil|ar)/.test(next) && !/lang=en/.test(path) && path !== '/')) continue
      seen.add(next)
      queue.push(next)
    }
  }
  return visits
}

describe('what the public can reach', () => {
  let visits: readonly Visit[] = []
  beforeAll(async () => {
    visits = await crawl()
  }, 120_000)

  it('is looked at whole: every page, every table in every format, and doors that should be closed', () => {
    expect(visits.length).toBeGreaterThan(120)
    expect(visits.filter(({ status }) => status >= 500).map(({ path }) => path)).toEqual([])
    expect(new Set(visits.map(({ type }) => type.split(';')[0])).size).toBeGreaterThan(8)
    expect(secrets.size).toBeGreaterThan(100)
  })

  it('tells no unreleased figure: not in a page, a file, a header or an error', async () => {
    const leaks = visits.flatMap(({ path, head, bytes }) =>
      told(Buffer.concat([Buffer.from(`${path}\n${head}\n`), bytes, unzipped(bytes), doubles(bytes)])).map((each) => `${path}: ${each}`),
    )
    expect(leaks).toEqual([])
  })

  it('tells none in the statistics of a Parquet file, whose pages are compressed', async () => {
    const files = visits.filter(({ type, status }) => type.includes('parquet') && status === 200)
    expect(files.length).toBe(release.tables.length)
    for (const { bytes } of files) {
      const file = { byteLength: bytes.length, slice: (from: number, to?: number) => Uint8Array.from(bytes.subarray(from, to)).buffer }
      const rows = await parquetReadObjects({ file, compressors })
      expect(told(Buffer.from(JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))))).toEqual(
        [],
      )
      expect(told(doubles(bytes))).toEqual([])
    }
  })

  it('tells none in the log or in names of files', async () => {
    const names = await readdir(join(house.folder, 'releases'), { recursive: true })
    expect(told(Buffer.from(`${logged.join('\n')}\n${names.join('\n')}`))).toEqual([])
  })

  it('is closed where the office works', () => {
    const statuses = Object.fromEntries(
      visits
        .filter(({ path }) => /^\/(office|desk|disclosure|releases\/|metrics)|extracts|disclosure/.test(path))
        .map(({ path, status }) => [path, status]),
    )
    for (const [path, status] of Object.entries(statuses))
      expect([path, [200].includes(status) && !/office|compare/.test(path)]).toEqual([path, false])
    expect(statuses['/api/v1/extracts/2026-r1.zip']).toBe(401)
  })

  it('would be seen if it told one: the file that the office keeps for itself does', async () => {
    expect(told(await readFile(join(house.folder, 'disclosure', '2026-r1', 'vintage.json'))).length).toBeGreaterThan(50)
  })
})
