/** What a catalogue needs to know of a release. */
export interface CatalogRelease {
  readonly id: string
  readonly published: string
  readonly roundTitle: string
  readonly tables: readonly { readonly id: string; readonly indicator: string }[]
  readonly indicators: readonly { readonly id: string; readonly title: Readonly<Record<string, string>> }[]
}

/**
 * DCAT in JSON-LD: one data set per indicator of the newest release, each with its tables as CSV, so that search engines and catalogues find them.
 * @source https://www.w3.org/TR/vocab-dcat-3/
 */
export function catalogOf(release: CatalogRelease | undefined, address: string): Readonly<Record<string, unknown>> {
  const datasets = (release?.indicators ?? []).flatMap(({ id, title }) => {
    const tables = release?.tables.filter(({ indicator }) => indicator === id) ?? []
    if (!release || tables.length === 0) return []
    return [
      {
        '@type': 'dcat:Dataset',
        '@id': `${address}/indicators/${id}`,
        'dct:title': title.en ?? id,
        'dct:description': `${title.en ?? id}. ${release.roundTitle}, release ${release.id}; small figures are withheld.`,
        'dct:publisher': { '@type': 'foaf:Organization', 'foaf:name': 'Tala' },
        'dct:issued': release.published,
        'dct:license': 'https://creativecommons.org/licenses/by/4.0/',
        'dcat:keyword': ['migration', 'community-based monitoring'],
        'dcat:distribution': tables.map((table) => ({
          '@type': 'dcat:Distribution',
          'dct:title': table.id,
          'dcat:accessURL': `${address}/api/v1/releases/${release.id}/tables/${table.id}?format=csv`,
          'dcat:mediaType': 'text/csv',
        })),
      },
    ]
  })
  return {
    '@context': { dcat: 'http://www.w3.org/ns/dcat#', dct: 'http://purl.org/dc/terms/', foaf: 'http://xmlns.com/foaf/0.1/' },
    '@type': 'dcat:Catalog',
    '@id': `${address}/catalog.jsonld`,
    'dct:title': 'Tala: released figures',
    'dcat:dataset': datasets,
  }
}
