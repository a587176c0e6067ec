import { readFileSync } from 'node:fs'
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

/** `/a{/:b}` -> `/a`, `/a/{b}`; `*path` -> `{path}`. */
function optionalForms(path: string): string[] {
  const optional = /\{([^}]*:[^}]*)\}/.exec(path)
  if (!optional) return [path.replace(/[:*](\w+)/g, '{$1}')]
  const [whole = '', inner = ''] = optional
  return [...optionalForms(path.replace(whole, '')), ...optionalForms(path.replace(whole, inner))]
}
