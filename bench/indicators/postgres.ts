// PostgreSQL: the base cells by conditional counts in one statement, then 32 grouping sets over them. Loading is not counted.
import { createWriteStream, openSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import type { Indicator } from '../../aggregator/indicators/definition.ts'
import { openCluster } from '../postgres-cluster.ts'
import type { Totals } from './contestants.ts'
import { postgresDialect } from './dialect.ts'
import { type Columns, keyNames, writeRecipe } from './write-columns.ts'

interface Column {
  readonly name: string
  readonly type: string
}

/** @returns null when PostgreSQL is not installed. */
export async function runPostgres(
  indicators: readonly Indicator[],
  columns: Columns,
): Promise<{ readonly seconds: number; readonly totals: Totals } | null> {
  const read = readFileSync(join(columns.folder, 'columns.tsv'), 'utf8').trim().split('\n')
  const own = read.map((line): Column => {
    const [name = '', type = ''] = line.split('\t')
    return { name, type }
  })
  const csv = join(columns.folder, 'people.csv')
  await writeCsv(own, columns, csv)
  const cluster = openCluster(columns.folder, 'postgres', [csv])
  if (!cluster) return null
  try {
    const types = own.map(({ name, type }) => `${name} ${type === 'int16' ? 'smallint' : 'double precision'}`)
    cluster.psql(`create table people (${types.join(', ')})`)
    cluster.psql(`copy people from '${csv}' with (format csv)`)
    cluster.psql('vacuum analyze people')
    writeRecipe(indicators, columns, postgresDialect)
    const measures = measuresOf(readFileSync(join(columns.folder, 'recipe.tsv'), 'utf8'))
    const started = performance.now()
    const counted = measures.map(({ sql, name }) => `${sql} as "${name}"`)
    cluster.psql(`create table base as select ${keyNames.join(', ')}, ${counted.join(', ')} from people group by 1, 2, 3, 4`)
    const sums = measures.map(({ name }) => `sum("${name}")`)
    const sets = `select ${[...sums, 'count(*)'].map((sum, index) => `${sum} as s${index}`).join(', ')} from (select *, area3 / 100 as area1, area3 / 10 as area2 from base) b
      group by cube(sex, age_group, status), rollup(area1, area2, area3)`
    cluster.psql(`create table cube as ${sets}`)
    const seconds = (performance.now() - started) / 1000
    const row = cluster
      .psql(`select ${sums.join(', ')} from base`)
      .trim()
      .split('\t')
    const totals = measures.flatMap(({ name }, index) => (name.endsWith(' numerator') ? [] : [[name, Number(row[index])] as const]))
    return { seconds, totals: new Map(totals) }
  } finally {
    cluster.stop()
  }
}

/** The same parts as the recipe of the data-frame libraries. */
function measuresOf(recipe: string): readonly { readonly name: string; readonly sql: string }[] {
  return recipe
    .trimEnd()
    .split('\n')
    .flatMap((line) => {
      const [id = '', asked = 'true', answered = '', cases = '', mean = ''] = line.split('\t')
      const both = answered === '' ? asked : `${asked} and ${answered}`
      const count = (condition: string) => `count(*) filter (where ${condition})`
      return [
        { name: `${id} respondents`, sql: count(both) },
        { name: `${id} withoutAnswer`, sql: count(answered === '' ? 'false' : `${asked} and not (${answered})`) },
        ...(cases === '' ? [] : [{ name: `${id} cases`, sql: count(`${both} and ${cases}`) }]),
        ...(mean === '' ? [] : [{ name: `${id} numerator`, sql: `coalesce(sum(${mean}) filter (where ${both}), 0)` }]),
      ]
    })
}

async function writeCsv(own: readonly Column[], { folder, persons }: Columns, path: string): Promise<void> {
  const chunk = 50_000
  const files = own.map(({ name }) => openSync(join(folder, `${name}.bin`), 'r'))
  const out = createWriteStream(path)
  for (let first = 0; first < persons; first += chunk) {
    const rows = Math.min(chunk, persons - first)
    const parts = own.map(({ type }, index) => {
      const values = type === 'int16' ? new Int16Array(rows) : new Float64Array(rows)
      readSync(files[index] ?? 0, values, 0, values.byteLength, first * values.BYTES_PER_ELEMENT)
      return values
    })
    const lines = Array.from({ length: rows }, (_, row) => parts.map((values) => values[row]).join(','))
    if (!out.write(`${lines.join('\n')}\n`)) await new Promise<void>((resolve) => out.once('drain', () => resolve()))
  }
  out.end()
  await finished(out)
}
