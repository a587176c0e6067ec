import type { Expression } from '../../schemas/language/expression.ts'
import { asText } from '../../schemas/language/sql-value.ts'
import { conditionSql, numberSql, type SqlNames, type SqlPlace, toSql } from '../../schemas/language/to-sql.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { tablesOf } from '../../schemas/xlsform/tables.ts'
import { keySql } from './base-query.ts'
import { comparedWith, type Holds, isSmall } from './compared-with.ts'
import type { Indicator } from './definition.ts'
import type { PlacedDimension } from './dimensions.ts'
import { type BitKind, gatherColumns, type ScanColumn, type Source } from './scan-columns.ts'
import { personRepeat, sqlNames, tableOf } from './sql-names.ts'

/** Numbers that are summed for those in the universe. */
export interface ScanNumber {
  readonly sql: string
  readonly indicator: number
  readonly measure: 'numerator' | 'denominator'
  /** Whoever has no such number leaves the universe. */
  readonly needed: boolean
}

/** A condition that shuts most rows out. */
export interface Gate {
  readonly sql: string
  /** Of all rows, those that meet it. */
  readonly share: number
}

export interface ScanPlan {
  readonly indicators: readonly Indicator[]
  /** Place of the first of them among all indicators of the lattice. */
  readonly first: number
  readonly firstNumber: number
  /** Rows for which it does not hold add nothing, and are not read. */
  readonly gate: Gate | null
  readonly dimensions: readonly PlacedDimension[]
  /** Where the code of the area lies: the first column of the scan. */
  readonly area: string
  readonly columns: readonly ScanColumn[]
  readonly numbers: readonly ScanNumber[]
  /** The table whose rows are counted, and its alias. */
  readonly table: string
  readonly alias: 'p' | 'h'
  readonly home: string
  readonly needsHome: boolean
}

/** Where the columns of a level lie. */
interface Place {
  readonly names: SqlNames
  readonly place: SqlPlace
  readonly repeat: string | undefined
  readonly alias: 'p' | 'h'
  readonly kinds: ReadonlyMap<string, Holds | undefined>
}

function placeOf(level: 'person' | 'household', questionnaire: Questionnaire): Place {
  const repeat = level === 'person' ? personRepeat(questionnaire) : undefined
  const alias = repeat ? 'p' : 'h'
  return {
    names: sqlNames(questionnaire),
    repeat,
    alias,
    kinds: new Map(tablesOf(questionnaire).flatMap(({ columns }) => columns.map(({ name, type }) => [name, holdsOf[type]] as const))),
    place: {
      household: 'h',
      today: `${alias}.finished`,
      now: `strftime(${alias}.finished, '%Y-%m-%dT00:00:00')`,
      ...(repeat && { member: { repeat, alias: 'p' } }),
    },
  }
}

/** A condition in SQL, with the aliases of the scans of its level. */
export function scanCondition(level: 'person' | 'household', condition: Expression, questionnaire: Questionnaire): string {
  const { names, place } = placeOf(level, questionnaire)
  return conditionSql(condition, names, place)
}

/**
 * What to read of each person or home, so that every additive indicator of a level can be summed in one pass: the answers themselves where a
 * condition looks at one question only (nearly all do), else the condition worked out by the database.
 */
export function planScan(
  level: 'person' | 'household',
  indicators: readonly Indicator[],
  dimensions: readonly PlacedDimension[],
  questionnaire: Questionnaire,
  { first = 0, firstNumber = 0, gate = null }: { readonly first?: number; readonly firstNumber?: number; readonly gate?: Gate | null } = {},
): ScanPlan {
  const { names, place, repeat, alias, kinds } = placeOf(level, questionnaire)
  const gathered = gatherColumns()
  const holdsOf = (name: string) => {
    const question = names.question(name)
    return question && (question.repeat === undefined || question.repeat === repeat) ? kinds.get(question.column) : undefined
  }
  const sourceOf = (name: string, values: Source['values']): readonly Source[] => {
    const [question, holds] = [names.question(name), holdsOf(name)]
    if (!question || !holds) return []
    return [{ name, holds, values, sql: `${question.repeat === undefined ? 'h' : 'p'}."${question.column.replaceAll('"', '""')}"` }]
  }
  for (const [index, dimension] of dimensions.entries()) {
    const { value, bands, nodeOf } = dimension
    if (value === null) continue
    const named = bands ? bands.flatMap(({ from, to }) => [from, to + 1]).filter(Number.isFinite) : [...nodeOf.keys()]
    const [own] = typeof value !== 'number' && value[0] === 'ref' ? sourceOf(value[1], named) : []
    if (own?.holds === 'integer' && named.every((each) => isSmall(Number(each))))
      gathered.placeBy({ ...own, values: named.map(Number) }, index)
    else if (bands) gathered.place(keySql(dimension, names, place), dimension.dimension.nodes.length, index)
    else if (own?.holds === 'text') gathered.placeBy(own, index)
    else gathered.placeBy({ name: '', holds: 'text', values: named, sql: asText(toSql(value, names, place)) }, index)
  }
  const numbers: ScanNumber[] = []
  for (const [index, each] of indicators.entries()) {
    for (const { condition, kind } of conditionsOf(each)) {
      const compared = [...(comparedWith(condition, holdsOf) ?? [])]
      gathered.test(
        { condition, kind, indicator: index },
        conditionSql(condition, names, place),
        compared.flatMap(([name, values]) => sourceOf(name, values)),
      )
    }
    for (const { expression, measure, needed } of numbersOf(each))
      numbers.push({ sql: numberSql(expression, names, place), indicator: index, measure, needed })
  }
  const home = tableOf(questionnaire)
  const columns = gathered.columns()
  const area = `${alias}.area`
  const selected = [...columns.map(({ sql }) => sql), ...numbers.map(({ sql }) => sql), gate?.sql ?? '']
  const needsHome = repeat !== undefined && selected.some((sql) => /\bh\./.test(sql))
  return {
    indicators,
    first,
    firstNumber,
    gate,
    needsHome,
    dimensions,
    area,
    columns,
    numbers,
    table: tableOf(questionnaire, repeat),
    alias,
    home,
  }
}

