// Does the lattice search find what ARX finds on the Adult data set, to the digit? npx tsx bench/disclosure/adult.ts --data <folder>
// The folder holds adult.csv and adult_hierarchy_<column>.csv as in the data/ folder of ARX (github.com/arx-deidentifier/arx, Apache-2.0; the
// records are UCI Adult, CC BY 4.0); nothing of it is copied here but the figures below.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { DuckDBInstance } from '@duckdb/node-api'
import { parse } from 'csv-parse/sync'
import type { QuasiIdentifier } from '../../aggregator/disclosure/microdata/hierarchy.ts'
import { searchLattice } from '../../aggregator/disclosure/microdata/lattice.ts'

/** @source ARX at aacd487 (12 September 2025), src/test/org/deidentifier/arx/test/TestAnonymizationKAnonymity.java: precomputed non-uniform entropy, all nine columns. */
const expected = [
  { k: 5, limit: 0.04, loss: 255559.85455731067, best: [1, 0, 1, 1, 3, 2, 2, 0, 1] },
  { k: 100, limit: 0.04, loss: 379417.3460570988, best: [1, 1, 1, 1, 3, 2, 2, 1, 1] },
  { k: 5, limit: 0, loss: 407289.5388925293, best: [1, 2, 1, 1, 3, 2, 2, 1, 1] },
  { k: 100, limit: 0, loss: 453196.8932458743, best: [0, 4, 1, 1, 3, 2, 2, 1, 1] },
]

const { values } = parseArgs({ options: { data: { type: 'string' } } })
const folder = values.data
if (folder === undefined) throw new RangeError('Say where adult.csv lies: --data <folder>.')
const read = (name: string) =>
  parse(readFileSync(join(folder, name), 'utf8'), { delimiter: ';', relax_column_count: true }) as readonly (readonly string[])[]
const [header = [], ...records] = read('adult.csv')
const identifiers = header.map((column, at) =>
  identifier(
    column,
    records.map((record) => record[at] ?? ''),
  ),
)

/** Codes in the order of the file; what a level loses is the entropy of the value as collected, given its group. */
function identifier(column: string, answers: readonly string[]): QuasiIdentifier {
  const rows = read(`adult_hierarchy_${column}.csv`)
  const counts = new Map<string, number>()
  for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1)
  const labels = (rows[0] ?? []).map((_, level) => [...new Set(rows.map((row) => row[level] ?? ''))])
  const levels = labels.map((names, level) => rows.map((row) => names.indexOf(row[level] ?? '')))
  const losses = levels.map((groups) => {
    const inGroup = new Map<number, number>()
    rows.forEach(([code = ''], at) => inGroup.set(groups[at] ?? 0, (inGroup.get(groups[at] ?? 0) ?? 0) + (counts.get(code) ?? 0)))
    return rows.reduce((sum, [code = ''], at) => {
      const own = counts.get(code) ?? 0
      return own === 0 ? sum : sum - own * Math.log2(own / (inGroup.get(groups[at] ?? 0) ?? 1))
    }, 0)
  })
  return { column, labels, levels, importance: 1, losses }
}

const instance = await DuckDBInstance.create(':memory:')
const connection = await instance.connect()
await connection.run(`create temp table records (${identifiers.map((_, at) => `q${at} usmallint`).join(', ')})`)
const appender = await connection.createAppender('records')
const codes = identifiers.map(({ labels }) => new Map((labels[0] ?? []).map((label, code) => [label, code])))
for (const record of records) {
  for (const [at, answer] of record.entries()) appender.appendUSmallInt(codes[at]?.get(answer) ?? 0)
  appender.endRow()
}
appender.closeSync()
await connection.run('create temp table base as select *, count(*)::bigint as n, 1::bigint as b from records group by all')
for (const { k, limit, loss, best } of expected) {
  const started = performance.now()
  const found = await searchLattice({ connection, identifiers, k, l: 1, mostOutside: Math.floor(limit * records.length) })
  const isSame = found.best.join() === best.join() && Math.abs(found.loss - loss) < 1e-6
  console.log(
    `k ${k}, ${100 * limit} % outside: ${found.best.join(' ')}, loss ${found.loss} ${isSame ? 'as ARX' : `NOT as ARX: ${best.join(' ')}, ${loss}`}; ${found.checks} of ${found.nodes} nodes counted, ${found.outside} outside, ${Math.round(performance.now() - started)} ms`,
  )
  if (!isSame) process.exitCode = 1
}
connection.closeSync()
