import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { openInBackground } from './background-threads.ts'
import { createTurns } from './turns.ts'
import { prepareTables } from './prepare-tables.ts'
import { prepareAppends } from './table-writer.ts'
import type { Warehouse } from './warehouse.ts'

/** How many readers work at the same time; further ones wait. */
const mostReaders = 6

/**
 * Opens (or makes) the warehouse.
 * @param path of the DuckDB file, or `:memory:`.
 * @param exportFolder the only folder SQL may write to or read from; default `<path>-exports`.
 */
export async function openWarehouse(
  path: string,
  { exportFolder = `${path}-exports` }: { exportFolder?: string } = {},
): Promise<Warehouse> {
  const inMemory = path === ':memory:'
  const folder = inMemory ? '' : resolve(exportFolder)
  if (!inMemory) {
    await mkdir(dirname(resolve(path)), { recursive: true, mode: 0o700 })
    await mkdir(folder, { recursive: true, mode: 0o700 })
    // What a killed process left in the middle of its work holds rows that may have been erased since.
    for (const left of ['rewrite.duckdb', 'rewrite.duckdb.wal', 'copy.duckdb', 'copy.duckdb.wal', 'spill'])
      await rm(join(folder, left), { recursive: true, force: true })
  }
  let opened = await openDatabase(path, folder)
  const schema = await readFile(new URL('./sql/schema.sql', import.meta.url), 'utf8')
  await opened.writer.run(schema)

  const turns = createTurns()
  const writes = createTurns()
  const reserve: DuckDBConnection[] = []
  let lent = 0
  let written = 0
  const waiting: (() => void)[] = []
  const borrow = async () => {
    // A connection that is given back passes straight to who waits longest, without being counted free in between.
    if (lent >= mostReaders) await new Promise<void>((free) => waiting.push(free))
    else lent++
    return reserve.pop() ?? opened.instance.connect()
  }
  const giveBack = (connection: DuckDBConnection) => {
    reserve.push(connection)
    const next = waiting.shift()
    if (next) next()
    else lent--
  }
  const closeDatabase = () => {
    for (const connection of reserve.splice(0)) connection.closeSync()
    opened.writer.closeSync()
    opened.instance.closeSync()
  }

  return {
    path,
    exportFolder: folder,
    prepare: (questionnaire) =>
      turns.shared(() => writes.alone(() => inTransaction(opened.writer, (each) => prepareTables(each, questionnaire)))),
    write: (work) =>
      turns.shared(() =>
        writes.alone(async () => {
          const result = await inTransaction(opened.writer, work)
          written++
          return result
        }),
      ),
    written: () => written,
    read: (work) =>
      turns.shared(async () => {
        const connection = await borrow()
        try {
          return await work(connection)
        } finally {
          giveBack(connection)
        }
      }),
    alone: (work) => turns.alone(() => work(opened.writer)),
    checkpoint: () => turns.shared(() => writes.alone(async () => void (await opened.writer.run('checkpoint')))),
    rewrite: () =>
      turns.alone(async () => {
        if (inMemory) return
        await opened.writer.run('checkpoint')
        const fresh = join(folder, 'rewrite.duckdb')
        const [name] = (await opened.writer.runAndReadAll('select current_database()')).getRows()[0] ?? []
        await opened.writer.run(`attach '${fresh.replaceAll("'", "''")}' as rewritten`)
        await opened.writer.run(`copy from database "${String(name)}" to rewritten`)
        await opened.writer.run('checkpoint rewritten')
        await opened.writer.run('detach rewritten')
        closeDatabase()
        // The log was emptied by the checkpoint. Were it still there after the exchange, it would be replayed into a file it is not of.
        await rm(`${path}.wal`, { force: true })
        await rename(fresh, path)
        await syncFolder(dirname(resolve(path)))
        opened = await openDatabase(path, folder)
      }),
    close: () =>
      turns.alone(async () => {
        if (!inMemory) await opened.writer.run('checkpoint')
        closeDatabase()
      }),
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync()
  await handle.close()
}

interface OpenDatabase {
  readonly instance: DuckDBInstance
  readonly writer: DuckDBConnection
}

// DuckDB's own defaults load extensions from the internet and read any file; after this it can do neither, and the lock cannot be undone by SQL.
async function openDatabase(path: string, exportFolder: string): Promise<OpenDatabase> {
  const settings = {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    // One large log instead of a file write per transaction: 1.4 times the rows per second; `checkpoint` runs when idle.
    checkpoint_threshold: '256MB',
  }
  const instance = await openInBackground(() => DuckDBInstance.create(path, settings))
  const writer = await instance.connect()
  prepareAppends(writer)
  if (exportFolder !== '') {
    await writer.run(`set allowed_directories=['${exportFolder.replaceAll("'", "''")}/']`)
    await writer.run(`set temp_directory='${exportFolder.replaceAll("'", "''")}/spill'`)
  }
  await writer.run('set enable_external_access=false')
  await writer.run('set lock_configuration=true')
  return { instance, writer }
}

async function inTransaction<Result>(
  connection: DuckDBConnection,
  work: (connection: DuckDBConnection) => Promise<Result>,
): Promise<Result> {
  await connection.run('begin')
  try {
    const result = await work(connection)
    await connection.run('commit')
    return result
  } catch (error) {
    // After a failed commit there is no transaction left to roll back.
    await connection.run('rollback').catch(() => undefined)
    throw error
  }
}
