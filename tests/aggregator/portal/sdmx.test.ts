import type { AddressInfo } from 'node:net'
import { parse } from 'csv-parse/sync'
import express from 'express'
import { SDMXParser } from 'sdmx-json-parser'
import { getDataQuery, getDataQuery2, getService, getUrl } from 'sdmx-rest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { handleProblem } from '../../../aggregator/http/problems.ts'
import { recordsOf } from '../../../aggregator/formats/observations.ts'
import { sdmxRoutes } from '../../../aggregator/portal/sdmx-routes.ts'
import { exampleTable } from '../../support/protected-table.ts'
import { exampleRelease, sourceOf } from '../../support/released.ts'

const app = express()
app.use('/sdmx', sdmxRoutes({ releases: sourceOf(exampleRelease()) }))
app.use(handleProblem)
const server = app.listen(0, '127.0.0.1')
let base = ''
beforeAll(() => {
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sdmx`
})
afterAll(() => server.close())

const flow = 'v2/data/dataflow/TALA/DF_TALA/1.0.0'

describe('SDMX data', () => {
  it('is read by the client of the Pacific data hub, every cell in its place', async () => {
    const parser = new SDMXParser()
    await parser.getDatasets(`${base}/${flow}?`)
    const rows = parser.getData()
    expect(rows.length).toBe(9)
    const inOrder = (values: readonly unknown[]) => values.map(String).toSorted((a, b) => a.localeCompare(b))
    expect(inOrder(rows.map(({ value }) => value))).toEqual(inOrder(recordsOf(exampleTable()).map(({ OBS_VALUE }) => OBS_VALUE)))
  })

  it('answers the URLs that sdmx-rest builds, in the media type asked for', async () => {
    const urls = [
      getUrl(
        getDataQuery({ flow: 'TALA,DF_TALA,1.0.0', key: 'A.A1.MIG01.F+M....', start: '2025', end: '2027' }),
        getService({ url: `${base}/v1`, api: 'v1.5.0' }),
      ),
      getUrl(
        getDataQuery2({
          context: 'dataflow=TALA:DF_TALA(1.0.0)',
          key: 'A.A1.MIG01.*',
          filters: ['TIME_PERIOD=ge:2025+le:2027', 'SEX=F,M'],
        }),
        getService({ url: `${base}/v2`, api: 'v2.0.0' }),
      ),
    ]
    for (const url of urls) {
      const response = await fetch(url, { headers: { accept: 'application/vnd.sdmx.data+csv' } })
      expect([url, response.status, response.headers.get('content-type')]).toEqual([
        url,
        200,
        expect.stringContaining('application/vnd.sdmx.data+csv'),
      ])
      const rows = parse(await response.text(), { columns: true }) as Record<string, string>[]
      expect(rows.map(({ SEX, OBS_VALUE }) => [SEX, OBS_VALUE])).toEqual([
        ['F', '20'],
        ['M', '10'],
      ])
    }
  })

  it("takes R's URL: a trailing slash and an ML answer", async () => {
    const response = await fetch(`${base}/v1/data/DF_TALA/A.A1+A2.MIG01.F..../all/?startPeriod=2026&endPeriod=2026`)
    expect(response.headers.get('content-type')).toContain('genericdata+xml')
    const text = await response.text()
    expect([...text.matchAll(/<gen:Obs>/g)]).toHaveLength(2)
    expect(text).toContain('<gen:ObsValue value="20"/>')
  })

  it('reads + in the query as and, not as a space', async () => {
    const asked = async (condition: string) => (await fetch(`${base}/${flow}?c[TIME_PERIOD]=${condition}&format=csv`)).status
    expect(await asked('ge:2025+le:2026')).toBe(200)
    expect(await asked('ge:2025+le:2025')).toBe(204)
  })

  it.each([
    ['too many positions', `${flow}/A.B.C.D.E.F.G.H.I.J`, 400],
    ['an unknown component', `${flow}?c[NAME]=x`, 400],
    ['an unknown flow', 'v2/data/dataflow/TALA/DF_OTHER/1.0.0', 404],
    ['a format that is not offered', `${flow}?format=pdf`, 406],
  ])('says what to do about %s', async (_what, path, status) => {
    const response = await fetch(`${base}/${path}`)
    expect([response.status, response.headers.get('content-type')]).toEqual([status, expect.stringContaining('application/problem+json')])
  })

  it('withholds in every format alike: no value, status Q', async () => {
    const csv = parse(await (await fetch(`${base}/${flow}/A.A2?format=csv`)).text(), { columns: true }) as Record<string, string>[]
    expect(csv.map(({ OBS_VALUE, OBS_STATUS, CONF_STATUS }) => [OBS_VALUE, OBS_STATUS, CONF_STATUS])).toEqual(
      Array.from({ length: 3 }, () => ['NaN', 'Q', 'C']),
    )
    expect(await (await fetch(`${base}/${flow}/A.A2?format=structurespecificdata`)).text()).not.toContain('OBS_VALUE=')
  })
})

describe('SDMX availability', () => {
  it('knows only published cells', async () => {
    const body = (await (await fetch(`${base}/v2/availability/dataflow/TALA/DF_TALA/1.0.0`)).json()) as {
      obsCount: number
      values: Record<string, string[]>
    }
    expect(body.obsCount).toBe(6)
    expect(body.values.REF_AREA).toEqual(['_T', 'A1'])
  })
})

describe('SDMX over several releases', () => {
  const cells = exampleTable().cells
  const first = exampleRelease({ id: '2026-r1', published: '2026-03-01T10:00:00Z' })
  const changed = exampleTable({ cells: cells.map((cell, index) => (index === 0 && cell.value !== null ? { ...cell, value: 31 } : cell)) })
  const second = exampleRelease({ id: '2026-r2', published: '2026-06-01T10:00:00Z', tables: [changed] })
  const fewer = exampleRelease({ id: '2026-r3', published: '2026-09-01T10:00:00Z', tables: [] })
  const several = express()
  several.use('/sdmx', sdmxRoutes({ releases: sourceOf(second, first) }))
  several.use('/gone', sdmxRoutes({ releases: sourceOf({ ...fewer, tables: [exampleTable({ cells: cells.slice(0, 3) })] }, second) }))
  several.use(handleProblem)
  const open = several.listen(0, '127.0.0.1')
  afterAll(() => open.close())
  const ask = async (query: string, door = 'sdmx') => {
    const response = await fetch(`http://127.0.0.1:${(open.address() as AddressInfo).port}/${door}/${flow}?format=csv&${query}`)
    const text = await response.text()
    const rows = response.status === 200 ? (parse(text, { columns: true }) as Record<string, string>[]) : []
    return { status: response.status, values: rows.map(({ OBS_VALUE }) => OBS_VALUE), text }
  }

  it('gives the data as they stood at a moment, and nothing before the first release', async () => {
    expect((await ask('')).values).toContain('31')
    expect((await ask('asOf=2026-06-01T17:59:59+08:00')).values).not.toContain('31')
    expect((await ask('asOf=2026-06-01T18:00:00+08:00')).values).toContain('31')
    expect((await ask('asOf=2026-02-28')).status).toBe(204)
  })

  it('gives what changed after a moment, all of it to somebody who had nothing, and nothing when nothing did', async () => {
    expect((await ask('updatedAfter=2026-03-02')).values).toEqual(['31'])
    expect((await ask('updatedAfter=2026-02-01')).values).toHaveLength(9)
    expect((await ask('updatedAfter=2026-06-02')).status).toBe(204)
    expect((await ask('asOf=2026-04-01&updatedAfter=2026-06-02')).status).toBe(204)
  })

  it('refuses a list of changes that could not say what is gone', async () => {
    const { status, text } = await ask('updatedAfter=2026-06-02', 'gone')
    expect([status, text]).toEqual([400, expect.stringContaining('take the whole data again')])
  })

  it('has one period in a release: the first or last observations of each series are all', async () => {
    expect((await ask('firstNObservations=1')).values).toHaveLength(9)
    expect((await ask('lastNObservations=5&includeHistory=false')).values).toHaveLength(9)
  })

  it.each([
    'asOf=yesterday',
    'updatedAfter=2026-13-01',
    'firstNObservations=0',
    'lastNObservations=x',
    'includeHistory=true',
    'limit=5',
    'asOf=%E0%A4',
  ])('says what to do about %s', async (query) => {
    expect((await ask(query)).status).toBe(400)
  })
})
