import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Release } from '../../../aggregator/releases/release.ts'
import { openTestOffice, type TestOffice } from '../../support/test-office.ts'
import { numbersTold, publishPay } from '../../support/withheld-pay.ts'

let house: TestOffice
let release: Release
let secrets: ReadonlySet<string>
const logged: string[] = []
beforeAll(async () => {
  house = await openTestOffice({
    log: {
      info: (facts: object) => logged.push(JSON.stringify(facts)),
      warn: (facts: object) => logged.push(JSON.stringify(facts)),
      error: (facts: object) => logged.push(JSON.stringify(facts)),
    },
  })
  const made = await publishPay(house.office)
  release = made.release
  secrets = made.withheld
}, 120_000)
afterAll(() => house.remove())

const told = (bytes: Buffer) => numbersTold(bytes, secrets)

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
