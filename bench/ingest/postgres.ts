// PostgreSQL: COPY of the opened interviews as JSONB, then flattening by SQL. No opening, no rules, no pseudonyms.
import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Table, tablesOf } from '../../schemas/xlsform/tables.ts'
import { questionnaire } from './made-up.ts'

/** Debian keeps initdb and pg_ctl out of the path. */
function binFolder(): string | null {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).sort() : []
  const newest = versions.findLast((version) => existsSync(join(root, version, 'bin', 'initdb')))
  return newest === undefined ? null : join(root, newest, 'bin')
}

/** @param name of the cluster's folder. @param csv one quoted JSON document per line. @returns households per second, or null when PostgreSQL is not installed. */
export function postgresCopyFlatten(folder: string, name: string, csv: string, households: number): number | null {
  const bin = binFolder()
  if (bin === null) return null
  const cluster = join(folder, name)
  mkdirSync(cluster, { recursive: true })
  const isRoot = process.getuid?.() === 0
  // PostgreSQL refuses to run as root.
  const nobody = 65_534
  if (isRoot) for (const path of [folder, cluster, csv]) chownSync(path, nobody, nobody)
  const run = (program: string, ...rest: string[]) => {
    const [command, ...parts] = isRoot
      ? ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', join(bin, program), ...rest]
      : [join(bin, program), ...rest]
    return execFileSync(command ?? '', parts, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] }).toString()
  }
  run('initdb', '-D', cluster, '-A', 'trust', '-U', 'bench', '--no-sync')
  run(
    'pg_ctl',
    '-D',
    cluster,
    '-w',
    '-l',
    join(cluster, 'log'),
    '-o',
    `-k ${cluster} -c listen_addresses='' -c shared_buffers=512MB -c max_wal_size=4GB`,
    'start',
  )
  const psql = (sql: string) => run('psql', '-h', cluster, '-U', 'bench', '-d', 'postgres', '-v', 'ON_ERROR_STOP=1', '-q', '-c', sql)
  try {
    psql('create table raw (doc jsonb not null)')
    const started = performance.now()
    psql(`copy raw from '${csv}' with (format csv)`)
    for (const table of tablesOf(questionnaire)) psql(flatten(table))
    return households / ((performance.now() - started) / 1000)
  } finally {
    run('pg_ctl', '-D', cluster, '-m', 'immediate', 'stop')
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