/** Which rows: all that count in a round, those of some records, or those of some areas (one a line). */
export type ScanSource = 'round' | 'records' | 'areas'

/**
 * Rows from $first to before $end of the table that is counted: row numbers let the database pass over all others.
 * Further parameters: $round; $areas; or $records, which must count, with $day, the first of their days, and where homes are looked at too
 * $homes, the first row of theirs.
 */
export function scanSql(plan: ScanPlan, source: ScanSource): string {
  const { area, columns, numbers, table, alias, home, needsHome, gate } = plan
  const listed = (column: string, name: string) => ` AND ${alias}.${column} IN (SELECT unnest(string_split($${name}, chr(10))))`
  const firstHome = needsHome ? ' AND h.rowid >= $homes' : ''
  const since = ` AND (${alias}.finished >= $day::DATE OR ${alias}.finished IS NULL)`
  const some = { round: '', records: `${since}${firstHome}${listed('record_id', 'records')}`, areas: listed('area', 'areas') }[source]
  const selected = [area, ...[...columns, ...numbers].map(({ sql }) => sql)]
  // The views that leave out what does not count have no row numbers.
  const counting = source === 'records' ? '' : ` ANTI JOIN not_counted n ON n.record_id = ${alias}.record_id`
  const withHome = needsHome ? ` JOIN "${home}" h ON h.record_id = p.record_id` : ''
  return `SELECT\n  ${selected.join(',\n  ')}\nFROM "${table}" ${alias}${counting}${withHome}
WHERE ${alias}.rowid >= $first AND ${alias}.rowid < $end AND ${alias}.round = $round${gate === null ? '' : ` AND ${gate.sql}`}${some}`
}

/** Amounts and dates have too many different values to remember each. */
const holdsOf: Readonly<Record<string, Holds | undefined>> = { VARCHAR: 'text', 'VARCHAR[]': 'list', INTEGER: 'integer' }

function conditionsOf({ definition, ...parts }: Indicator): readonly { readonly condition: Expression; readonly kind: BitKind }[] {
  const { universe, asked = universe, numerator } = parts
  if (universe === undefined || asked === undefined) return []
  const before = new Set(conjuncts(asked).map((part) => JSON.stringify(part)))
  const shared = [
    ...conjuncts(asked).map((condition) => ({ condition, kind: 'asked' }) as const),
    ...conjuncts(universe)
      .filter((part) => !before.has(JSON.stringify(part)))
      .map((condition) => ({ condition, kind: 'answered' }) as const),
  ]
  if (numerator === undefined || definition.type === 'mean') return shared
  // The cases of a ratio are those whose part of the numerator is above zero.
  const cases: Expression = definition.type === 'proportion' ? numerator : ['op', '>', numerator, 0]
  return [...shared, ...conjuncts(cases).map((condition) => ({ condition, kind: 'numerator' }) as const)]
}

/** Whether everything in `asked` stands in the universe too, as the linter wants: only then is the universe those asked whose answer counts. */
export function universeIsAmongAsked({ universe, asked }: Indicator): boolean {
  if (universe === undefined || asked === undefined) return true
  const held = new Set(conjuncts(universe).map((part) => JSON.stringify(part)))
  return conjuncts(asked).every((part) => held.has(JSON.stringify(part)))
}

interface Summed {
  readonly expression: Expression
  readonly measure: ScanNumber['measure']
  readonly needed: boolean
}

function numbersOf({ definition, numerator, denominator, value }: Indicator): readonly Summed[] {
  if (definition.type === 'mean' && value !== undefined) return [{ expression: value, measure: 'numerator', needed: true }]
  if ((definition.type !== 'ratio' && definition.type !== 'rate') || numerator === undefined || denominator === undefined) return []
  return [
    { expression: numerator, measure: 'numerator', needed: false },
    { expression: denominator, measure: 'denominator', needed: false },
  ]
}

/** The parts of a condition joined by `and`. */
export const conjuncts = (expression: Expression): readonly Expression[] =>
  typeof expression !== 'number' && expression[0] === 'op' && expression[1] === 'and'
    ? [...conjuncts(expression[2]), ...conjuncts(expression[3])]
    : [expression]
