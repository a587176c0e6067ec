import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import express from 'express'
import type { AddressInfo } from 'node:net'
import { apiRoutes } from '../../../aggregator/portal/api.ts'
import { sdmxRoutes } from '../../../aggregator/portal/sdmx-routes.ts'
import { exampleRelease, sourceOf } from '../../support/released.ts'
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import openapi from '../../../aggregator/portal/openapi.json' with { type: 'json' }
import { openTestOffice, type TestOffice } from '../../support/test-office.ts'

/** Where app.ts mounts the routes that the description covers. Pages and the office page are for people and not in it. */
const mounted = [
  ['aggregator/http/health-routes.ts', ''],
  ['aggregator/portal/api.ts', '/api/v1'],
  ['aggregator/portal/extracts.ts', '/api/v1'],
  ['aggregator/portal/sdmx-routes.ts', '/sdmx'],
  ['aggregator/fieldwork/device-routes.ts', '/device'],
] as const

let house: TestOffice
beforeAll(async () => {
  house = await openTestOffice()
})
afterAll(() => house.remove())

type Operation = { readonly parameters?: readonly { readonly name: string; readonly in: string; readonly example?: string }[] }
const operations = Object.entries(openapi.paths).flatMap(([path, methods]) =>
  Object.entries(methods as Readonly<Record<string, Operation>>).map(([method, operation]) => ({ method, path, operation })),
)

describe('the description of the API', () => {
  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(openapi))
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined })
  })

  it.each(operations)('$method $path is served', async ({ method, path, operation }) => {
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => operation.parameters?.find((each) => each.name === name)?.example ?? 'x')
    const response = await fetch(`${house.url}${filled}`, {
      method: method.toUpperCase(),
      ...(method === 'post' ? { headers: { 'content-type': 'application/json' }, body: '{}' } : {}),
    })
    expect(response.status).not.toBe(500)
    expect(await response.text()).not.toContain('/problems/unknown-route')
  })

  it('names every route of the mounted files', () => {
    const described = operations.map(({ method, path }) => `${method} ${path}`)
    const served = mounted.flatMap(([file, prefix]) =>
      [...readFileSync(file, 'utf8').matchAll(/rout(?:er|es)\.(get|post|put|delete)\(\s*'([^']+)'/g)].flatMap(
        ([, method = '', path = '']) => optionalForms(path).map((each) => `${method} ${prefix}${each}`),
      ),
    )
    expect(served.length).toBeGreaterThan(10)
    expect(served.filter((each) => !described.includes(each) && !/structure\/\{type\}\/|\{provider\}/.test(each))).toEqual([])
  })
})

describe('the examples and answers of the API', () => {
  const ajv = formats.default(new Ajv2020({ strict: false }))
  ajv.addSchema(openapi, 'api')
  const validatorAt = (...path: readonly string[]) =>
    ajv.getSchema(`api#/${path.map((each) => encodeURIComponent(each.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`)
  type Content = { readonly example?: unknown }
  const examples = Object.entries(openapi.paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, { responses: Record<string, { content?: Record<string, Content> }> }>).flatMap(
      ([method, { responses }]) =>
        Object.entries(responses).flatMap(([status, { content = {} }]) =>
          Object.entries(content).flatMap(([media, { example }]) =>
            example === undefined ? [] : [{ path, method, status, media, example }],
          ),
        ),
    ),
  )

  it.each(examples)('$method $path shows an example that fits its schema', ({ path, method, status, media, example }) => {
    const validate = validatorAt('paths', path, method, 'responses', status, 'content', media, 'schema')
    expect(validate).toBeDefined()
    void validate?.(example)
    expect(validate?.errors ?? null).toBeNull()
  })

  const releases = sourceOf(exampleRelease())
  const server = express()
    .set('query parser', 'simple')
    .use('/api/v1', apiRoutes({ releases }))
    .use('/sdmx', sdmxRoutes({ releases }))
    .listen(0, '127.0.0.1')
  afterAll(() => server.close())

  it.each([
    ['/api/v1/releases', '/api/v1/releases'],
    ['/api/v1/releases/{release}', '/api/v1/releases/latest'],
    ['/api/v1/releases/{release}/tables/{table}', '/api/v1/releases/2026-r1/tables/MIG01.area-sex'],
    ['/sdmx/v2/availability/dataflow/{agency}/{id}/{version}', '/sdmx/v2/availability/dataflow/TALA/DF_TALA/1.0.0'],
  ])('%s answers what it describes', async (path, asked) => {
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${asked}`)
    const validate = validatorAt('paths', path, 'get', 'responses', '200', 'content', 'application/json', 'schema')
    expect(validate).toBeDefined()
    void validate?.(await response.json())
    expect(validate?.errors ?? null).toBeNull()
  })
})

/** `/a{/:b}` -> `/a`, `/a/{b}`; `*path` -> `{path}`. */
function optionalForms(path: string): string[] {
  const optional = /\{([^}]*:[^}]*)\}/.exec(path)
  if (!optional) return [path.replace(/[:*](\w+)/g, '{$1}')]
  const [whole = '', inner = ''] = optional
  return [...optionalForms(path.replace(whole, '')), ...optionalForms(path.replace(whole, inner))]
}
