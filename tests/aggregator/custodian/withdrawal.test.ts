import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AuditEntry, verifyAudit } from '../../../aggregator/custody/audit-chain.ts'
import {
  proofOfWithdrawal,
  reapplyWithdrawals,
  tombstonesOf,
  withdrawByCode,
  withdrawRecord,
  type WithdrawalPlaces,
} from '../../../aggregator/custodian/withdrawal.ts'
import { receiptSource } from '../../../aggregator/warehouse/receipts.ts'
import { type Field, openField, recordId } from '../ingest/field.ts'

const words = 'planted-words-of-the-household'
let field: Field
beforeEach(async () => {
  field = await openField({ onDisk: true })
})
afterEach(() => field.close())

const places = (more: Partial<WithdrawalPlaces> = {}): WithdrawalPlaces => ({
  ...field,
  clock: () => new Date('2026-11-04T00:00:00Z'),
  ...more,
})
const entries = () =>
  readFileSync(join(field.folder, 'audit.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditEntry)

/** Every file of the aggregator that holds the text, in any encoding a store may have left it. */
function filesWith(text: string): string[] {
  const forms = [
    Buffer.from(text, 'utf8'),
    Buffer.from(text, 'utf16le'),
    Buffer.from(Buffer.from(text).toString('base64').replace(/=+$/, '').slice(0, -2)),
  ]
  return readdirSync(field.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => forms.some((form) => readFileSync(path).includes(form)))
}

const givenTwoHomes = async () => {
  const record = await field.send({
    number: 1,
    home: 'planted-home',
    names: ['Planted-name'],
    phone: '0917-planted',
    answers: { Q01: words },
    withdrawalCode: 'K7QF-2M9X',
  })
  await field.send({ number: 2, answers: { Q01: 'words that stay' } })
  await field.ingest.once()
  await field.warehouse.checkpoint()
  return record
}

describe('what the aggregator writes', () => {
  it('holds no direct identifier in any file, at any time', async () => {
    await givenTwoHomes()
    for (const identifier of ['planted-home', 'Planted-name', '0917-planted', 'K7QF-2M9X', 'K7QF2M9X'])
      expect(filesWith(identifier)).toEqual([])
    // The search itself finds what is there: an ordinary answer lies in the warehouse.
    expect(filesWith(words)).not.toEqual([])
  })
})

describe('withdrawal by the code on the slip', () => {
  it('leaves no trace of the interview in any file', async () => {
    const record = await givenTwoHomes()
    const [before] = await field.rows(`select household_key from home where record_id = '${record._id}'`)
    expect(await withdrawByCode(places(), 'k7qf 2m9x', 'custodian')).toEqual({ kind: 'erased', records: 1 })
    expect(await field.rows(`select count(*)::integer from home where household_key = '${String(before?.[0])}'`)).toEqual([[0]])
    expect(await field.rows('select "Q01" from current_home')).toEqual([['words that stay']])
    expect(filesWith(words)).toEqual([])
    expect(await field.inbox.read([record._id])).toEqual([])
  })

  it('leaves no sealed copy in the files of the embedded store, and the other homes as they were', async () => {
    const record = await givenTwoHomes()
    const cipher = record.answers.sealed.split('.')[3] ?? 'none'
    expect(filesWith(cipher)).not.toEqual([])
    await withdrawByCode(places(), 'K7QF-2M9X', 'custodian')
    expect(filesWith(cipher)).toEqual([])
    expect(await field.inbox.read([recordId(2)])).toHaveLength(1)
  })

  it('erases the corrections with the original', async () => {
    await givenTwoHomes()
    await field.send({ number: 3, kind: 'correction', replaces: recordId(1), home: 'planted-home', answers: { Q01: `${words}-again` } })
    await field.ingest.once()
    expect(await withdrawByCode(places(), 'K7QF-2M9X', 'custodian')).toEqual({ kind: 'erased', records: 2 })
    expect(filesWith(words)).toEqual([])
  })

  it('tells the phone, so that it frees its own copy', async () => {
    await givenTwoHomes()
    await withdrawByCode(places(), 'K7QF-2M9X', 'custodian')
    const receipts = await receiptSource(field.warehouse).status('device01', [recordId(1)])
    expect(receipts.get(recordId(1))).toMatchObject({ status: 'withdrawn', reasons: [] })
  })

  it('is proven by the audit chain, which names neither code nor record', async () => {
    await givenTwoHomes()
    await withdrawByCode(places(), 'K7QF-2M9X', 'custodian')
    expect(proofOfWithdrawal(entries(), field.keys, 'K7QF2M9X').map(({ action, facts }) => [action, facts?.['records']])).toEqual([
      ['withdrawal.asked', undefined],
      ['withdrawal.done', 1],
    ])
    expect(entries().map(({ action }) => action)).toContain('withdrawal.erased')
    expect(readFileSync(join(field.folder, 'audit.jsonl'), 'utf8')).not.toContain(recordId(1))
    expect(await verifyAudit(join(field.folder, 'audit.jsonl'), [], field.keys)).toMatchObject({ kind: 'whole' })
  })

  it('says in the chain when each place was cleaned, whoever asked', async () => {
    await givenTwoHomes()
    await field.send({ number: 3, kind: 'withdrawal', replaces: recordId(1), answers: {} })
    await field.ingest.once()
    const at = '2026-11-03T00:00:00.000Z'
    expect(proofOfWithdrawal(entries(), field.keys, 'K7QF-2M9X').map(({ action, facts }) => [action, facts])).toEqual([
      ['withdrawal.done', { records: 1, warehouse: at, inbox: at, quarantine: at, file: at, tables: at }],
    ])
  })

  it('tells working tables and caches which records to forget', async () => {
    await givenTwoHomes()
    const forgotten: string[] = []
    await withdrawByCode(places({ onErased: (ids) => forgotten.push(...ids) }), 'K7QF-2M9X', 'custodian')
    expect(forgotten).toEqual([recordId(1)])
  })

  it('of an interview that is still on its way keeps it out when it comes', async () => {
    expect(await withdrawByCode(places(), 'K7QF-2M9X', 'custodian')).toEqual({ kind: 'noted' })
    const record = await givenTwoHomes()
    expect(await field.rows('select "Q01" from home')).toEqual([['words that stay']])
    expect(await field.inbox.read([record._id])).toEqual([])
  })

  it('goes on where a crash stopped it', async () => {
    await givenTwoHomes()
    const crash = { ...field.inbox, purge: () => Promise.reject(new Error('power cut')) } as unknown as typeof field.inbox
    await expect(withdrawByCode(places({ inbox: crash }), 'K7QF-2M9X', 'custodian')).rejects.toThrow('power cut')
    await field.restart().once()
    expect(filesWith(words)).toEqual([])
    expect(await field.rows('select * from erasure')).toEqual([])
    expect(entries().map(({ action }) => action)).toContain('withdrawal.erased')
    expect(proofOfWithdrawal(entries(), field.keys, 'K7QF-2M9X').map(({ action }) => action)).toEqual([
      'withdrawal.asked',
      'withdrawal.done',
    ])
  })
})

describe('withdrawal by the phone', () => {
  it('erases the interview as soon as it is taken in', async () => {
    await givenTwoHomes()
    await field.send({ number: 3, kind: 'withdrawal', replaces: recordId(1), answers: {} })
    expect(await field.ingest.once()).toMatchObject({ accepted: 1, withdrawn: 1 })
    expect(filesWith(words)).toEqual([])
  })

  it('by another phone waits for a person, unless it knows the code', async () => {
    await givenTwoHomes()
    await field.send({ number: 3, device: 'device02', kind: 'withdrawal', replaces: recordId(1), answers: {}, withdrawalCode: 'GUESSED' })
    expect(await field.ingest.once()).toMatchObject({ held: 1, withdrawn: 0 })
    await field.send({ number: 4, device: 'device02', kind: 'withdrawal', replaces: recordId(1), answers: {}, withdrawalCode: 'K7QF-2M9X' })
    expect(await field.ingest.once()).toMatchObject({ accepted: 1, withdrawn: 1 })
  })

  it('that overtakes its interview keeps it out', async () => {
    await field.send({ number: 3, kind: 'withdrawal', replaces: recordId(1), answers: {} })
    await field.ingest.once()
    await givenTwoHomes()
    expect(await field.rows('select "Q01" from home')).toEqual([['words that stay']])
  })
})

describe('tombstones', () => {
  it('keep an old copy out, whichever phone or backup brings it', async () => {
    const record = await givenTwoHomes()
    await withdrawRecord(places(), recordId(1), 'custodian')
    await field.inbox.bulkWrite([{ ...record, _rev: `1-${'e'.repeat(32)}` }])
    await field.warehouse.write(async (connection) => void (await connection.run('update checkpoint set since = null')))
    await field.restart().once()
    expect(await field.rows('select "Q01" from home')).toEqual([['words that stay']])
    expect(await field.inbox.read([record._id])).toEqual([])
  })

  it('are in the audit chain, so that a warehouse restored from an older backup loses the interview again', async () => {
    await givenTwoHomes()
    // The chain outlives the warehouse: what it says is put to a warehouse that never heard of it.
    const before = await openField({ onDisk: true })
    try {
      await field.audit.append({ actor: 'custodian', action: 'withdrawal.asked', subject: 'f'.repeat(64) })
      await withdrawByCode(places(), 'K7QF-2M9X', 'custodian')
      const restored: WithdrawalPlaces = { ...before, keys: field.keys, clock: () => new Date() }
      const sent = await field.seal({ number: 1, answers: { Q01: words }, withdrawalCode: 'K7QF-2M9X' })
      await before.put(sent)
      const { createIngest } = await import('../../../aggregator/ingest/ingest.ts')
      const { homeRound, homeSurvey } = await import('../ingest/home-survey.ts')
      const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
      await createIngest({
        ...restored,
        questionnaires: { find: async () => homeSurvey },
        rounds: { find: async () => homeRound },
        log: quiet,
      }).once()
      expect(await before.rows('select "Q01" from home')).toEqual([[words]])
      expect(await reapplyWithdrawals(restored, tombstonesOf(entries()))).toBe(1)
      expect(await before.rows('select "Q01" from home')).toEqual([])
    } finally {
      await before.close()
    }
  })
})
