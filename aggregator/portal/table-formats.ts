import type { ProtectedTable } from '../disclosure/protected.ts'
import { toArrow } from '../formats/arrow.ts'
import { toCsv } from '../formats/csv.ts'
import { toDataPackage } from '../formats/data-package.ts'
import { toDta } from '../formats/dta.ts'
import { toJson } from '../formats/json.ts'
import { toJsonStat } from '../formats/json-stat.ts'
import type { Labels } from '../formats/labels.ts'
import type { Selection } from '../formats/observations.ts'
import { toSav } from '../formats/sav.ts'
import { toXlsx } from '../formats/xlsx.ts'
import { ProblemError } from '../problem.ts'
import type { Answer } from './frozen.ts'

/** What a writer may say beside the figures. */
export interface TableFacts {
  readonly title: string
  readonly published: string
  readonly labels: Labels
  /** Address of the table without format. */
  readonly address: string
  /** The released Parquet file, as it was signed. */
  readonly parquet: () => Promise<Buffer | undefined>
}

interface Writer {
  readonly media: string
  /** Of the file a browser saves; without it the answer is shown. */
  readonly ending?: string
  readonly write: (table: ProtectedTable, selection: Selection, facts: TableFacts) => Promise<Answer['body']> | Answer['body']
}

const json = 'application/json; charset=utf-8'

/** Every format of a released table: the name in `?format=`, the media type in `Accept`, the file's ending. */
const writers: Readonly<Record<string, Writer>> = {
  json: { media: json, write: (table, selection) => JSON.stringify(toJson(table, selection)) },
  csv: { media: 'text/csv; charset=utf-8', ending: 'csv', write: (table, selection) => toCsv(table, selection) },
  'json-stat': {
    media: json,
    write: (table, selection, { labels, title, published }) =>
      JSON.stringify(toJsonStat(table, labels, { label: title, updated: published }, selection)),
  },
  xlsx: {
    media: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    ending: 'xlsx',
    write: (table, selection, { title }) => toXlsx(table, selection, { title }),
  },
  arrow: { media: 'application/vnd.apache.arrow.stream', ending: 'arrows', write: (table, selection) => toArrow(table, selection) },
  parquet: {
    media: 'application/vnd.apache.parquet',
    ending: 'parquet',
    write: (_table, selection, { parquet }) => wholeFile(selection, parquet),
  },
  sav: {
    media: 'application/x-spss-sav',
    ending: 'sav',
    write: (table, selection, { title, published }) => toSav(table, selection, { title, day: published.slice(0, 10) }),
  },
  dta: { media: 'application/x-stata-dta', ending: 'dta', write: (table, selection, { title }) => toDta(table, selection, { title }) },
  datapackage: {
    media: json,
    write: (table, _selection, { title, address }) => JSON.stringify(toDataPackage(table, { title, address: `${address}?format=csv` })),
  },
}

/** In the order they are offered to a client that takes several. */
export const tableFormats: readonly string[] = Object.keys(writers)

/**
 * The format a client wants: by name, else by media type, else JSON.
 * @throws ProblemError `not-acceptable`
 */
export function wantedFormat(named: unknown, accepts: (types: string[]) => string | false): string {
  const refused = () => new ProblemError('not-acceptable', `Use format=${tableFormats.join(', ')}.`)
  if (named !== undefined) {
    const found = tableFormats.find((each) => each === named)
    if (!found) throw refused()
    return found
  }
  const types = tableFormats.map((format) => (writers[format]?.media ?? '').split(';')[0] ?? '')
  const accepted = accepts(types)
  if (accepted === false) throw refused()
  return tableFormats[types.indexOf(accepted)] ?? 'json'
}

export async function writeTable(format: string, table: ProtectedTable, selection: Selection, facts: TableFacts): Promise<Answer> {
  const writer = writers[format]
  if (!writer) throw new ProblemError('not-acceptable', `Use format=${tableFormats.join(', ')}.`)
  const body = await writer.write(table, selection, facts)
  return { body, type: writer.media, ...(writer.ending ? { file: `${table.release}-${table.id}.${writer.ending}` } : {}) }
}

async function wholeFile(selection: Selection, parquet: TableFacts['parquet']): Promise<Buffer> {
  if (Object.keys(selection).length > 0)
    throw new ProblemError(
      'invalid-request',
      'Parquet is the whole table as it was signed; ask for it without dimensions and cut it yourself.',
    )
  const bytes = await parquet()
  if (!bytes) throw new ProblemError('unknown-table', 'This release has no Parquet file of the table.')
  return bytes
}
