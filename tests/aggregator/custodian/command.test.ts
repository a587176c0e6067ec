import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { keyPurposes } from '../../../aggregator/custody/keys.ts'
import memoryAdapter from 'pouchdb-adapter-memory'
import PouchDB from 'pouchdb-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pouchStore } from '../../../aggregator/inbox/pouch-store.ts'
import { type Custody, custodyOf } from '../../../aggregator/custodian/custody.ts'
import { connectCustody, serveCustody } from '../../../aggregator/custodian/custody-socket.ts'
import { openAuditChain } from '../../../aggregator/custody/audit-chain.ts'
import { registerCustodyCommands } from '../../../aggregator/custodian/command.ts'
import type { CustodyOffice } from '../../../aggregator/custodian/custody-office.ts'
import { openEnvironmentKeyring } from '../../../aggregator/custody/environment-keyring.ts'
import { openKeyring } from '../../../aggregator/custody/file-keyring.ts'
import { type Field, openField, recordId } from '../ingest/field.ts'
import { tallyLedger } from '../../../aggregator/ingest/tally-ledger.ts'
import { homeRound, homeSurvey, laterHomeSurvey } from '../ingest/home-survey.ts'

PouchDB.plugin(memoryAdapter)
let opened = 0
let field: Field
let office: CustodyOffice
beforeEach(async () => {
  field = await openField()
  mkdirSync(join(field.folder, 'audit'))
  const audit = await openAuditChain(join(field.folder, 'audit', 'chain.jsonl'), field.keys)
  office = {
    config: { dataFolder: field.folder },
    keys: field.keys,
    audit,
    warehouse: field.warehouse,
    stores: { ...field, office: pouchStore(new PouchDB(`command-${opened++}`, { adapter: 'memory' })) },
    now: () => new Date('2026-12-01T00:00:00Z'),
    questionnaire: async () => homeSurvey,
    round: async () => homeRound,
    listing: async () => new Map([['1001', 3]]),
    // The field is open for the whole test.
    close: async () => undefined,
  }
})
afterEach(async () => {
  await office.audit.close()
  await field.close()
})

let running: Custody | undefined

/** What a command prints. */
async function tala(...words: string[]): Promise<string[]> {
  const lines: string[] = []
  const program = new Command('tala').exitOverride().configureOutput({ writeErr: () => undefined })
  registerCustodyCommands(
    program,
    async () => office,
    (line) => lines.push(line),
    async () => running,
  )
  await program.parseAsync(words, { from: 'user' })
  return lines
}

describe('tala keys', () => {
  it('lists every key without its material', async () => {
    const lines = await tala('keys', 'list')
    expect(lines).toHaveLength(keyPurposes.length)
    for (const { key } of field.keys.all()) {
      const { d, k } = key.export({ format: 'jwk' })
      expect(lines.join()).not.toContain(d ?? k)
    }
  })

  it('rotates, and writes it into the audit chain', async () => {
    const old = field.keys.current('seal-answers').kid
    await tala('keys', 'rotate', 'seal-answers')
    expect(field.keys.current('seal-answers').kid).not.toBe(old)
    expect(readFileSync(join(field.folder, 'audit', 'chain.jsonl'), 'utf8')).toContain('key.rotated')
  })

  it('says which purposes there are when one is mistyped', async () => {
    await expect(tala('keys', 'rotate', 'seal')).rejects.toThrow('seal-answers')
  })

  it('exports to three custodians, of whom two restore the keyring', async () => {
    const path = join(field.folder, 'export.json')
    const [, first = '', , third = ''] = await tala('keys', 'export', path)
    const data = join(field.folder, 'restored')
    await tala('keys', 'import', path, third, first, '--data', data)
    const restored = await openKeyring(join(data, 'keys'))
    expect(restored.all().map(({ kid }) => kid)).toEqual(field.keys.all().map(({ kid }) => kid))
    await expect(tala('keys', 'import', path, third, first, '--data', data)).rejects.toThrow('keyring-read-only')
  })

  it('prints a keyring that the environment takes', async () => {
    const [json] = await tala('keys', 'new')
    expect(openEnvironmentKeyring({ TALA_KEYRING: json }).all()).toHaveLength(keyPurposes.length)
  })
})

describe('tala withdraw', () => {
  it('erases an interview by its code and shows the proof', async () => {
    await field.send({ number: 1, withdrawalCode: 'K7QF-2M9X' })
    await field.ingest.once()
    expect(await tala('withdraw', 'K7QF-2M9X')).toEqual([expect.stringContaining('Erased, in every version')])
    expect(await field.rows('select * from home')).toEqual([])
    expect(await tala('withdraw', 'K7QF-2M9X', '--proof')).toEqual([
      expect.stringContaining('withdrawal.asked'),
      expect.stringMatching(/withdrawal.done.* [0-9a-f]{64}$/),
    ])
  })

  it('notes a code whose interview has not arrived, and says so', async () => {
    expect(await tala('withdraw', 'NOT-YET1')).toEqual([expect.stringContaining('It is noted')])
  })

  it('asks for a code or a record', async () => {
    await expect(tala('withdraw')).rejects.toThrow('Give the code')
  })

  it('erases again what a restored backup brought back', async () => {
    expect(await tala('withdraw', '--reapply')).toEqual([expect.stringMatching(/^0 interview/)])
  })
})

