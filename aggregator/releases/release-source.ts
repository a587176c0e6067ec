import type { KeyProvider } from '../custody/keys.ts'
import { ProblemError } from '../problem.ts'
import { listReleases, openRelease } from './open-release.ts'
import type { Release } from './release.ts'

/** Where pages and interfaces find releases, newest first. */
export interface ReleaseSource {
  list(): Promise<readonly { readonly id: string; readonly published: string; readonly round: string }[]>
  /** Undefined when there is no such release. */
  open(id: string): Promise<Release | undefined>
}

/** Releases of a data folder; each is opened and checked once, because it never changes. */
export function releaseSource(dataFolder: string, keys?: KeyProvider): ReleaseSource {
  const opened = new Map<string, Promise<Release | undefined>>()
  const openOnce = (id: string) =>
    openRelease(dataFolder, id, keys).catch((error: unknown) => {
      opened.delete(id)
      if (error instanceof ProblemError && error.type === 'not-released') return undefined
      throw error
    })
  return {
    list: async () => (await listReleases(dataFolder)).map(({ id, published, round }) => ({ id, published, round })),
    open(id) {
      const known = opened.get(id) ?? openOnce(id)
      opened.set(id, known)
      return known
    },
  }
}
