// What the parts cost that no ingest can do without, each alone and warm: their sum is the limit.
import { createDecipheriv, createECDH, createHash, createHmac, type KeyObject } from 'node:crypto'
import { inflateSync } from 'fflate'
import { DuckDBInstance } from '@duckdb/node-api'
import type { KeyProvider } from '../../aggregator/custody/keys.ts'
import { openSealed, SessionCache } from '../../aggregator/custody/open-sealed.ts'
import type { StoredDocument } from '../../aggregator/inbox/store.ts'
import { answersCheck } from '../../aggregator/ingest/answers-check.ts'
import { TableBuffer } from '../../aggregator/warehouse/table-buffer.ts'
import { appendChunks, prepareAppends } from '../../aggregator/warehouse/table-writer.ts'
import type { SealedRecord } from '../../schemas/generated/records.ts'
import type { Interview } from '../../schemas/interview/interview.ts'
import { boundTo } from '../../schemas/sealing/cover.ts'
import { dictionaryFor } from '../../schemas/sealing/dictionary.ts'
import { createTables, tablesOf } from '../../schemas/xlsform/tables.ts'
import { cpuMs, questionnaire } from './made-up.ts'

/** Microseconds of processor per household. */
export type Primitives = Readonly<Record<string, number>>

const rounds = 12

export async function primitives(documents: readonly StoredDocument[], keys: KeyProvider): Promise<Primitives> {
  const records = documents as unknown as readonly SealedRecord[]
  const preset = dictionaryFor(questionnaire)
  const opener = { keys, sessions: new SessionCache(), dictionary: () => preset }
  const halves = ['answers', 'identity'] as const
  const opened = records.map((record) =>
    halves.map((half) => {
      const part = record[half] ?? record.answers
      return openSealed(part, { recordId: record._id, half, bound: boundTo(half, record) }, opener)
    }),
  )
  const interviews = opened.map(([text = '{}']) => JSON.parse(text) as Pick<Interview, 'answers'>)
  const sealedBytes = records.map((record) => halves.map((half) => (record[half] ?? record.answers).sealed.split('.')[3] ?? ''))
  const key = Buffer.alloc(32, 7)
  const inflated = Buffer.alloc(1 << 20)
  // Phones seal with a new session key after each unlock; the made-up ones after 20 records.
  const envelopes = [...new Set(records.flatMap((record) => halves.map((half) => (record[half] ?? record.answers).key)))]
  const agreements = envelopes.map((envelope) => {
    const header = JSON.parse(Buffer.from(envelope.split('.')[0] ?? '', 'base64url').toString()) as {
      kid: string
      epk: { x: string; y: string }
    }
    const agreement = createECDH('prime256v1')
    agreement.setPrivateKey(Buffer.from(keys.get(header.kid)?.key.export({ format: 'jwk' }).d ?? '', 'base64url'))
    return {
      agreement,
      point: Buffer.concat([Buffer.of(4), ...[header.epk.x, header.epk.y].map((each) => Buffer.from(each, 'base64url'))]),
    }
  })
  const deflated = await deflatedOf(opened, preset)
  const check = answersCheck(questionnaire)
  const members = interviews.map(({ answers }) => (Array.isArray(answers['person']) ? answers['person'].length : 0))
  const secret: KeyObject = keys.current('pseudonym-person').key
  const plainAjv = interviews.map(({ answers }) => answers)
  // The schema of each question, as ajv compiled it, over the answers there are.
  const checks = new Map<string, ((answer: unknown) => boolean) | undefined>()
  const checkOf = (name: string, repeat: string | undefined) => {
    const known = checks.get(name) ?? check.answer(name, repeat)
    checks.set(name, known)
    return known
  }
  const conforms = (answers: Interview['answers']) => {
    for (const name in answers) {
      const value = answers[name]
      if (Array.isArray(value) && typeof value[0] === 'object')
        for (const row of value as readonly Record<string, unknown>[]) for (const each in row) checkOf(each, name)?.(row[each])
      else checkOf(name, undefined)?.(value)
    }
  }
  return {
    'session keys, two for 20 records':
      (perHousehold(agreements.length, (at) => {
        const { agreement, point = Buffer.alloc(0) } = agreements[at] ?? {}
        agreement?.computeSecret(point)
      }) *
        agreements.length) /
      records.length,
    'AES-GCM, both halves': perHousehold(records.length, (at) => {
      for (const text of sealedBytes[at] ?? []) {
        const decipher = createDecipheriv('aes-256-gcm', key, Buffer.alloc(12), { authTagLength: 16 })
        decipher.update(text, 'base64url')
      }
    }),
    'inflate with dictionary': perHousehold(records.length, (at) => {
      for (const bytes of deflated[at] ?? []) inflated.toString('utf8', 0, inflateSync(bytes, { dictionary: preset, out: inflated }).length)
    }),
    'JSON.parse': perHousehold(records.length, (at) => {
      for (const text of opened[at] ?? []) JSON.parse(text)
    }),
    'ajv, question by question': perHousehold(records.length, (at) => conforms(plainAjv[at] ?? {})),
    'SHA-256 of the record': perHousehold(records.length, (at) => {
      createHash('sha256').update(JSON.stringify(records[at])).digest('hex')
    }),
    'HMAC-SHA-256, household and members': perHousehold(records.length, (at) => {
      for (let each = 0; each <= (members[at] ?? 0); each++) createHmac('sha256', secret).update('r:device:01J|row').digest()
    }),
    'append of ready chunks and commit': await appending(members),
  }
}

function perHousehold(count: number, work: (at: number) => void): number {
  for (let warm = 0; warm < 3; warm++) for (let at = 0; at < count; at++) work(at)
  const cpu = cpuMs()
  for (let round = 0; round < rounds; round++) for (let at = 0; at < count; at++) work(at)
  return ((cpuMs() - cpu) / (rounds * count)) * 1000
}

async function deflatedOf(opened: readonly (readonly string[])[], dictionary: Uint8Array): Promise<readonly Buffer[][]> {
  const { deflateRawSync } = await import('node:zlib')
  return opened.map((texts) => texts.map((text) => deflateRawSync(text, { level: 9, dictionary })))
}

/** One cell in three has a value, as in the survey. */
async function appending(members: readonly number[]): Promise<number> {
  const households = 20_000
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  prepareAppends(connection)
  const tables = tablesOf(questionnaire)
  await connection.run(createTables(tables))
  const mean = members.reduce((sum, each) => sum + each, 0) / members.length
  const chunks = tables.map(({ name, repeat, columns }) => {
    const buffer = new TableBuffer(
      columns.map(({ type }) => type),
      2048,
    )
    const rows = repeat === undefined ? households : Math.round(households * mean)
    for (let row = 0; row < Math.min(rows, 2048); row++)
      buffer.add(
        columns.map(({ type }, at) =>
          (row + at) % 3 > 0
            ? null
            : type === 'VARCHAR'
              ? '01'
              : type === 'UUID'
                ? '0'.repeat(32)
                : type === 'DATE'
                  ? '2026-11-02'
                  : type === 'VARCHAR[]'
                    ? ['1', '2']
                    : 1,
        ),
      )
    const [full] = buffer.finish()
    return { name, chunks: full ? Array.from({ length: Math.round(rows / full.rows) }, () => full) : [] }
  })
  const cpu = cpuMs()
  await connection.run('begin')
  for (const { name, chunks: some } of chunks) await appendChunks(connection, name, some)
  await connection.run('commit')
  const spent = cpuMs() - cpu
  connection.closeSync()
  instance.closeSync()
  return (spent / households) * 1000
}
