import type { ProtectedTable } from '../disclosure/protected.ts'
import { columnsOf } from './observations.ts'

const numbers: ReadonlySet<string> = new Set(['OBS_VALUE', 'NUMERATOR', 'DENOMINATOR'])

/** datapackage.json (Data Package 2.0) beside the CSV of a table: types, allowed codes, what an empty field means. */
export function toDataPackage(
  table: ProtectedTable,
  facts: { readonly title: string; readonly address: string },
): Readonly<Record<string, unknown>> {
  const codes = new Map(table.dimensions.map(({ id, nodes }) => [id, nodes.map(({ code }) => code)]))
  return {
    $schema: 'https://datapackage.org/profiles/2.0/datapackage.json',
    name: `${table.release}-${table.id}`.toLowerCase().replace(/[^a-z0-9.-]/g, '-'),
    title: facts.title,
    version: table.indicatorVersion,
    licenses: [{ name: 'CC-BY-4.0', path: 'https://creativecommons.org/licenses/by/4.0/' }],
    resources: [
      {
        name: 'data',
        path: facts.address,
        type: 'table',
        // The same in the words of version 1, which most readers still speak.
        profile: 'tabular-data-resource',
        format: 'csv',
        mediatype: 'text/csv',
        encoding: 'utf-8',
        schema: {
          missingValues: [''],
          primaryKey: ['INDICATOR', ...table.dimensions.map(({ id }) => id), 'TIME_PERIOD'],
          fields: columnsOf(table).map((name) => {
            const allowed = codes.get(name)
            return {
              name,
              type: numbers.has(name) ? 'number' : 'string',
              ...(allowed ? { constraints: { enum: allowed, required: true } } : {}),
            }
          }),
        },
      },
    ],
  }
}
