import type { PublishedRelease, ReleaseSource } from '../../aggregator/portal/published.ts'
import { exampleTable } from './protected-table.ts'

/** One release with one small table, as the portal sees it. */
export function exampleRelease(change: Partial<PublishedRelease> = {}): PublishedRelease {
  return {
    id: '2026-r1',
    published: '2026-11-21T00:00:00Z',
    round: '2026',
    roundTitle: 'Pilot round',
    tables: [exampleTable()],
    indicators: [
      {
        id: 'MIG01',
        version: '1.0.0',
        title: { en: 'Share of people living here who were born in another country' },
        label: { en: 'Born in another country' },
        unit: 'percent',
        universe: 'people living here',
        class: 'official',
        source: 'UN recommendations',
        gcm: [1],
        sdg: '17.18',
      },
    ],
    areas: { _T: 'All areas', A1: 'Mabini', A2: 'Rizal' },
    cells: 9,
    withheld: 3,
    ...change,
  }
}

export function sourceOf(...releases: readonly PublishedRelease[]): ReleaseSource {
  return {
    list: async () => releases.map(({ id, published, round }) => ({ id, published, round })),
    open: async (id) => releases.find((each) => each.id === id),
    parquet: async () => undefined,
  }
}
