import type { Release, ReleasedIndicator } from '../releases/release.ts'

/** What the public pages know of an indicator: its definition as it was when the release was made. */
export type PublishedIndicator = ReleasedIndicator

/** One frozen release, ready to be looked at: all of it but where its files lie. */
export type PublishedRelease = Omit<Release, 'manifest' | 'folder'>

/** Where the portal and the API find releases, newest first. */
export interface ReleaseSource {
  list(): Promise<readonly { readonly id: string; readonly published: string; readonly round: string }[]>
  open(id: string): Promise<PublishedRelease | undefined>
  /** The released Parquet file of a table; undefined when there is none. */
  parquet(id: string, table: string): Promise<Buffer | undefined>
}

/** TIME_PERIOD of SDMX: the year a round is named after, else the year it was published. */
export function periodOf({ round, published }: Pick<PublishedRelease, 'round' | 'published'>): string {
  return /^\d{4}/.exec(round)?.[0] ?? published.slice(0, 4)
}

/** Whether two releases mean the same by a figure: the same definition, over variables derived by the same rules. */
export function isSameFigure(one: PublishedIndicator, other: PublishedIndicator | undefined): boolean {
  if (one.version !== other?.version) return false
  return one.rules === undefined || other.rules === undefined || one.rules === other.rules
}
