// The bodies that phones send, checked at the door.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { ProblemError } from '../problem.ts'
import type { Renewal } from './enrol.ts'
import type { HandOver } from './hand-over.ts'
import type { Unreceipted } from './receipts.ts'

const text = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength }) as const
const object = <T extends object>(properties: T) => ({ type: 'object', required: Object.keys(properties), properties }) as const

const ajv = new Ajv2020({ strict: true })

export interface EnrolRequest {
  readonly code: string
  readonly publicKey: JsonWebKey
  /** Which recovery key a phone with a forgotten PIN needs. */
  readonly recover?: string
}
export interface FetchRequest {
  readonly items: readonly { readonly kind: string; readonly id: string }[]
}
export interface ReceiptsRequest {
  readonly since: number
  readonly unreceipted: readonly Unreceipted[]
}

const publicKey = object({ kty: text(8), crv: text(16), x: text(64), y: text(64) })
const unreceipted = { type: 'array', maxItems: 1000, items: object({ id: text(96), sha256: { ...text(64), minLength: 16 } }) } as const
const items = { type: 'array', maxItems: 500, items: object({ kind: text(16), id: text(96) }) } as const

const carried = { type: 'array', maxItems: 1000, items: { type: 'object' } } as const

const checks = {
  enrol: ajv.compile<EnrolRequest>({
    ...object({ code: text(64), publicKey }),
    properties: { code: text(64), publicKey, recover: text(96) },
  }),
  renew: ajv.compile<Renewal>(object({ deviceId: text(32), refreshToken: text(2048), issuedAt: text(64), signature: text(128) })),
  fetch: ajv.compile<FetchRequest>(object({ items })),
  handOver: ajv.compile<HandOver>(object({ schema: { const: 'hand-over/1' }, device: text(32), records: carried, signature: text(128) })),
  receipts: ajv.compile<ReceiptsRequest>(object({ since: { type: 'integer', minimum: 0 }, unreceipted })),
}

export const enrolRequest = (body: unknown): EnrolRequest => checked(checks.enrol, body)
export const renewRequest = (body: unknown): Renewal => checked(checks.renew, body)
export const fetchRequest = (body: unknown) => checked(checks.fetch, body).items
export const handOverRequest = (body: unknown): HandOver => checked(checks.handOver, body)
export const receiptsRequest = (body: unknown): ReceiptsRequest => checked(checks.receipts, body)

/** @throws ProblemError `invalid-request` naming the member that is wrong, never its value. */
function checked<T>(check: ValidateFunction<T>, body: unknown): T {
  if (check(body)) return body
  const { instancePath = '', keyword = '' } = check.errors?.[0] ?? {}
  throw new ProblemError('invalid-request', `The body is not as expected at ${instancePath || '/'} (${keyword}).`)
}
