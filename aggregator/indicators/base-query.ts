import { asNumber, asText } from '../../schemas/language/sql-value.ts'
import { conditionSql, numberSql, type SqlNames, type SqlPlace, toSql } from '../../schemas/language/to-sql.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import type { Indicator } from './definition.ts'
import type { PlacedDimension } from './dimensions.ts'
import { personRepeat, sqlNames, tableOf } from './sql-names.ts'

/** Sums of numbers are kept in whole billionths: integers add up to the same figure in any order. */
export const valueScale = 1e9

/** What is summed for one indicator, in this order; a distribution has the same two for each of its categories through its own dimension. */
export type Measure = 'respondents' | 'cases' | 'numerator' | 'denominator' | 'withoutAnswer' | 'values'

export interface MeasureColumn {
  readonly indicator: string
  readonly measure: Measure
  readonly sql: string
  /** Divide the sum by this. */
  readonly scale: number
}

/** Which records are summed: those that count in a round, or some by id, from the tables that hold every version. */
export type Source = 'round' | 'records'

export interface BaseQuery {
  readonly sql: string
  readonly columns: readonly MeasureColumn[]
}

/**
 * One scan that sums everything of all indicators of a level, grouped by the leaves of the dimensions.
 * Parameter: $round, or $records (ids, one a line). The first columns are the keys of the dimensions (a node, or the text to look it up by), then `columns`.
 * Counts are sums of a condition, numbers sums of a CASE: DuckDB is two to four times slower with FILTER.
 */
export function baseQuery(
  level: 'person' | 'household',
  indicators: readonly Indicator[],
  dimensions: readonly PlacedDimension[],
  questionnaire: Questionnaire,
  source: Source = 'round',
): BaseQuery {
  const prefix = source === 'round' ? 'current_' : ''
  const names = sqlNames(questionnaire, prefix)
  const repeat = level === 'person' ? personRepeat(questionnaire) : undefined
  const place: SqlPlace = {
    household: 'h',
    today: 'h.finished',
    now: "strftime(h.finished, '%Y-%m-%dT00:00:00')",
    ...(repeat && { member: { repeat, alias: 'p' } }),
  }
  const keys = dimensions.map((each) => keySql(each, names, place))
  const columns = indicators.flatMap((each) => measuresOf(each, names, place))
  const household = `"${prefix}${tableOf(questionnaire)}" h`
  const from = repeat ? `"${prefix}${tableOf(questionnaire, repeat)}" p JOIN ${household} ON h.record_id = p.record_id` : household
  const selected = [...keys, ...columns.map(({ sql }) => sql)]
  // Without dimensions there is still one cell, also for an empty round.
  const chosen = source === 'round' ? 'h.round = $round' : 'h.record_id IN (SELECT unnest(string_split($records, chr(10))))'
  const grouping = keys.length ? `GROUP BY ${keys.map((_, index) => index + 1).join(', ')}` : ''
  return { sql: `SELECT\n  ${selected.join(',\n  ')}\nFROM ${from}\nWHERE ${chosen}\n${grouping}`, columns }
}

/** The leaf as a number where few codes exist, else as text that `nodeOf` knows. */
export function keySql(dimension: PlacedDimension, names: SqlNames, place: SqlPlace): string {
  if (dimension.value === null) return 'h.area'
  const value = toSql(dimension.value, names, place)
  if (dimension.bands) {
    const number = asNumber(value)
    const cases = dimension.bands.map(({ from, to, node }) =>
      Number.isFinite(to) ? `WHEN ${number} >= ${from} AND ${number} < ${to + 1} THEN ${node}` : `WHEN ${number} >= ${from} THEN ${node}`,
    )
    return `CASE ${cases.join(' ')} ELSE ${dimension.unknownNode} END`
  }
  return asText(value)
}

const countOf = (condition: string): string => `CAST(coalesce(sum(${condition}), 0) AS DOUBLE)`
const sumOf = (condition: string, number: string): string =>
  `CAST(coalesce(sum(CASE WHEN ${condition} THEN TRY_CAST(round(${number} * ${valueScale}) AS HUGEINT) END), 0) AS DOUBLE)`

function measuresOf({ definition, ...parts }: Indicator, names: SqlNames, place: SqlPlace): readonly MeasureColumn[] {
  if (!parts.universe) return []
  const column = (measure: Measure, sql: string, scale = 1): MeasureColumn => ({ indicator: definition.id, measure, sql, scale })
  const inUniverse = conditionSql(parts.universe, names, place)
  const value = parts.value === undefined ? 'NULL' : numberSql(parts.value, names, place)
  const hasValue = parts.value === undefined ? inUniverse : `(${inUniverse} AND ${value} IS NOT NULL)`
  const asked = parts.asked === undefined ? inUniverse : conditionSql(parts.asked, names, place)
  const shared = [column('respondents', countOf(hasValue)), column('withoutAnswer', countOf(`${asked} AND NOT ${hasValue}`))]
  switch (definition.type) {
    case 'proportion':
      return [...shared, column('cases', countOf(`${inUniverse} AND ${conditionSql(parts.numerator ?? 0, names, place)}`))]
    case 'mean':
      return [...shared, column('numerator', sumOf(hasValue, value), valueScale)]
    case 'quantile':
      return [...shared, column('values', `list(${value}) FILTER (WHERE ${hasValue})`)]
    case 'ratio':
    case 'rate': {
      const numerator = numberSql(parts.numerator ?? 0, names, place)
      return [
        ...shared,
        column('cases', countOf(`${inUniverse} AND coalesce(${numerator} > 0, false)`)),
        column('numerator', sumOf(inUniverse, numerator), valueScale),
        column('denominator', sumOf(inUniverse, numberSql(parts.denominator ?? 0, names, place)), valueScale),
      ]
    }
    default:
      return shared
  }
}