describe('tala audit verify', () => {
  it('holds the chain against the heads that releases have printed', async () => {
    await tala('keys', 'rotate', 'link')
    mkdirSync(join(field.folder, 'releases', 'r1'), { recursive: true })
    writeFileSync(join(field.folder, 'releases', 'r1', 'manifest.json'), JSON.stringify({ audit: office.audit.head() }))
    expect(await tala('audit', 'verify')).toEqual(['The audit chain is whole: 1 entries, 1 printed head(s) found in it.'])
    renameSync(join(field.folder, 'audit', 'chain.jsonl'), join(field.folder, 'audit', 'gone.jsonl'))
    await expect(tala('audit', 'verify')).rejects.toThrow('audit-broken')
  })
})

describe('tala recompute', () => {
  beforeEach(async () => {
    const second = laterHomeSurvey()
    office = { ...office, questionnaire: async ({ version }) => [homeSurvey, second].find((each) => each.version === version) }
    await field.send({ number: 1 })
    await field.send({ number: 2, answers: { person: [{ _id: 'm0', B03: 'F', B05: 61 }] } })
    await field.ingest.once()
  })
  const adults = () => field.rows('select adult from home_person order by record_id, row_position')

  it('says what would change, and changes it when it is meant', async () => {
    expect((await tala('recompute', '2026-r1', '--rules', '2', '--dry-run')).join(' ')).toContain('Nothing was changed')
    expect(await adults()).toEqual([[1], [0], [1]])
    const said = await tala('recompute', '2026-r1', '--rules', '2')
    expect(said).toEqual([
      '2 records asked with version 1: rules of 1, now of 2',
      'adult: another value in 1 rows',
      expect.stringContaining('marked D'),
    ])
    expect(await adults()).toEqual([[0], [0], [1]])
    expect(await tala('recompute', '2026-r1', '--rules', '2')).toEqual([expect.stringContaining('already')])
    expect(await tala('recompute', '2026-r1')).toContain('adult: another value in 1 rows')
    expect(await adults()).toEqual([[1], [0], [1]])
    expect((await tala('audit', 'verify')).join()).toContain('2 entries')
  })

  it('leaves receipts and the tally that the nightly comparison makes as they were', async () => {
    const kept = () => field.rows('select * from receipt order by seq')
    const tally = () => tallyLedger(field.warehouse, new Set())
    const before = [await kept(), await tally()]
    await tala('recompute', '2026-r1', '--rules', '2')
    expect([await kept(), await tally()]).toEqual(before)
  })

  it('knows only published versions', async () => {
    await expect(tala('recompute', '2026-r1', '--rules', '3')).rejects.toThrow('unknown-questionnaire')
  })
})

describe('tala backup, close-round and retention', () => {
  it('close a round after a backup, and then nothing of it can be opened', async () => {
    await field.send({ number: 1 })
    await field.ingest.once()
    const folder = join(field.folder, 'backup')
    await expect(tala('close-round', '2026-r1', '--backup', folder, '--yes')).rejects.toThrow('round-not-closable')
    expect(await tala('backup', folder)).toEqual([expect.stringContaining('Verified: 1 sealed records')])
    expect(await tala('backup-check', folder)).toEqual([expect.stringContaining('is whole')])
    expect(await tala('close-round', '2026-r1', '--backup', folder, '--yes')).toEqual([expect.stringContaining('2 key(s) destroyed')])
  })

  it('retention only counts unless it is told to apply', async () => {
    expect((await tala('retention')).at(-1)).toContain('Nothing was removed')
    expect((await tala('retention', '--apply')).at(-1)).toBe('Removed.')
  })
})

describe('tala review', () => {
  it('lists what waits and takes a decision', async () => {
    await field.send({ number: 1, answers: { person: [{ _id: 'm0', B05: 3 }] } })
    await field.ingest.once()
    expect(await tala('review', 'list')).toEqual([`${recordId(1)}  held  1001  answer-required(B03)`, '1 waiting.'])
    await tala('review', 'accept', recordId(1), '--comment', 'Seen with the enumerator.')
    expect(await tala('review', 'list')).toEqual(['0 waiting.'])
    expect(await field.rows('select record_id from current_home')).toEqual([[recordId(1)]])
  })
})

describe('tala review field', () => {
  it('shows coverage and nothing that anybody answered', async () => {
    await field.send({ number: 1 })
    await field.ingest.once()
    const lines = await tala('review', 'field')
    expect(lines).toEqual([
      'Round 2026-r1. For a look, never a judgement by itself; no answer is shown.',
      'area  1001  3 listed, 1 visited: 1 interviewed, 0 held, 0 refused, 0 absent, 0 no home, 0 other',
    ])
  })

  it('says so when nothing has arrived from that round', async () => {
    await expect(tala('review', 'field', '--round', '1999-r1')).rejects.toMatchObject({ type: 'unknown-round' })
  })
})

describe('commands beside a running server', () => {
  it('ask it through a socket that only the owner can open, and open nothing themselves', async () => {
    expect(await connectCustody(field.folder)).toBeUndefined()
    const stop = await serveCustody(custodyOf(office), field.folder)
    try {
      expect(statSync(join(field.folder, 'custody.sock')).mode & 0o777).toBe(0o600)
      running = await connectCustody(field.folder)
      office = { ...office, close: () => Promise.reject(new Error('the command opened the data folder')) }
      await field.send({ number: 1, withdrawalCode: 'K7QF-2M9X' })
      await field.ingest.once()
      expect(await tala('withdraw', 'K7QF-2M9X')).toEqual([expect.stringContaining('Erased')])
      expect(await field.rows('select * from home')).toEqual([])
      await expect(tala('review', 'accept', recordId(9))).rejects.toMatchObject({ type: 'unknown-record' })
    } finally {
      running = undefined
      await stop()
    }
    expect(await connectCustody(field.folder)).toBeUndefined()
  })
})
