import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, describe, expect, it } from 'vitest'
import { apiRoutes } from '../../../aggregator/portal/api.ts'
import { exampleRelease, sourceOf } from '../../support/released.ts'

const release = { ...exampleRelease(), folder: '/srv/tala/releases/2026-r1' }
const server = express()
  .use(apiRoutes({ releases: sourceOf(release) }))
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
