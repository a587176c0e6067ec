import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { parseConfig } from '../../../aggregator/config.ts'
import { openOffice } from '../../../aggregator/open-office.ts'
import { addHomes } from './village.ts'

// A terminal of its own, so that progress is shown and Ctrl-C is a key; every Debian has it.
const hasTerminal = spawnSync('script', ['--version']).stdout?.toString().includes('util-linux') ?? false
if (!hasTerminal) console.warn('No util-linux script here: Ctrl-C in tala table is not tested.')

let folder = ''
const started: ChildProcess[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tala-table-'))
  const silent = { info() {}, warn() {}, error() {} }
  const office = await openOffice(parseConfig({ TALA_DATA: folder }), { log: silent })
  const { id } = await office.round()
  await office.warehouse.write(async (connection) => {
    await addHomes(connection, [{ people: [{ B06: '1', B03: 'F', age: 30 }] }])
    for (const table of ['household', 'household_person']) await connection.run(`UPDATE ${table} SET round = '${id}'`)
    // Work without an end: what counts is told a billion times a billion.
    await connection.run('CREATE OR REPLACE VIEW current_household AS SELECT t.* FROM household t, range(1000000000000000000)')
  })
  await office.close()
})
afterEach(async () => {
  // The terminal takes what runs in it along.
  for (const child of started.splice(0)) child.kill()
  await rm(folder, { recursive: true, force: true })
})

it.skipIf(!hasTerminal)(
  'tala table says that it works, and Ctrl-C ends it without a file and in words',
  async () => {
    const out = join(folder, 'out.csv')
    // exec: whatever the shell, no shell is left to die of the same key and answer 130 for the command.
    const command = `exec "${process.execPath}" --import tsx aggregator/cli.ts table --indicator POP01 --by sex --out "${out}"`
    const child = spawn('script', ['-qec', command, '/dev/null'], { env: { ...process.env, TALA_DATA: folder } })
    started.push(child)
    let shown = ''
    const pressed = new Promise<void>((resolve) => {
      child.stdout.on('data', (part: Buffer) => {
        shown += part.toString()
        if (shown.includes('Ctrl-C stops it')) resolve()
      })
    })
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    await Promise.race([pressed, ended])
    child.stdin.write('\x03')
    expect(await ended).toBe(1)
    expect(shown).toContain('Nothing was written.')
    expect(existsSync(out)).toBe(false)
  },
  240_000,
)
