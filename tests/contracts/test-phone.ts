// A phone as the server sees one: a key of its own, tokens, sealed records. What is sealed is noise: the gateway cannot tell.
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { canonicalJson, sealedContent } from '../../schemas/canonical.ts'
import type { SealedRecord } from '../../schemas/generated/records.ts'
import type { Enrolment, Tokens } from '../../aggregator/fieldwork/enrol.ts'

export type Pushed = SealedRecord & { _id: string; _rev: string; _revisions: { start: number; ids: string[] } }

export class TestPhone {
  readonly url: string
  readonly privateKey: KeyObject
  readonly publicKey: JsonWebKey
  id = ''
  tokens: Tokens = { accessToken: '', accessExpires: '', refreshToken: '' }
  private signed = 0

  constructor(url: string) {
    this.url = url
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.privateKey = privateKey
    this.publicKey = publicKey.export({ format: 'jwk' })
  }

  async enrol(code: string): Promise<Response> {
    const response = await this.send('POST', '/device/enrol', { code, publicKey: this.publicKey })
    if (response.status === 201) this.accept((await response.clone().json()) as Enrolment)
    return response
  }

  accept(enrolment: Tokens & { deviceId?: string }): void {
    if (enrolment.deviceId !== undefined) this.id = enrolment.deviceId
    this.tokens = { accessToken: enrolment.accessToken, accessExpires: enrolment.accessExpires, refreshToken: enrolment.refreshToken }
  }

  renewal(refreshToken = this.tokens.refreshToken, key = this.privateKey) {
    this.signed += 1
    const issuedAt = `2026-11-21T10:00:00.${String(this.signed).padStart(3, '0')}Z`
    const bytes = new TextEncoder().encode(`${this.id}.${refreshToken}.${issuedAt}`)
    const signature = sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')
    return { deviceId: this.id, refreshToken, issuedAt, signature }
  }

  /** Renews and keeps the new tokens. */
  async renew(body: object = this.renewal()): Promise<Response> {
    const response = await this.send('POST', '/device/token', body)
    if (response.ok) this.accept((await response.clone().json()) as Tokens)
    return response
  }

  send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const gzip = headers['content-encoding'] === 'gzip'
    const bytes = body === undefined ? undefined : typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
    return fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.tokens.accessToken}`, 'content-type': 'application/json', ...headers },
      ...(bytes === undefined ? {} : { body: (gzip && typeof bytes === 'string' ? gzipSync(bytes) : bytes) as BodyInit }),
    })
  }

  push(docs: readonly unknown[], headers: Record<string, string> = {}): Promise<Response> {
    return this.send('POST', '/sync/v1/inbox/_bulk_docs', { docs, new_edits: false }, headers)
  }

  record(changes: Partial<SealedRecord> = {}): Pushed {
    return stamped({ ...blank(this.id), ...changes })
  }
}

export function recordId(device: string): string {
  const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
  return `r:${device}:${[...randomBytes(26)].map((byte) => letters[byte % 32]).join('')}`
}

function blank(device: string): Omit<SealedRecord, 'sha256'> {
  const part = () => ({
    key: `${noise(40)}.${noise(54)}.${noise(16)}.${noise(43)}.${noise(22)}`,
    sealed: `${noise(150)}..${noise(16)}.${noise(400)}.${noise(22)}`,
  })
  return {
    _id: recordId(device),
    schema: 'sealed/1',
    kind: 'interview',
    round: '2026-11',
    area: '9901001000',
    questionnaire: { id: 'household', version: '1', sha256: 'a'.repeat(64) },
    finished: '2026-11-21',
    answers: part(),
    identity: part(),
  }
}

/** Gives a record its hash and its first revision, as the phone does. */
export function stamped(record: Omit<SealedRecord, 'sha256'> & { sha256?: string }): Pushed {
  const sha256 = createHash('sha256').update(sealedContent(record)).digest('hex')
  const hash = createHash('md5')
    .update(canonicalJson({ ...record, sha256 }))
    .digest('hex')
  return { ...record, sha256, _rev: `1-${hash}`, _revisions: { start: 1, ids: [hash] } }
}

const noise = (length: number) => randomBytes(length).toString('base64url').slice(0, length)
