import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ProblemError } from '../problem.ts'
import { openKeyRing } from './key-ring.ts'
import type { KeyProvider } from './keys.ts'
import type { StoredKey } from './stored-key.ts'

/** A keyring of one file per key, mode 0600, in a folder of mode 0700. The first start makes a key for every purpose. */
export async function openKeyring(folder: string, now?: () => Date): Promise<KeyProvider> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return openKeyRing({ load: () => loadKeys(folder), save: (key) => saveKey(folder, key) }, now)
}

/** Puts keys from an export into a keyring folder. @throws ProblemError `keyring-read-only` when it has keys already. */
export async function saveKeys(folder: string, keys: readonly StoredKey[]): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if ((await loadKeys(folder)).length > 0)
    throw new ProblemError('keyring-read-only', `${folder} has keys already; an export goes into an empty folder only.`)
  for (const key of keys) await saveKey(folder, key)
}

async function loadKeys(folder: string): Promise<StoredKey[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.key.json')).sort()
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name)
      if (((await stat(path)).mode & 0o077) !== 0)
        throw new ProblemError('keyring-exposed', `Others can read ${name}; run chmod 600 on it, and rotate the key if they may have.`)
      return JSON.parse(await readFile(path, 'utf8')) as StoredKey
    }),
  )
}

async function saveKey(folder: string, key: StoredKey): Promise<void> {
  const path = join(folder, `${key.purpose}.${key.kid}.key.json`)
  if (key.state === 'destroyed') await overwrite(path)
  const handle = await open(`${path}.new`, 'w', 0o600)
  await handle.writeFile(`${JSON.stringify(key)}\n`)
  await handle.sync()
  await handle.close()
  await rename(`${path}.new`, path)
  const parent = await open(folder, 'r')
  await parent.sync()
  await parent.close()
}

// Overwriting is the best a file can do; on flash the disk's own encryption must do the rest (docs/methods/custody.md).
async function overwrite(path: string): Promise<void> {
  const handle = await open(path, 'r+').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (!handle) return
  const { size } = await handle.stat()
  await handle.write(randomBytes(size), 0, size, 0)
  await handle.sync()
  await handle.close()
}
