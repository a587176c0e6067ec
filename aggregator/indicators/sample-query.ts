import { conditionSql, numberSql, type SqlPlace } from '../../schemas/language/to-sql.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { keySql } from './base-query.ts'
import type { Indicator } from './definition.ts'
import type { PlacedDimension } from './dimensions.ts'
import { personRepeat, sqlNames, tableOf } from './sql-names.ts'

/** Weights within the home are summed in whole millionths: the sum is the same in any order. */
const weightScale = 1e6

/** Queries of one indicator in a sample. Parameter: $round. */
export interface SampleQueries {
  /** Per area and leaf of the dimensions: the area, the keys, respondents, cases, without answer, and the sums of wy, wx, w, wy/x and w(y/x)², where w is the weight within the home. */
  readonly sums: string
  /** Each respondent: the area, the keys, y, w. */
  readonly values: string
}

export function sampleQueries(
  { definition, ...parts }: Indicator,
  dimensions: readonly PlacedDimension[],
  questionnaire: Questionnaire,
): SampleQueries {
  const names = sqlNames(questionnaire)
  const repeat = definition.level === 'person' ? personRepeat(questionnaire) : undefined
  const place: SqlPlace = {
    household: 'h',
    today: 'h.finished',
    now: "strftime(h.finished, '%Y-%m-%dT00:00:00')",
    ...(repeat && { member: { repeat, alias: 'p' } }),
  }
  const { universe, asked = universe, numerator, denominator, value, weight } = parts
  if (universe === undefined || asked === undefined) throw new RangeError(`${definition.id} has no universe.`)
  const number = (expression: typeof value) => (expression === undefined ? '1' : numberSql(expression, names, place))
  const isRatio = definition.type === 'ratio' || definition.type === 'rate'
  const y = isRatio
    ? number(numerator)
    : definition.type === 'proportion' && numerator !== undefined
      ? `CAST(${conditionSql(numerator, names, place)} AS DOUBLE)`
      : number(value)
  const home = `"current_${tableOf(questionnaire)}" h`
  const from = repeat ? `"current_${tableOf(questionnaire, repeat)}" p JOIN ${home} ON h.record_id = p.record_id` : home
  const keys = dimensions.map((each, index) => `${keySql(each, names, place)} AS k${index}`)
  const counted = (condition: string) => `count_if(${condition})::double`
  const sum = (factor: string) =>
    `coalesce(sum(CASE WHEN counts THEN CAST(round(w * ${weightScale}) AS HUGEINT) * ${factor} END), 0)::double / ${weightScale}`
  const people = `WITH people AS (
  SELECT h.area AS area, ${[...keys, ''].join(', ')}
    ${conditionSql(asked, names, place)} AS asked,
    ${conditionSql(universe, names, place)}${value === undefined ? '' : ` AND ${number(value)} IS NOT NULL`} AS counts,
    coalesce(${y}, 0) AS y,
    ${isRatio ? `coalesce(${number(denominator)}, 0)` : '1'} AS x,
    coalesce(${number(weight)}, 0) AS w
  FROM ${from}
  WHERE h.round = $round
)`
  const columns = `area, ${[...dimensions.map((_, index) => `k${index}`), ''].join(', ')}`
  return {
    sums: `${people}
SELECT ${columns}
  ${counted('counts')}, ${counted('counts AND y > 0')}, ${counted('asked AND NOT counts')},
  ${['y', 'x', '1', 'coalesce(y / nullif(x, 0), 0)', 'coalesce(y / nullif(x, 0), 0) ** 2'].map(sum).join(',\n  ')}
FROM people
GROUP BY ALL
ORDER BY ALL`,
    values: `${people}\nSELECT ${columns} y::double, w::double FROM people WHERE counts AND w > 0 ORDER BY ALL`,
  }
}
