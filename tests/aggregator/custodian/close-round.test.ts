import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backUp, restoreInbox, verifyBackup } from '../../../aggregator/custodian/backup.ts'
import { closeRound } from '../../../aggregator/custodian/close-round.ts'
import { openKeyring } from '../../../aggregator/custody/file-keyring.ts'
import { openSealed, SessionCache } from '../../../aggregator/custody/open-sealed.ts'
import { decide } from '../../../aggregator/ingest/review.ts'
import { receiptSource } from '../../../aggregator/warehouse/receipts.ts'
import type { SealedRecord } from '../../../schemas/generated/records.ts'
import { boundTo } from '../../../schemas/sealing/cover.ts'
import { dictionaryFor } from '../../../schemas/sealing/dictionary.ts'
import { type Field, openField, recordId } from '../ingest/field.ts'
import { homeSurvey } from '../ingest/home-survey.ts'

let field: Field
let folder = ''
beforeEach(async () => {
  field = await openField({ onDisk: true })
  folder = join(field.folder, 'backup')
})
afterEach(() => field.close())

const clock = () => new Date('2026-12-31T00:00:00Z')
const sources = () => ({ ...field, auditPath: join(field.folder, 'audit.jsonl'), clock })
const dictionary = () => dictionaryFor(homeSurvey)
const close = () => closeRound({ ...field, dictionary }, '2026-r1', folder)

const open = (record: SealedRecord, part: 'answers' | 'identity', keys = field.keys) =>
  openSealed(
    record[part] ?? { key: '', sealed: '' },
    { recordId: record._id, half: part, bound: boundTo(part, record) },
    { keys, sessions: new SessionCache(), dictionary },
  )

describe('a backup', () => {
  it('holds what the warehouse and the inbox hold, and then lets the phones free their copies', async () => {
    await field.send({ number: 1 })
    await field.ingest.once()
    const status = async () => (await receiptSource(field.warehouse).status('device01', [recordId(1)])).get(recordId(1))?.backedUp
    expect(await status()).toBe(false)
    const manifest = await backUp(sources(), folder)
    expect(manifest).toMatchObject({
      inbox: { records: 1 },
      warehouse: { receipts: 1, tables: { home: { rows: 1 }, home_person: { rows: 2 } } },
    })
    expect(await status()).toBe(true)
    expect(await verifyBackup(folder)).toEqual(manifest)
  })

  it('holds no key', async () => {
    await backUp(sources(), folder)
    const secrets = field.keys.all().map(({ key }) => key.export({ format: 'jwk' }).d ?? key.export({ format: 'jwk' }).k ?? 'none')
    const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'))
    expect(secrets.filter((secret) => files.some((text) => text.includes(secret)))).toEqual([])
  })

  it.each([
    [
      'warehouse.duckdb',
      (path: string) => {
        const bytes = readFileSync(path)
        bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0xff
        writeFileSync(path, bytes)
      },
    ],
    ['inbox.jsonl', (path: string) => appendFileSync(path, '{}\n')],
  ])('with a damaged %s does not verify', async (name, damage) => {
    await field.send({ number: 1 })
    await field.ingest.once()
    await backUp(sources(), folder)
    damage(join(folder, name))
    await expect(verifyBackup(folder)).rejects.toThrow()
  })

  it('brings the sealed records back, each once', async () => {
    const record = await field.send({ number: 1 })
    await backUp(sources(), folder)
    const empty = await openField()
    expect(await restoreInbox(folder, empty.inbox)).toBe(1)
    expect(await restoreInbox(folder, empty.inbox)).toBe(1)
    expect(await empty.inbox.read([record._id])).toMatchObject([{ sha256: record.sha256 }])
    await empty.close()
  })
})

describe('closing a round', () => {
  it('makes every sealed copy unreadable: inbox, backup, and what a keyring copy of later days can open', async () => {
    const record = await field.send({ number: 1 })
    await field.ingest.once()
    await backUp(sources(), folder)
    expect(open(record, 'answers')).toContain('face-to-face')
    const report = await close()
    expect(report).toMatchObject({ records: 1, identitiesKept: 1 })
    for (const part of ['answers', 'identity'] as const) expect(() => open(record, part)).toThrow('seal-key-gone')
    const later = await openKeyring(join(field.folder, 'keyring'))
    const inBackup = JSON.parse(readFileSync(join(folder, 'inbox.jsonl'), 'utf8')) as SealedRecord
    expect(() => open(inBackup, 'answers', later)).toThrow('seal-key-gone')
  })

  it('keeps what was counted, and the identities that consent lets the office keep', async () => {
    await field.send({ number: 1, names: ['Amihan'] })
    await field.ingest.once()
    await backUp(sources(), folder)
    await close()
    expect(await field.rows('select count(*)::integer from current_home')).toEqual([[1]])
    const [[key, sealed] = []] = await field.rows('select envelope, sealed from vault')
    const part = { key: String(key), sealed: String(sealed) }
    expect(open({ _id: recordId(1), identity: part } as SealedRecord, 'identity')).toContain('Amihan')
  })

  it('has a new current key for the next round', async () => {
    const before = field.keys.current('seal-answers').kid
    await field.send({ number: 1 })
    await field.ingest.once()
    await backUp(sources(), folder)
    await close()
    expect(field.keys.current('seal-answers').kid).not.toBe(before)
  })

  it('is refused without a backup, and with one that is too old', async () => {
    await field.send({ number: 1 })
    await field.ingest.once()
    await expect(close()).rejects.toThrow('round-not-closable')
    await backUp(sources(), folder)
    await field.send({ number: 2 })
    await field.ingest.once()
    await expect(close()).rejects.toThrow('after that backup')
  })

  it('is refused while a held record waits for a decision', async () => {
    await field.send({ number: 1, answers: { person: [{ _id: 'm0', B05: 3 }] } })
    await field.ingest.once()
    await backUp(sources(), folder)
    await expect(close()).rejects.toThrow('wait for a decision')
    await decide(field.warehouse, { record: recordId(1), decided: 'hold', by: 'supervisor', comment: '' }, clock())
    await backUp(sources(), folder)
    expect(await close()).toMatchObject({ records: 1 })
  })

  it('leaves the round after it, which has keys of its own, as it was', async () => {
    const first = await field.send({ number: 1 })
    for (const purpose of ['seal-answers', 'seal-identity'] as const) await field.keys.rotate(purpose)
    const second = await field.send({ number: 2, interview: { round: '2027-r1' } })
    await field.ingest.once()
    await backUp(sources(), folder)
    const current = field.keys.current('seal-answers').kid
    expect(await close()).toMatchObject({ records: 1 })
    for (const part of ['answers', 'identity'] as const) expect(() => open(first, part)).toThrow('seal-key-gone')
    expect(open(second, 'answers')).toContain('"started"')
    expect(field.keys.current('seal-answers').kid).toBe(current)
    const later = await openKeyring(join(field.folder, 'keyring'))
    const backups = readFileSync(join(folder, 'inbox.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as SealedRecord)
    const openable = backups.filter((record) => {
      try {
        return open(record, 'answers', later) !== ''
      } catch {
        return false
      }
    })
    expect(openable.map(({ _id }) => _id)).toEqual([second._id])
  })

  it('is refused while another round uses the same key', async () => {
    await field.send({ number: 1 })
    await field.send({ number: 2, interview: { round: '2027-r1' } })
    await field.ingest.once()
    await backUp(sources(), folder)
    await expect(close()).rejects.toThrow('2027-r1')
  })
})
