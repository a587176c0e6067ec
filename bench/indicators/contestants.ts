import type { DuckDBConnection } from '@duckdb/node-api'
import { baseQuery, type Measure } from '../../aggregator/indicators/base-query.ts'
import type { Indicator } from '../../aggregator/indicators/definition.ts'
import { dimensionOf } from '../../aggregator/indicators/dimensions.ts'
import type { Round } from '../../schemas/generated/records.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'

/** What a piece of work took. On a machine with other work the CPU seconds say more than the clock. */
export interface Took {
  readonly seconds: number
  readonly cpuSeconds: number
}

export async function timed(work: () => Promise<unknown>): Promise<Took> {
  const cpu = process.cpuUsage()
  const started = performance.now()
  await work()
  const used = process.cpuUsage(cpu)
  return { seconds: (performance.now() - started) / 1000, cpuSeconds: (used.user + used.system) / 1e6 }
}

export interface Setting {
  readonly connection: DuckDBConnection
  readonly questionnaire: Questionnaire
  readonly round: Round
}

/** National totals by indicator and measure: every contestant must give the same. */
export type Totals = ReadonlyMap<string, number>

const measures: readonly Measure[] = ['respondents', 'withoutAnswer', 'cases']

/** cube(sex, age, status) x rollup(province, municipality, barangay): 32 grouping sets, as a statistician would ask a database for them. */
function groupingSets(indicators: readonly Indicator[], { questionnaire, round }: Setting) {
  const placed = ['REF_AREA', 'SEX', 'AGE', 'MIG_STATUS'].map((id) => dimensionOf(id, questionnaire, round.areas))
  const { sql, columns } = baseQuery('person', indicators, placed, questionnaire)
  const areas = 'h.area AS area3, left(h.area, 3) AS area2, left(h.area, 2) AS area1,'
  const cube = sql
    .replace(/^SELECT\s+h\.area,/, `SELECT ${areas}`)
    .replace(/GROUP BY .*$/s, 'GROUP BY cube(4, 5, 6), rollup(area1, area2, area3)')
    .replace('$round', `'${round.id}'`)
  return { cube, columns, keys: 6 }
}

/** All indicators in one statement. The result stays in the database: reading it out would only slow it. */
export async function groupingSetsOnce(indicators: readonly Indicator[], setting: Setting): Promise<{ took: Took; totals: Totals }> {
  const { cube, columns, keys } = groupingSets(indicators, setting)
  const names = [...Array.from({ length: keys }, (_, index) => `k${index}`), ...columns.map((_, index) => `m${index}`)]
  const took = await timed(() => setting.connection.run(`CREATE OR REPLACE TEMP TABLE cube(${names.join(', ')}) AS ${cube}`))
  // A key that nobody lacks is NULL only in totals; the national one holds the most respondents of all rows.
  const counted = columns.map(({ measure }, index) => (measures.includes(measure) ? `max(m${index})` : 'NULL'))
  const [row = []] = (await setting.connection.runAndReadAll(`SELECT ${counted.join(', ')} FROM cube`)).getRows()
  await setting.connection.run('DROP TABLE cube')
  const totals = new Map<string, number>()
  for (const [index, { indicator, measure }] of columns.entries())
    if (measures.includes(measure)) totals.set(`${indicator} ${measure}`, Number(row[index] ?? 0))
  return { took, totals }
}

/** One statement per indicator, a few of them measured and the rest taken as alike. */
export async function oneQueryEach(indicators: readonly Indicator[], setting: Setting, measured = 3): Promise<Took> {
  const some = indicators.filter((_, index) => index % Math.ceil(indicators.length / measured) === 0)
  let [seconds, cpuSeconds] = [0, 0]
  for (const each of some) {
    const { took } = await groupingSetsOnce([each], setting)
    seconds += took.seconds
    cpuSeconds += took.cpuSeconds
  }
  return { seconds: (seconds * indicators.length) / some.length, cpuSeconds: (cpuSeconds * indicators.length) / some.length }
}

/** The floor: as many conditional sums over as many rows, from typed arrays that lie ready, into one cell per sex, age and status. */
export function plainLoops(persons: number, aggregates: number): number {
  const cells = Uint16Array.from({ length: persons }, (_, row) => (row * 2_654_435_761) % 384)
  const conditions = Uint8Array.from({ length: persons }, (_, row) => (row * 40_503) & 1)
  const sums = new Float64Array(384)
  const measured = Math.min(aggregates, 8)
  const started = process.cpuUsage()
  for (let aggregate = 0; aggregate < measured; aggregate++) {
    for (let row = 0; row < persons; row++) {
      const cell = cells[row] ?? 0
      sums[cell] = (sums[cell] ?? 0) + (conditions[row] ?? 0)
    }
  }
  return (process.cpuUsage(started).user / 1e6 / measured) * aggregates
}
