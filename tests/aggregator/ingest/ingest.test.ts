import { readdirSync } from 'node:fs'
import { getPriority } from 'node:os'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { receiptSource } from '../../../aggregator/warehouse/receipts.ts'
import { type Field, openField, recordId } from './field.ts'

let field: Field
beforeEach(async () => {
  field = await openField()
})
afterEach(() => field.close())

const statuses = () => field.rows('select record_id, status from ledger order by received')
const reasonsOf = async (number: number, device = 'device01') =>
  (await receiptSource(field.warehouse).status(device, [recordId(number, device)])).get(recordId(number, device))

describe('taking in', () => {
  it('loads a household and its members, with pseudonyms instead of names', async () => {
    await field.send({
      number: 1,
      answers: {
        person: [
          { _id: 'm0', B03: 'F', B05: 40, D02: ['1', '3'] },
          { _id: 'm1', B03: 'M', B05: -98 },
        ],
      },
    })
    expect(await field.ingest.once()).toEqual({ accepted: 1, held: 0, quarantined: 0, withdrawn: 0 })
    expect(await field.rows('select area, round, questionnaire_version, finished, "A08", size from current_home')).toEqual([
      ['1001', '2026-r1', '1', '2026-11-02', '1', 2],
    ])
    expect(await field.rows('select row_position, "B03", "B05", "B05_missing", "D02", adult from current_home_person order by 1')).toEqual([
      [0, 'F', 40, null, ['1', '3'], 1],
      [1, 'M', null, 98, null, 0],
    ])
    const [row] = await field.rows('select distinct household_key, count(distinct person_key)::integer from home_person group by 1')
    expect(row).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), 2])
  })

  it('calculates everything again and does not believe the phone', async () => {
    await field.send({ number: 1, answers: { size: 17 } })
    await field.ingest.once()
    expect(await field.rows('select size from home')).toEqual([[2]])
  })

  it('has no column for a direct identifier', async () => {
    await field.send({ number: 1 })
    await field.ingest.once()
    expect(await field.rows(`select column_name from duckdb_columns() where column_name in ('A02', 'A12', 'B01')`)).toEqual([])
  })

  it('writes the receipt in the same step, with the hash of the record', async () => {
    const { sha256 } = await field.send({ number: 1 })
    await field.ingest.once()
    expect(await receiptSource(field.warehouse).since('device01', 0, 10)).toEqual([
      { schema: 'receipt/1', id: recordId(1), sha256, status: 'accepted', reasons: [], seq: 1, backedUp: false },
    ])
    expect(await receiptSource(field.warehouse).since('device02', 0, 10)).toEqual([])
  })

  it('counts a record once, however often its feed is replayed', async () => {
    await field.send({ number: 1 })
    await field.ingest.once()
    await field.warehouse.write(async (connection) => void (await connection.run('update checkpoint set since = null')))
    expect(await field.restart().once()).toEqual({ accepted: 0, held: 0, quarantined: 0, withdrawn: 0 })
    expect(await field.rows('select count(*)::integer from home')).toEqual([[1]])
    expect(await field.rows('select count(*)::integer from receipt')).toEqual([[1]])
  })

  it('reads an inbox that was restored from a backup again from its beginning', async () => {
    await field.send({ number: 1 })
    await field.ingest.once()
    await field.warehouse.write(async (connection) => void (await connection.run(`update checkpoint set since = '900'`)))
    await field.send({ number: 2 })
    expect(await field.ingest.once()).toMatchObject({ accepted: 1 })
  })

  it('tells its listeners what each transaction brought', async () => {
    await field.send({ number: 1 })
    const commits: unknown[] = []
    field.ingest.onCommit((commit) => commits.push(commit))
    await field.ingest.once()
    expect(commits).toEqual([{ accepted: 1, held: 0, quarantined: 0, withdrawn: 0, rounds: ['2026-r1'], records: [recordId(1)] }])
  })

  it('follows the inbox until it is stopped', async () => {
    const committed = new Promise((resolve) => field.ingest.onCommit(resolve))
    field.ingest.follow()
    await field.send({ number: 1 })
    expect(await committed).toMatchObject({ accepted: 1 })
    await field.ingest.stop()
  })
})

