import { describe, expect, it } from 'vitest'
import { contentOf, deviceOf } from '../../../aggregator/ingest/read-record.ts'
import { canonicalJson, sealedContent } from '../../../schemas/canonical.ts'
import type { SealedRecord } from '../../../schemas/generated/records.ts'
import { boundTo } from '../../../schemas/sealing/cover.ts'

const record: SealedRecord = {
  schema: 'sealed/1',
  _id: `r:device01:01J${'0'.repeat(23)}`,
  _rev: `1-${'a'.repeat(32)}`,
  kind: 'interview',
  round: '2026-r1',
  area: '1001',
  questionnaire: { version: '1.0 "new"', id: 'home', sha256: 'b'.repeat(64) },
  finished: '2026-11-02',
  answers: { sealed: 'x.y', key: 'k' },
  sha256: 'c'.repeat(64),
}
const records: readonly (readonly [string, SealedRecord])[] = [
  ['an interview without identity', record],
  ['an interview with identity', { ...record, identity: { key: 'k2', sealed: 'z' } }],
  ['a correction', { ...record, kind: 'correction', replaces: `r:device01:01J${'1'.repeat(23)}` }],
]

// Phones hash and bind the canonical JSON; the server writes the same text without sorting keys.
describe.each(records)('what is written of %s', (_, each) => {
  it('for its hash is its canonical JSON', () => {
    expect(contentOf(each)).toBe(sealedContent(each))
  })

  it('for its seal is the canonical JSON of its cover', () => {
    const { _id, kind, replaces, round, area, questionnaire, finished } = each
    expect(boundTo('answers', each)).toBe(canonicalJson({ _id, kind, replaces, round, area, questionnaire, finished }))
    expect(boundTo('identity', each)).toBe(_id)
  })
})

describe('the device of a record', () => {
  it.each([
    ['r:device01:01J', 'device01'],
    ['r:device01', 'device01'],
    ['nothing', ''],
  ])('%s is %s', (id, device) => {
    expect(deviceOf(id)).toBe(device)
  })
})
