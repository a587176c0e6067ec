import type { Labels } from '../formats/labels.ts'
import type { Boundaries } from './boundaries.ts'
import type { PublishedIndicator, PublishedRelease } from './published.ts'
import type { Words } from './words.ts'

/** What every public page is made from: the words, and figures that have been released. */
export interface View {
  readonly say: Words
  readonly labels: Labels
  readonly release: PublishedRelease
  /** The newest release of each round, the oldest round first. */
  readonly rounds: readonly PublishedRelease[]
  readonly boundaries: Boundaries | null
  /** Where readers reach this portal, for links that leave it. */
  readonly address: string
  /** Where a resident can ask, in the words of the office. */
  readonly contact: string
  /** A link inside the portal that keeps the language. */
  readonly link: (path: string, parameters?: Readonly<Record<string, string | readonly string[] | undefined>>) => string
}

export function linkIn(language: string): View['link'] {
  return (path, parameters = {}) => {
    const query = new URLSearchParams(
      Object.entries(parameters).flatMap(([name, value]) =>
        ([] as readonly (string | undefined)[])
          .concat(value)
          .flatMap((each): [string, string][] => (each === undefined || each === '' ? [] : [[name, each]])),
      ),
    )
    query.append('lang', language)
    return `${path}?${query.toString()}`
  }
}

/** The indicators that have at least one table in the release. */
export function tabulated(release: PublishedRelease): readonly PublishedIndicator[] {
  const ids = new Set(release.tables.map(({ indicator }) => indicator))
  return release.indicators.filter(({ id }) => ids.has(id))
}

/** The question that the indicator answers, e.g. "Of every 100 homes, how many …?". */
export function labelOf({ say }: Pick<View, 'say'>, indicator: PublishedIndicator): string {
  return say.text(indicator.label) || indicator.id
}
