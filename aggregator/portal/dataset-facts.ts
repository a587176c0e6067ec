import type { PublishedIndicator } from './published.ts'
import { tablesOf } from './slices.ts'
import type { View } from './view.ts'

/**
 * schema.org Dataset of one indicator, so that search engines for data find it.
 * @source https://schema.org/Dataset
 */
export function datasetFacts({ say, release, address }: View, indicator: PublishedIndicator): Readonly<Record<string, unknown>> {
  const place = release.areas['_T']
  return {
    '@context': 'https://schema.org/',
    '@type': 'Dataset',
    '@id': `${address}/indicators/${indicator.id}`,
    url: `${address}/indicators/${indicator.id}`,
    name: say.text(indicator.title),
    description: `${say.text(indicator.label)} ${release.roundTitle}. ${say('withheld-long')}`,
    identifier: `${indicator.id}/${indicator.version}`,
    version: release.id,
    datePublished: release.published,
    license: 'https://creativecommons.org/licenses/by/4.0/',
    isAccessibleForFree: true,
    creator: { '@type': 'Organization', name: 'Tala' },
    variableMeasured: { '@type': 'PropertyValue', name: say.text(indicator.title), unitText: indicator.unit },
    ...(place ? { spatialCoverage: place } : {}),
    distribution: tablesOf(release, indicator.id).flatMap((table) =>
      [
        ['text/csv', 'csv'],
        ['application/vnd.apache.parquet', 'parquet'],
      ].map(([encodingFormat, format]) => ({
        '@type': 'DataDownload',
        encodingFormat,
        contentUrl: `${address}/api/v1/releases/${release.id}/tables/${table.id}?format=${format}`,
      })),
    ),
  }
}
