import type { PublishedRelease, ReleaseSource } from './published.ts'

/** Releases as pages ask for them. */
export interface ReleaseShelf {
  newest(): Promise<PublishedRelease | undefined>
  open(id: string): Promise<PublishedRelease | undefined>
  /** All, newest first. */
  all(): Promise<readonly PublishedRelease[]>
  /** The newest of each round, the oldest round first. */
  rounds(): Promise<readonly PublishedRelease[]>
}

export function releaseShelf(releases: ReleaseSource): ReleaseShelf {
  const openAll = async (ids: readonly string[]) => {
    const opened = await Promise.all(ids.map((id) => releases.open(id)))
    return opened.filter((each) => each !== undefined)
  }
  return {
    async newest() {
      const [first] = await releases.list()
      return first && releases.open(first.id)
    },
    open: (id) => releases.open(id),
    all: async () => openAll((await releases.list()).map(({ id }) => id)),
    async rounds() {
      const list = await releases.list()
      const newest = list.filter(({ round }, index) => list.findIndex((each) => each.round === round) === index)
      return openAll(newest.toSorted((a, b) => (a.round < b.round ? -1 : 1)).map(({ id }) => id))
    },
  }
}
