import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, describe, expect, it } from 'vitest'
import { handleProblem } from '../../../aggregator/http/problems.ts'
import { apiRoutes } from '../../../aggregator/portal/api.ts'
import { tableFormats } from '../../../aggregator/portal/table-formats.ts'
import { exampleRelease, sourceOf } from '../../support/released.ts'

const release = { ...exampleRelease(), folder: '/srv/tala/releases/2026-r1' }
const server = express()
  .set('query parser', 'simple')
  .use(apiRoutes({ releases: { ...sourceOf(release), parquet: async () => Buffer.from('PAR1…PAR1') } }))
  .use(handleProblem)
  .listen(0, '127.0.0.1')
afterAll(() => server.close())

describe('a release over the API', () => {
  it('names its tables, and not the folder of the server it lies in', async () => {
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/releases/latest`)
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({ id: '2026-r1', tables: [{ id: 'MIG01.area-sex', dimensions: ['REF_AREA', 'SEX'] }] })
    expect(text).not.toContain('/srv/')
  })
})

const table = '/releases/latest/tables/MIG01.area-sex'
const get = async (path: string, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { headers: { 'cache-control': 'max-age=0', ...headers } })

describe('a table over the API', () => {
  it.each(tableFormats)('is answered as %s, named by its hash, and not sent again to who has it', async (format) => {
    const first = await get(`${table}?format=${format}`)
    expect(first.status).toBe(200)
    expect((await first.arrayBuffer()).byteLength).toBeGreaterThan(0)
    const again = await get(`${table}?format=${format}`, { 'if-none-match': first.headers.get('etag') ?? '' })
    expect([again.status, (await again.arrayBuffer()).byteLength]).toEqual([304, 0])
  })

  it.each([
    ['text/csv', 'text/csv'],
    ['application/vnd.apache.parquet', 'application/vnd.apache.parquet'],
    ['application/vnd.apache.arrow.stream', 'application/vnd.apache.arrow.stream'],
    ['text/html, */*', 'application/json'],
  ])('follows Accept: %s', async (accept, type) => {
    const response = await get(table, { accept })
    expect(response.headers.get('content-type')).toContain(type)
    expect(response.headers.get('vary')).toContain('Accept')
  })

  it.each([
    ['a format that is not offered', `${table}?format=pdf`, 406, 'format=json'],
    ['an unknown dimension', `${table}?PERSON=1`, 400, 'REF_AREA, SEX'],
    ['an unknown code', `${table}?SEX=Z`, 400, 'no code Z'],
    ['an unknown table', '/releases/latest/tables/NOPE', 404, 'GET the release'],
    ['an unknown release', '/releases/nope/tables/MIG01.area-sex', 404, '/api/v1/releases'],
    ['a part of the Parquet file', `${table}?format=parquet&SEX=F`, 400, 'the whole table'],
  ])('says what to do about %s', async (_what, path, status, advice) => {
    const response = await get(path)
    const problem = (await response.json()) as { detail: string; title: string }
    expect([response.status, response.headers.get('content-type')]).toEqual([status, expect.stringContaining('application/problem+json')])
    expect(problem.detail).toContain(advice)
  })

  it('is kept shorter by browsers under the name latest than under its own', async () => {
    const ages = await Promise.all(
      ['latest', '2026-r1'].map(async (id) => (await get(`/releases/${id}/tables/MIG01.area-sex`)).headers.get('cache-control')),
    )
    expect(ages).toEqual(['public, max-age=300', 'public, max-age=86400'])
  })
})
