import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verifyAudit } from '../../../aggregator/custody/audit-chain.ts'
import { openKeyring } from '../../../aggregator/custody/file-keyring.ts'
import { openWarehouse } from '../../../aggregator/warehouse/open-warehouse.ts'
import { createRandom } from '../../simulation/random.ts'
import { openField } from '../ingest/field.ts'

const worker = fileURLToPath(new URL('./recompute-worker.ts', import.meta.url))
let folder: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tala-recompute-'))
  const field = await openField()
  for (let number = 0; number < 300; number++)
    await field.send({ number, answers: { person: [{ _id: 'm0', B03: 'F', B05: 20 + (number % 60) }] } })
  await field.ingest.once()
  await field.warehouse.checkpoint()
  for (const part of ['keyring', 'warehouse.duckdb']) cpSync(join(field.folder, part), join(folder, part), { recursive: true })
  await field.ingest.stop()
  await field.close()
}, 120_000)
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** @returns how long it went on after everything was open, in ms; what it said. */
function life(end = '', killAfterMs?: number): Promise<{ readonly ms: number; readonly said: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', worker, folder, end], { stdio: ['ignore', 'pipe', 'ignore'] })
  return new Promise((resolve, reject) => {
    let [said, started] = ['', 0]
    child.stdout.on('data', (text: Buffer) => {
      if (!said.includes('ready')) {
        started = performance.now()
        if (killAfterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfterMs)
      }
      said += text.toString()
    })
    child.on('error', reject)
    child.on('exit', () => resolve({ ms: performance.now() - started, said }))
  })
}

async function state(): Promise<'old' | 'new' | 'between'> {
  const warehouse = await openWarehouse(join(folder, 'warehouse.duckdb'))
  const [[adults, derivations] = []] = await warehouse.read(async (connection) =>
    (
      await connection.runAndReadAll('select (select sum(adult) from home_person)::integer, (select count(*) from derivation)::integer')
    ).getRows(),
  )
  await warehouse.close()
  // Of 300 people from 20 to 79, each age five times.
  if (adults === 300 && derivations === 0) return 'old'
  return adults === 100 && derivations === 1 ? 'new' : 'between'
}
const entries = () => readFileSync(join(folder, 'audit.jsonl'), 'utf8').split('\n').length - 1

describe('a round that is being computed again while the server is killed', () => {
  it('is as it was, or as it should be, and the next try ends it', async () => {
    expect(await state()).toBe('old')
    expect((await life('at the entry')).said).not.toContain('done')
    expect([await state(), entries()]).toEqual(['old', 1])
    cpSync(folder, `${folder}-calm`, { recursive: true })
    const random = createRandom(4)
    const { ms } = await life()
    for (let kill = 0; kill < 3; kill++) {
      rmSync(folder, { recursive: true })
      cpSync(`${folder}-calm`, folder, { recursive: true })
      await life('', Math.floor(random.next() * ms))
      expect(['old', 'new']).toContain(await state())
      expect((await life()).said).toContain('done')
      expect(await state()).toBe('new')
      expect(await verifyAudit(join(folder, 'audit.jsonl'), [], await openKeyring(join(folder, 'keyring')))).toMatchObject({
        kind: 'whole',
      })
    }
    rmSync(`${folder}-calm`, { recursive: true })
  }, 300_000)
})
