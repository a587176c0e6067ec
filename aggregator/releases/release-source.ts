import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { KeyProvider } from '../custody/keys.ts'
import { ProblemError } from '../problem.ts'
import { isPublic } from './approval.ts'
import { listReleases, openRelease } from './open-release.ts'
import type { Release } from './release.ts'

/** Where pages and interfaces find releases that were approved, newest first; a draft is not there. */
export interface ReleaseSource {
  list(): Promise<readonly { readonly id: string; readonly published: string; readonly round: string }[]>
  /** Undefined when there is no such release. */
  open(id: string): Promise<Release | undefined>
  /** The released Parquet file of a table as it was signed; undefined when there is none. */
  parquet(id: string, table: string): Promise<Buffer | undefined>
}

/** Public releases of a data folder; each is opened and checked once, because it never changes. */
export function releaseSource(dataFolder: string, keys?: KeyProvider): ReleaseSource {
  const opened = new Map<string, Promise<Release | undefined>>()
  const openOnce = (id: string) =>
    openRelease(dataFolder, id, keys).catch((error: unknown) => {
      opened.delete(id)
      if (error instanceof ProblemError && error.type === 'not-released') return undefined
      throw error
    })
  const listed = listOnce(dataFolder)
  const seen = new Set<string>()
  // What is public stays so; a draft is looked at again each time.
  const isOut = async (id: string) => {
    if (!seen.has(id) && (await isPublic(dataFolder, id))) seen.add(id)
    return seen.has(id)
  }
  return {
    async list() {
      const all = await listed()
      const out = await Promise.all(all.map(({ id }) => isOut(id)))
      return all.filter((_, at) => out[at])
    },
    async parquet(id, table) {
      const release = await this.open(id)
      const file = release?.manifest.files.find((each) => each.table === table && each.path.endsWith('.parquet'))
      return release && file && readFile(join(release.folder, file.path))
    },
    async open(id) {
      if (!(await isOut(id))) return undefined
      const known = opened.get(id) ?? openOnce(id)
      opened.set(id, known)
      return known
    },
  }
}

/** Manifests name every file and are long: they are read again only after the folder of releases has changed. */
function listOnce(dataFolder: string): ReleaseSource['list'] {
  const folder = join(dataFolder, 'releases')
  let known: { readonly changed: number; readonly list: ReturnType<ReleaseSource['list']> } | undefined
  return async () => {
    const changed = (await stat(folder).catch(() => null))?.mtimeMs ?? 0
    if (known?.changed !== changed) {
      const list = listReleases(dataFolder).then((manifests) => manifests.map(({ id, published, round }) => ({ id, published, round })))
      known = { changed, list }
      // A folder that cannot be read now is read again at the next request.
      list.catch(() => (known = undefined))
    }
    return known.list
  }
}
