import type { ProtectedTable } from '../disclosure/protected.ts'
import type { Texts } from '../../schemas/questionnaire.ts'

/** What the public pages know of an indicator: its definition as it was when the release was made. */
export interface PublishedIndicator {
  readonly id: string
  readonly version: string
  readonly title: Texts
  readonly label: Texts
  readonly unit: string
  readonly universe: string
  readonly class: string
  readonly source: string
  readonly gcm: readonly number[]
  readonly sdg?: string | null
}

/** One frozen release, ready to be looked at. */
export interface PublishedRelease {
  readonly id: string
  /** ISO 8601. */
  readonly published: string
  readonly round: string
  readonly roundTitle: string
  readonly tables: readonly ProtectedTable[]
  readonly indicators: readonly PublishedIndicator[]
  /** Names of areas by code, in the order of the register. */
  readonly areas: Readonly<Record<string, string>>
  readonly cells: number
  readonly withheld: number
}

/** Where the portal and the API find releases, newest first. */
export interface ReleaseSource {
  list(): Promise<readonly { readonly id: string; readonly published: string; readonly round: string }[]>
  open(id: string): Promise<PublishedRelease | undefined>
}

/** TIME_PERIOD of SDMX: the year a round is named after, else the year it was published. */
export function periodOf({ round, published }: Pick<PublishedRelease, 'round' | 'published'>): string {
  return /^\d{4}/.exec(round)?.[0] ?? published.slice(0, 4)
}