describe('holding', () => {
  it('holds a record that breaks a rule, and says where without saying what', async () => {
    await field.send({ number: 1, answers: { person: [{ _id: 'm0', B03: 'F', B05: 240 }] }, names: ['Amihan'] })
    expect(await field.ingest.once()).toMatchObject({ accepted: 0, held: 1 })
    const receipt = await reasonsOf(1)
    expect(receipt).toMatchObject({ status: 'held', reasons: [{ code: 'answer-constraint', name: 'B05', row: 'm0' }] })
    expect(JSON.stringify(receipt)).not.toContain('240')
  })

  it('keeps held rows out of what is counted, but in the table', async () => {
    await field.send({ number: 1, answers: { person: [{ _id: 'm0', B05: 30 }] } })
    await field.ingest.once()
    expect(await field.rows('select (select count(*) from home)::integer, (select count(*) from current_home)::integer')).toEqual([[1, 0]])
  })

  it('misses a required identifier that the phone did not send', async () => {
    await field.send({ number: 1, home: null })
    await field.ingest.once()
    expect(await reasonsOf(1)).toMatchObject({ status: 'held', reasons: [{ code: 'answer-required', name: 'A02' }] })
  })

  it('holds the second interview of a home in a round and drops none', async () => {
    await field.send({ number: 1, home: '12-3' })
    await field.send({ number: 2, home: ' 12-3', device: 'device02' })
    expect(await field.ingest.once()).toMatchObject({ accepted: 1, held: 1 })
    expect(await reasonsOf(2, 'device02')).toMatchObject({ status: 'held', reasons: [{ code: 'duplicate-household' }] })
  })

  it('holds a name among the answers and never loads it', async () => {
    await field.send({ number: 1, answers: { A12: '0917 555 0100' } })
    await field.ingest.once()
    expect(await reasonsOf(1)).toMatchObject({
      status: 'held',
      reasons: expect.arrayContaining([{ code: 'identifier-misplaced', name: 'A12' }]) as unknown,
    })
  })

  it('flags an implausibly short interview without holding it', async () => {
    await field.send({ number: 1, interview: { finished: '2026-11-02T08:03:00+08:00' } })
    expect(await field.ingest.once()).toMatchObject({ accepted: 1 })
    expect(await field.rows('select code, severity from flag')).toEqual([['short-interview', 'warning']])
  })
})

describe('poison', () => {
  const damaged = async (number: number) => {
    const record = await field.seal({ number })
    return { ...record, sha256: '0'.repeat(64) }
  }

  it('goes to quarantine with its reason and stops nothing behind it', async () => {
    await field.put(await damaged(1))
    await field.send({ number: 2 })
    expect(await field.ingest.once()).toEqual({ accepted: 1, held: 0, quarantined: 1, withdrawn: 0 })
    expect(await field.rows('select record_id, reason from quarantine')).toEqual([[recordId(1), 'record-changed']])
    expect(await reasonsOf(1)).toMatchObject({ status: 'held', reasons: [{ code: 'record-changed' }] })
  })

  it('is what names a questionnaire nobody published', async () => {
    await field.send({ number: 1, interview: { questionnaire: { id: 'home', version: '9', sha256: 'f'.repeat(64) } } })
    await field.ingest.once()
    expect(await field.rows('select reason from quarantine')).toEqual([['unknown-questionnaire']])
  })

  it('that waited for its questionnaire or round is taken in when that is published', async () => {
    await field.send({ number: 1 })
    const before = field.restart({ questionnaires: { find: async () => undefined } })
    expect(await before.once()).toMatchObject({ quarantined: 1 })
    expect(await before.retry()).toMatchObject({ accepted: 0, quarantined: 0 })
    const after = field.restart()
    expect(await after.retry()).toMatchObject({ accepted: 1 })
    expect(await after.retry()).toMatchObject({ accepted: 0 })
    expect(await reasonsOf(1)).toMatchObject({ status: 'accepted', reasons: [] })
    expect(await statuses()).toEqual([[recordId(1), 'accepted']])
    expect(await field.rows('select count(*)::integer from current_home')).toEqual([[1]])
  })

  it('is what has another area on its cover than it was sealed with', async () => {
    const { sealedContent } = await import('../../../schemas/canonical.ts')
    const { createHash } = await import('node:crypto')
    const record = { ...(await field.seal({ number: 1 })), area: '2002' }
    await field.put({ ...record, sha256: createHash('sha256').update(sealedContent(record)).digest('hex') })
    await field.ingest.once()
    expect(await field.rows('select reason from quarantine')).toEqual([['seal-broken']])
  })
})

describe('what the gateway kept apart', () => {
  it('is told to its phone, and taken in once a supervisor lets it through', async () => {
    const { quarantined, release } = await import('../../../aggregator/inbox/quarantine.ts')
    const record = await field.seal({ number: 1 })
    const document = { ...record, _rev: `1-${'a'.repeat(32)}`, _revisions: { start: 1, ids: ['a'.repeat(32)] } }
    await field.quarantine.bulkWrite([quarantined(document, 'device01', [{ code: 'area-not-assigned' }], new Date())])
    await field.ingest.once()
    await field.ingest.once()
    expect(await reasonsOf(1)).toMatchObject({ status: 'held', sha256: record.sha256, reasons: [{ code: 'area-not-assigned' }], seq: 1 })
    expect(await release([recordId(1)], field.quarantine, field.inbox)).toBe(1)
    expect(await field.ingest.once()).toMatchObject({ accepted: 1 })
    expect(await reasonsOf(1)).toMatchObject({ status: 'accepted', reasons: [] })
    expect(await statuses()).toEqual([[recordId(1), 'accepted']])
    expect(await field.rows('select count(*)::integer from current_home')).toEqual([[1]])
  })
})

