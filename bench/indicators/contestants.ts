import type { DuckDBConnection } from '@duckdb/node-api'
import { baseQuery } from '../../aggregator/indicators/base-query.ts'
import type { Indicator } from '../../aggregator/indicators/definition.ts'
import { dimensionOf } from '../../aggregator/indicators/dimensions.ts'
import type { Round } from '../../schemas/generated/records.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'

/** Seconds that some work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}

interface Setting {
  readonly connection: DuckDBConnection
  readonly questionnaire: Questionnaire
  readonly round: Round
}

/** cube(sex, age, status) x rollup(province, municipality, barangay): 32 grouping sets, as a statistician would ask a database for them. */
function groupingSets(indicators: readonly Indicator[], { questionnaire, round }: Setting): string {
  const placed = ['REF_AREA', 'SEX', 'AGE', 'MIG_STATUS'].map((id) => dimensionOf(id, questionnaire, round.areas))
  const { sql } = baseQuery('person', indicators, placed, questionnaire)
  const areas = 'h.area AS area3, left(h.area, 3) AS area2, left(h.area, 2) AS area1,'
  return sql
    .replace(/^SELECT\s+h\.area,/, `SELECT ${areas}`)
    .replace(/GROUP BY .*$/s, 'GROUP BY cube(4, 5, 6), rollup(area1, area2, area3)')
    .replace('$round', `'${round.id}'`)
}

/** All indicators in one statement. The result stays in the database: reading it out would only slow it. */
export const groupingSetsOnce = (indicators: readonly Indicator[], setting: Setting): Promise<number> =>
  timed(async () => {
    await setting.connection.run(`CREATE OR REPLACE TEMP TABLE cube AS ${groupingSets(indicators, setting)}`)
  })

/** One statement per indicator, a few of them measured and the rest taken as alike. */
export async function oneQueryEach(indicators: readonly Indicator[], setting: Setting, measured = 3): Promise<number> {
  const some = indicators.filter((_, index) => index % Math.ceil(indicators.length / measured) === 0)
  let seconds = 0
  for (const each of some) seconds += await groupingSetsOnce([each], setting)
  return (seconds * indicators.length) / some.length
}

/** The floor: as many conditional sums over as many rows, from typed arrays that lie ready, into one cell per sex, age and status. */
export function plainLoops(persons: number, aggregates: number): number {
  const cells = Uint16Array.from({ length: persons }, (_, row) => (row * 2_654_435_761) % 384)
  const conditions = Uint8Array.from({ length: persons }, (_, row) => (row * 40_503) & 1)
  const sums = new Float64Array(384)
  const measured = Math.min(aggregates, 8)
  const started = performance.now()
  for (let aggregate = 0; aggregate < measured; aggregate++) {
    for (let row = 0; row < persons; row++) {
      const cell = cells[row] ?? 0
      sums[cell] = (sums[cell] ?? 0) + (conditions[row] ?? 0)
    }
  }
  return ((performance.now() - started) / 1000 / measured) * aggregates
}
