// PostgreSQL: COPY of the opened interviews as JSONB, then flattening by SQL. No opening, no rules, no pseudonyms.
import { type Table, tablesOf } from '../../schemas/xlsform/tables.ts'
import { openCluster } from '../postgres-cluster.ts'
import { questionnaire } from './made-up.ts'

/** @param name of the cluster's folder. @param csv one quoted JSON document per line. @returns households per second, or null when PostgreSQL is not installed. */
export function postgresCopyFlatten(folder: string, name: string, csv: string, households: number): number | null {
  const cluster = openCluster(folder, name, [csv])
  if (cluster === null) return null
  const psql = (sql: string) => cluster.psql(sql)
  try {
    psql('create table raw (doc jsonb not null)')
    const started = performance.now()
    psql(`copy raw from '${csv}' with (format csv)`)
    for (const table of tablesOf(questionnaire)) psql(flatten(table))
    return households / ((performance.now() - started) / 1000)
  } finally {
    cluster.stop()
  }
}

const typeIn: Readonly<Record<string, string>> = { INTEGER: 'integer', DOUBLE: 'double precision', DATE: 'date' }

function flatten({ name, repeat, columns }: Table): string {
  const source = repeat === undefined ? "doc -> 'answers'" : 'member'
  const cells = columns.flatMap(({ name: column, type, holds, question }) => {
    if (holds !== 'answer' || !question) return []
    const text = `${source} ->> '${question.name}'`
    if (type === 'VARCHAR[]') return [`${source} -> '${question.name}' as "${column}"`]
    return [`${typeIn[type] === undefined ? text : `nullif(nullif(${text}, '98'), '99')::${typeIn[type]}`} as "${column}"`]
  })
  const members = repeat === undefined ? '' : ` cross join lateral jsonb_array_elements(doc -> 'answers' -> '${repeat}') as member`
  return `create table "${name}" as select doc ->> 'id' as record_id, doc ->> 'round' as round, doc ->> 'area' as area, ${cells.join(', ')} from raw${members}`
}
