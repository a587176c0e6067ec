// What one would write in an afternoon: jose for the seals, ajv for the shape, one INSERT per row. No consent, no ledger; the rules when asked.
import { createHmac } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import * as jose from 'jose'
import type { KeyProvider } from '../../aggregator/custody/keys.ts'
import type { StoredDocument } from '../../aggregator/inbox/store.ts'
import { answersCheck } from '../../aggregator/ingest/answers-check.ts'
import { withIdentity } from '../../aggregator/ingest/merge-identity.ts'
import { identifiersOf } from '../../aggregator/ingest/rules/read-identity.ts'
import type { SealedPart, SealedRecord } from '../../schemas/generated/records.ts'
import type { Answers } from '../../schemas/interview/answers.ts'
import { createForm } from '../../schemas/interview/create-form.ts'
import type { Identity, Interview } from '../../schemas/interview/interview.ts'
import { boundTo, identityWithId, withCover } from '../../schemas/sealing/cover.ts'
import { dictionaryFor } from '../../schemas/sealing/dictionary.ts'
import { openPartWithJose } from '../../tests/support/jose-part.ts'
import { createTables, type Table, tablesOf } from '../../schemas/xlsform/tables.ts'
import { areaLists, questionnaire } from './made-up.ts'

/**
 * @param withRules also calculates and validates each interview with the form engine, one after the other, as any program can.
 * @returns households per second.
 */
export async function straight(path: string, documents: readonly StoredDocument[], keys: KeyProvider, withRules: boolean): Promise<number> {
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  const tables = tablesOf(questionnaire)
  await connection.run(createTables(tables))
  const inserts = await Promise.all(
    tables.map(({ name, columns }) =>
      connection.prepare(`insert into "${name}" values (${columns.map(({ type }, at) => `$${at + 1}::${type}`).join(', ')})`),
    ),
  )
  const check = answersCheck(questionnaire)
  const preset = dictionaryFor(questionnaire)
  const secret = keys.current('pseudonym-household').key
  const pseudonym = (text: string) => {
    const hex = createHmac('sha256', secret).update(text).digest('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
  }
  const open = async (part: SealedPart, bound: string) => {
    const { kid = '' } = jose.decodeProtectedHeader(part.key)
    const key = keys.get(kid)?.key
    if (!key) throw new Error('no key')
    const envelope = await jose.compactDecrypt(part.key, key)
    const { k = '' } = JSON.parse(new TextDecoder().decode(envelope.plaintext)) as { k?: string }
    const frame = Buffer.from(await openPartWithJose(part.sealed, bound, k))
    return inflateRawSync(frame.subarray(4, 4 + frame.readUInt32BE(0)), { dictionary: preset }).toString('utf8')
  }
  const form = createForm(questionnaire, { today: '2026-11-02', now: '2026-11-02T08:40:00+08:00', settings: {}, lists: areaLists })
  const started = performance.now()
  for (let from = 0; from < documents.length; from += 500) {
    await connection.run('begin')
    for (const document of documents.slice(from, from + 500)) {
      const sealed = document as unknown as SealedRecord
      const text = await open(sealed.answers, boundTo('answers', sealed))
      const interview = withCover(JSON.parse(text) as object, sealed) as unknown as Interview
      const identity = identityWithId(
        JSON.parse(await open(sealed.identity ?? sealed.answers, boundTo('identity', sealed))) as object,
        sealed._id,
      ) as unknown as Identity
      if (check.breach(interview.answers)) continue
      if (withRules) {
        const whole = form.calculate(withIdentity(interview.answers, identifiersOf(identity)))
        if (form.validate(whole).some(({ severity }) => severity === 'blocking')) continue
      }
      for (const [at, table] of tables.entries())
        for (const cells of rowsOf(table, interview, pseudonym)) {
          const insert = inserts[at]
          insert?.bind(cells)
          await insert?.run()
        }
    }
    await connection.run('commit')
  }
  const seconds = (performance.now() - started) / 1000
  connection.closeSync()
  instance.closeSync()
  return documents.length / seconds
}

function rowsOf({ repeat, columns }: Table, interview: Interview, pseudonym: (text: string) => string): (string | number | null)[][] {
  const answers: Answers = interview.answers
  const members = repeat === undefined ? [answers] : ((answers[repeat] ?? []) as readonly Answers[])
  const meta: Readonly<Record<string, string>> = {
    record_id: interview.id,
    household_key: pseudonym(interview.id),
    round: interview.round,
    area: interview.area,
    questionnaire_version: interview.questionnaire.version,
    finished: interview.finished.slice(0, 10),
  }
  return members.map((row, position) =>
    columns.map(({ name, holds, question, type }) => {
      if (name === 'person_key') return pseudonym(`${interview.id}|${JSON.stringify(row['_id'])}`)
      if (name === 'row_position') return position
      if (holds === 'meta') return meta[name] ?? null
      const value = question ? row[question.name] : undefined
      if (holds === 'missing') return value === '98' || value === '99' ? Number(value) : null
      if (value === undefined || value === '' || value === '98' || value === '99') return null
      if (Array.isArray(value)) return type === 'VARCHAR[]' ? `[${value.join(', ')}]` : value.join(' ')
      return value as string | number
    }),
  )
}
