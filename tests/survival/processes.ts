// Real processes: the whole server over LevelDB and DuckDB is killed with -9 while phones send sealed interviews of the real questionnaire.
import { fork, type ChildProcess } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openWarehouse } from '../../aggregator/warehouse/open-warehouse.ts'
import { householdsOfFive, sealed, type Household } from '../../bench/sync/households.ts'
import { openPhone, type Phone } from '../../bench/sync/phones.ts'
import { createRandom, type Random } from '../simulation/random.ts'

const secretName = 'Qwzxmarikit'

interface Tally {
  schedules: number
  faults: number
  records: number
  violations: number
}

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
  const port = await freePort()
  const server = { child: await start(folder, port) }
  const violations: string[] = []
  try {
    const phone = await openPhone(`http://127.0.0.1:${port}`, await inviteFrom(server.child), `survivor-${seed}`)
    const households = (await householdsOfFive(phone.enrolment, 6)).map(renamed)
    const saved: string[] = []
    const kills = random.whole(1, 3)
    for (let left = kills; left >= 0; left -= 1) {
      for (const record of await sealed(phone.enrolment, households, random.whole(3, 25))) saved.push((await phone.device.put(record)).id)
      if (left > 0) await killWhileSyncing(server, folder, port, phone, random)
    }
    await syncUntilSettled(phone, violations)
    await stop(server.child)
    violations.push(...(await judge(folder, saved, phone)))
    return { kills, records: saved.length, violations }
  } finally {
    server.child.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
}

async function killWhileSyncing(
  server: { child: ChildProcess },
  folder: string,
  port: number,
  phone: Phone,
  random: Random,
): Promise<void> {
  const syncing = phone.device.sync()
  // From before the first request to after the ingest of what it brought.
  await pause(random.whole(0, 400))
  const gone = new Promise((resolve) => server.child.once('exit', resolve))
  server.child.kill('SIGKILL')
  await gone
  server.child = await start(folder, port)
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
  const warehouse = await openWarehouse(join(folder, 'warehouse', 'tala.duckdb'))
  const count = (table: string) =>
    warehouse.read(async (connection) => {
      const rows = (await connection.runAndReadAll(`select record_id, count(*)::integer from ${table} group by record_id`)).getRows()
      return new Map(rows.map(([id, rowCount]) => [String(id), Number(rowCount)]))
    })
  const [ledger, rows] = [await count('ledger'), await count('household')]
  await warehouse.close()
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

async function start(folder: string, port: number): Promise<ChildProcess> {
  const env = {
    ...process.env,
    TALA_DATA: folder,
    TALA_PORT: String(port),
    TALA_HOST: '127.0.0.1',
    COUCHDB_URL: '',
    TALA_LOG_LEVEL: 'silent',
  }
  const child = fork(new URL('./real-server.ts', import.meta.url), [], { execArgv: ['--import', 'tsx'], env })
  await message(child, 'port')
  return child
}

async function inviteFrom(child: ChildProcess): Promise<string> {
  const answer = message(child, 'code')
  child.send('invite')
  return answer
}

async function stop(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.send('stop')
  await gone
}

function message(child: ChildProcess, name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`the server ended with ${code} before it answered`))
    child.once('exit', ended)
    child.on('message', function heard(said: Readonly<Record<string, string | number | undefined>>) {
      if (said[name] === undefined) return
      child.off('exit', ended)
      child.off('message', heard)
      resolve(String(said[name]))
    })
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
