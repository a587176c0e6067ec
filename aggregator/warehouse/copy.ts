import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { type Fingerprint, fingerprint } from './fingerprint.ts'
import { lastReceipt } from './receipts.ts'
import type { Warehouse } from './warehouse.ts'

export interface WarehouseCopy {
  readonly tables: Fingerprint
  /** SHA-256 of the file, hex. */
  readonly sha256: string
  /** Highest receipt that the copy holds. */
  readonly receipts: number
}

/** Copies the warehouse into one new file; nothing is written to the warehouse meanwhile. */
export async function copyWarehouse(warehouse: Warehouse, path: string): Promise<WarehouseCopy> {
  const draft = join(warehouse.exportFolder, 'copy.duckdb')
  await rm(draft, { force: true })
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const before = await warehouse.alone(async (connection) => {
    const [name] = (await connection.runAndReadAll('select current_database()')).getRows()[0] ?? []
    await connection.run(`attach '${draft.replaceAll("'", "''")}' as copied`)
    try {
      await connection.run(`copy from database "${String(name)}" to copied`)
      await connection.run('checkpoint copied')
    } finally {
      await connection.run('detach copied')
    }
    return { tables: await fingerprint(connection), receipts: await lastReceipt(connection) }
  })
  const handle = await open(draft, 'r+')
  await handle.chmod(0o600)
  await handle.sync()
  await handle.close()
  await rename(draft, path)
  return { ...before, sha256: await fileHash(path) }
}

/** What a copy really holds, read from its file alone. */
export async function readCopy(path: string): Promise<Omit<WarehouseCopy, 'receipts'>> {
  const instance = await DuckDBInstance.create(path, {
    access_mode: 'READ_ONLY',
    autoload_known_extensions: 'false',
    autoinstall_known_extensions: 'false',
  })
  try {
    const connection = await instance.connect()
    const tables = await fingerprint(connection)
    connection.closeSync()
    return { tables, sha256: await fileHash(path) }
  } finally {
    instance.closeSync()
  }
}

export async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const part of createReadStream(path)) hash.update(part as Buffer)
  return hash.digest('hex')
}
