import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { KeyProvider } from '../custody/keys.ts'
import type { VintageMemory } from '../disclosure/vintages/memory.ts'
import { reviveProtectedTable } from '../disclosure/revive-table.ts'
import { ProblemError } from '../problem.ts'
import { isPublic } from './approval.ts'
import type { Release, ReleaseManifest } from './release.ts'
import { checkSignature, type ManifestSignature } from './signature.ts'

/** Releases of a data folder, newest first. */
export async function listReleases(dataFolder: string): Promise<readonly ReleaseManifest[]> {
  const folders = await readdir(join(dataFolder, 'releases'), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const manifests = await Promise.all(
    folders
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(async ({ name }) => JSON.parse(await readFile(join(dataFolder, 'releases', name, 'manifest.json'), 'utf8')) as ReleaseManifest),
  )
  return manifests.toSorted((a, b) => (a.published < b.published ? 1 : a.published > b.published ? -1 : a.id < b.id ? 1 : -1))
}

/** Every release that was made, newest first, and whether readers see it. */
export async function madeReleases(
  dataFolder: string,
): Promise<readonly { readonly id: string; readonly published: string; readonly isPublic: boolean }[]> {
  const all = await listReleases(dataFolder)
  return Promise.all(all.map(async ({ id, published }) => ({ id, published, isPublic: await isPublic(dataFolder, id) })))
}

/**
 * Opens a release and checks it: the manifest's signature, then every table file against its hash.
 * @param keys the office's keyring; without it the signature is checked against the key in the release.
 * @throws ProblemError `not-released`, `release-damaged`
 */
export async function openRelease(dataFolder: string, id: string, keys?: KeyProvider): Promise<Release> {
  const folder = join(dataFolder, 'releases', id)
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(id)) throw new ProblemError('not-released', 'There is no such release.')
  const bytes = await readFile(join(folder, 'manifest.json')).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new ProblemError('not-released', 'There is no such release; list them to see which there are.')
    throw error
  })
  checkSignature(bytes, await readSignature(folder), keys)
  const manifest = JSON.parse(bytes.toString('utf8')) as ReleaseManifest
  const tables = await Promise.all(
    manifest.files
      .filter(({ path }) => path.endsWith('.json'))
      .map(async ({ path, sha256 }) => reviveProtectedTable(await readReleased(folder, path), sha256)),
  )
  const { published, round, roundTitle, indicators, areas, dimensions, protection } = manifest
  return {
    id,
    published,
    round,
    roundTitle,
    tables,
    indicators,
    areas,
    ...(dimensions ? { dimensions } : {}),
    cells: protection.cells,
    withheld: protection.withheld,
    carried: protection.carriedForward,
    manifest,
    folder,
  }
}

async function readSignature(folder: string): Promise<ManifestSignature> {
  return JSON.parse((await readReleased(folder, 'manifest.sig.json')).toString('utf8')) as ManifestSignature
}

async function readReleased(folder: string, path: string): Promise<Buffer> {
  return readFile(join(folder, path)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new ProblemError('release-damaged', `${path} is missing; restore the release from a backup.`)
    throw error
  })
}

/** What the releases of the round were made of, the newest first, from the office's own folder. */
export async function earlierVintages(dataFolder: string, round: string): Promise<readonly VintageMemory[]> {
  const releases = (await listReleases(dataFolder)).filter((manifest) => manifest.round === round)
  return Promise.all(releases.map(({ id }) => readVintage(dataFolder, id)))
}

async function readVintage(dataFolder: string, release: string): Promise<VintageMemory> {
  const bytes = await readFile(join(dataFolder, 'disclosure', release, 'vintage.json'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT')
      throw new ProblemError(
        'release-unsafe',
        `The figures behind release ${release} are missing; restore ${join('disclosure', release)} from a backup before the next release.`,
      )
    throw error
  })
  return JSON.parse(bytes) as VintageMemory
}
