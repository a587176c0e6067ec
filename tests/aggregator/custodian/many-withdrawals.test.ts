import { copyFileSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../../aggregator/custody/audit-chain.ts'
import { backUp, restoreInbox } from '../../../aggregator/custodian/backup.ts'
import { proofOfWithdrawal, reapplyWithdrawals, tombstonesOf, withdrawByCode } from '../../../aggregator/custodian/withdrawal.ts'
import { openWarehouse } from '../../../aggregator/warehouse/open-warehouse.ts'
import { createRandom } from '../../simulation/random.ts'
import { type Field, openField } from '../ingest/field.ts'

/** A third of them withdraws; TALA_HOMES=170 makes that about fifty. */
const homes = Number(process.env.TALA_HOMES ?? 50)
const clock = () => new Date('2026-11-20T00:00:00Z')
const planted = (number: number) => `planted-words-${String(number).padStart(4, '0')}-of-this-home`
// DuckDB compresses short texts, and a search of the file would not find them; what is longer than 4,096 bytes it writes as it is.
const words = (number: number) => `${planted(number)}${'ñ'.repeat(2_200)}`
const code = (number: number) => `CODE-${number}`

let field: Field
let withdrawn: readonly number[] = []
/** The beginning of what each home's answers are sealed to. */
const ciphers: string[] = []
beforeAll(async () => {
  field = await openField({ onDisk: true })
  for (let number = 1; number <= homes; number++) {
    const { answers } = await field.send({ number, answers: { Q01: words(number) } })
    ciphers.push(answers.sealed.split('.')[3]?.slice(0, 60) ?? '')
  }
  await field.ingest.once()
  await backUp({ ...field, auditPath: join(field.folder, 'audit.jsonl'), clock }, join(field.folder, 'backup'))
  const random = createRandom(4)
  withdrawn = Array.from({ length: homes }, (_, at) => at + 1).filter(() => random.chance(0.3))
  for (const number of withdrawn) await withdrawByCode({ ...field, clock }, code(number), 'custodian')
}, 600_000)
afterAll(() => field.close())

const entries = () =>
  readFileSync(join(field.folder, 'audit.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as AuditEntry)

/** Homes of which a text of that kind lies in any file below the folder. */
function found(folder: string, outside = '', textOf: (number: number) => string = planted): readonly number[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => outside === '' || !path.startsWith(outside))
    .map((path) => readFileSync(path))
  return Array.from({ length: homes }, (_, at) => at + 1).filter((number) => files.some((bytes) => bytes.includes(textOf(number))))
}

const cipher = (number: number) => ciphers[number - 1] ?? ''
const staying = () => Array.from({ length: homes }, (_, at) => at + 1).filter((number) => !withdrawn.includes(number))

describe('many withdrawals', () => {
  it('concern some of the homes, not none and not all', () => {
    expect(withdrawn.length).toBeGreaterThan(5)
    expect(withdrawn.length).toBeLessThan(homes - 5)
  })

  it('leave in the live files exactly the homes that stay', async () => {
    await field.warehouse.checkpoint()
    const backup = join(field.folder, 'backup')
    expect(found(field.folder, backup)).toEqual(staying())
    expect(found(field.folder, backup, cipher)).toEqual(staying())
  })

  it('leave in every table exactly the homes that stay', async () => {
    expect(await field.rows('select count(*)::integer, count(distinct household_key)::integer from home')).toEqual([
      [staying().length, staying().length],
    ])
    for (const table of ['home_person', 'vault', 'flag', 'decision'])
      expect(await field.rows(`select count(*)::integer from ${table} where record_id not in (select record_id from home)`)).toEqual([[0]])
  })

  it('are each proven by the audit chain', () => {
    for (const number of withdrawn)
      expect(proofOfWithdrawal(entries(), field.keys, code(number)).map(({ action }) => action)).toEqual([
        'withdrawal.asked',
        'withdrawal.done',
      ])
    for (const number of staying()) expect(proofOfWithdrawal(entries(), field.keys, code(number))).toEqual([])
  })

  it('are still withdrawn after an older backup was restored', async () => {
    const restored = await openField({ onDisk: true })
    const path = join(restored.folder, 'restored.duckdb')
    copyFileSync(join(field.folder, 'backup', 'warehouse.duckdb'), path)
    await restoreInbox(join(field.folder, 'backup'), restored.inbox)
    const warehouse = await openWarehouse(path)
    const places = { ...restored, warehouse, keys: field.keys, clock }
    expect(await reapplyWithdrawals(places, tombstonesOf(entries()))).toBe(withdrawn.length)
    const { count } = await restored.inbox.info()
    await warehouse.close()
    expect(count).toBe(staying().length)
    expect(found(restored.folder)).toEqual(staying())
    expect(found(restored.folder, '', cipher)).toEqual(staying())
    await restored.close()
  })
})
