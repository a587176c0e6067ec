// Real processes: the whole server over LevelDB and DuckDB is killed with -9 while phones send sealed interviews of the real questionnaire.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { householdsOfFive, sealed, type Household } from '../../bench/sync/households.ts'
import { openPhone, type Phone } from '../../bench/sync/phones.ts'
import { createRandom, type Random } from '../simulation/random.ts'
import { countInWarehouse } from './count-in-warehouse.ts'
import { startServer, type ServerProcess } from './server-process.ts'
import type { Tally } from './tally.ts'

const secretName = 'Qwzxmarikit'

export async function runProcesses(seed: number, count: number): Promise<Tally> {
  const tally: Tally = { schedules: 0, faults: 0, records: 0, violations: 0 }
  for (let at = seed; at < seed + count; at += 1) {
    const { kills, records, violations } = await survive(at)
    tally.schedules += 1
    tally.faults += kills
    tally.records += records
    tally.violations += violations.length > 0 ? 1 : 0
    for (const each of violations) console.error(`VIOLATION (processes, seed ${at}): ${each}`)
  }
  return tally
}

/** One server life with kills at chance moments, then the count. */
export async function survive(
  seed: number,
): Promise<{ readonly kills: number; readonly records: number; readonly violations: readonly string[] }> {
  const random = createRandom(seed)
  const folder = await mkdtemp(join(tmpdir(), 'tala-survival-'))
  const server = await startServer(folder)
  const violations: string[] = []
  try {
    const phone = await openPhone(server.url, await server.invite(), `survivor-${seed}`)
    const households = (await householdsOfFive(phone.enrolment, 6)).map(renamed)
    const saved: string[] = []
    const kills = random.whole(1, 3)
    for (let left = kills; left >= 0; left -= 1) {
      for (const record of await sealed(phone.enrolment, households, random.whole(3, 25))) saved.push((await phone.device.put(record)).id)
      if (left > 0) await killWhileSyncing(server, phone, random)
    }
    await syncUntilSettled(phone, violations)
    await server.stop()
    violations.push(...(await judge(folder, saved, phone)))
    return { kills, records: saved.length, violations }
  } finally {
    server.end()
    await rm(folder, { recursive: true, force: true })
  }
}

async function killWhileSyncing(server: ServerProcess, phone: Phone, random: Random): Promise<void> {
  const syncing = phone.device.sync()
  // From before the first request to after the ingest of what it brought.
  await pause(random.whole(0, 400))
  await server.killAndStart()
  await syncing
}

async function syncUntilSettled(phone: Phone, violations: string[]): Promise<void> {
  for (let runs = 0; runs < 60; runs += 1) {
    await phone.device.sync()
    const open = (await phone.device.entries()).filter(({ state }) => state !== 'accepted' && state !== 'held')
    if (open.length === 0) return
    await pause(250)
  }
  violations.push('a record is not settled after 60 runs')
}

async function judge(folder: string, saved: readonly string[], phone: Phone): Promise<readonly string[]> {
  const found: string[] = []
  const { ledger, household: rows } = await countInWarehouse(folder, ['ledger', 'household'])
  for (const { id, state } of await phone.device.entries()) {
    if (ledger.get(id) !== 1) found.push(`a record stands ${ledger.get(id) ?? 0} times in the ledger`)
    if (state === 'accepted' && rows.get(id) !== 1) found.push(`an accepted record has ${rows.get(id) ?? 0} rows`)
  }
  for (const id of saved) if (!ledger.has(id)) found.push('a record that was seen as saved is not in the warehouse')
  if (ledger.size !== saved.length) found.push(`${ledger.size} records in the ledger, ${saved.length} were saved`)
  if (await foundInFiles(folder, secretName)) found.push('a file of the server holds a name in clear')
  return [...new Set(found)]
}

/** Gives everybody a name that cannot stand in any file by chance. */
function renamed({ interview, identity }: Household): Household {
  const text = JSON.stringify(identity)
  const changed = text.replace(/"B01":"[^"]*"/g, `"B01":"${secretName}"`)
  if (changed === text) throw new Error('the made-up household has no names: nothing could be looked for')
  return { interview, identity: JSON.parse(changed) as Household['identity'] }
}

async function foundInFiles(folder: string, text: string): Promise<boolean> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const bytes = await readFile(join(entry.parentPath, entry.name))
    if (bytes.includes(text)) return true
  }
  return false
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