const threads = () => (process.platform === 'linux' ? readdirSync('/proc/self/task') : [])

describe('many records at once', () => {
  it('are opened in several threads and end as in one', async () => {
    const tables = ['home', 'home_person', 'ledger', 'receipt', 'flag', 'not_counted', 'vault', 'link_token']
    const contents = () => Promise.all(tables.map((table) => field.rows(`select * from ${table} order by all`)))
    for (let number = 1; number <= 200; number++)
      await field.send({
        number,
        ...(number % 9 === 0 && { answers: { person: [{ _id: 'm0', B05: 1 }] } }),
        ...(number % 11 === 0 && { home: 'home-1' }),
      })
    const before = threads()
    expect(await field.restart({ threads: 2 }).once()).toMatchObject({ quarantined: 0, withdrawn: 0 })
    // Requests go first.
    const lowered = threads().filter((thread) => !before.includes(thread) && getPriority(Number(thread)) > getPriority())
    if (process.platform === 'linux') expect(lowered.length).toBe(2)
    const threaded = await contents()
    await field.warehouse.write(async (connection) => {
      for (const table of [...tables, 'checkpoint']) await connection.run(`delete from ${table}`)
    })
    await field.restart({ threads: 0 }).once()
    expect(await contents()).toEqual(threaded)
  })
})

describe('consent', () => {
  it('keeps of a refusal only that the home was visited', async () => {
    await field.send({ number: 1, answers: { A07: '0', A08: '1', A10: '1', Q01: 'words' } })
    await field.ingest.once()
    expect(await field.rows('select "A03", "A07", "A08", "Q01", size from home')).toEqual([['1', '0', null, null, 0]])
    expect(await field.rows('select * from home_person')).toEqual([])
    expect(await field.rows('select * from current_home')).toEqual([])
    expect(await field.rows('select * from vault')).toEqual([])
  })

  it('keeps the identity only where re-contact or referral was allowed, and only sealed', async () => {
    await field.send({ number: 1 })
    await field.send({ number: 2, answers: { A10: '0' } })
    await field.ingest.once()
    expect(await field.rows('select record_id, recontact, sealed[:3] from vault')).toEqual([[recordId(1), true, 'eyJ']])
  })

  it('believes a yes only when answers and record both say it', async () => {
    await field.send({
      number: 1,
      interview: { consent: { purposes: { interview: true, sharing: false, recontact: true }, version: '1', language: 'en' } },
    })
    await field.ingest.once()
    expect(await field.rows('select consent_sharing from ledger')).toEqual([[false]])
    expect(await field.rows('select * from shareable_home')).toEqual([])
  })
})

describe('corrections', () => {
  it('take the place of what they correct and keep its pseudonyms', async () => {
    await field.send({ number: 1, home: '7' })
    await field.ingest.once()
    const before = await field.rows('select person_key from home_person order by row_position')
    await field.send({ number: 2, kind: 'correction', replaces: recordId(1), home: '7', answers: { Q01: 'corrected' } })
    expect(await field.ingest.once()).toMatchObject({ accepted: 1 })
    expect(await field.rows('select record_id, "Q01" from current_home')).toEqual([[recordId(2), 'corrected']])
    expect(await field.rows('select person_key from current_home_person order by row_position')).toEqual(before)
    expect(await field.rows('select count(*)::integer from home')).toEqual([[2]])
  })

  it('count even when they arrive before the original', async () => {
    await field.send({ number: 2, kind: 'correction', replaces: recordId(1) })
    await field.ingest.once()
    await field.send({ number: 1 })
    await field.ingest.once()
    expect(await field.rows('select record_id from current_home')).toEqual([[recordId(2)]])
  })

  it('leave the original in place while they are held', async () => {
    await field.send({ number: 1 })
    await field.send({ number: 2, kind: 'correction', replaces: recordId(1), answers: { person: [{ _id: 'm0', B05: 1 }] } })
    await field.ingest.once()
    expect(await field.rows('select record_id from current_home')).toEqual([[recordId(1)]])
  })

  it('by another phone wait for a person to decide', async () => {
    await field.send({ number: 1, home: '7' })
    await field.send({ number: 2, device: 'device02', kind: 'correction', replaces: recordId(1), home: '7' })
    await field.ingest.once()
    expect(await statuses()).toEqual([
      [recordId(1), 'accepted'],
      [recordId(2, 'device02'), 'held'],
    ])
    expect(await field.rows('select record_id from current_home')).toEqual([[recordId(1)]])
  })
})
