import { dependencies } from '../../schemas/language/dependencies.ts'
import { evaluate, holds } from '../../schemas/language/evaluate.ts'
import type { Expression } from '../../schemas/language/expression.ts'
import type { Scope } from '../../schemas/language/scope.ts'
import { asText } from '../../schemas/language/sql-value.ts'
import { conditionSql, numberSql, type SqlNames, type SqlPlace, toSql } from '../../schemas/language/to-sql.ts'
import { toNumber, toText } from '../../schemas/language/value.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { tablesOf } from '../../schemas/xlsform/tables.ts'
import type { Answer } from './answer-codes.ts'
import type { Indicator } from './definition.ts'
import type { PlacedDimension } from './dimensions.ts'
import { personRepeat, sqlNames, tableOf } from './sql-names.ts'

/** Bits of a row: who was asked, whose answer counts, who is in the numerator. One word per 32 indicators, in this order. */
export const bitKinds = ['asked', 'answered', 'numerator'] as const
export type BitKind = (typeof bitKinds)[number]

/** A condition on one column, and the bit it can clear. */
export interface Test {
  readonly condition: Expression
  readonly kind: BitKind
  /** Place of the indicator. */
  readonly indicator: number
}

/** A column of the scan. What follows from its value is worked out once for each different value. */
export interface ScanColumn {
  readonly sql: string
  readonly holds: 'text' | 'list' | 'integer' | 'condition'
  /** Name that the conditions know it by; empty for a condition that the database works out. */
  readonly name: string
  readonly tests: readonly Test[]
  /** Dimension (by its place) that the column decides, 0 is the areas. */
  readonly dimensions: readonly number[]
}

/** Numbers that are summed for those in the universe. */
export interface ScanNumber {
  readonly sql: string
  readonly indicator: number
  readonly measure: 'numerator' | 'denominator'
  /** Whoever has no such number leaves the universe. */
  readonly needed: boolean
}

export interface ScanPlan {
  readonly indicators: readonly Indicator[]
  /** Place of the first of them among all indicators of the lattice. */
  readonly first: number
  readonly firstNumber: number
  /** Rows for which it does not hold add nothing, and are not read. */
  readonly gate: string | null
  readonly dimensions: readonly PlacedDimension[]
  readonly columns: readonly ScanColumn[]
  readonly numbers: readonly ScanNumber[]
  readonly from: string
  /** Alias of the table whose rows are counted. */
  readonly alias: 'p' | 'h'
  readonly needsHome: boolean
}

/** Where the columns of a level lie. */
interface Place {
  readonly names: SqlNames
  readonly place: SqlPlace
  readonly repeat: string | undefined
  readonly alias: 'p' | 'h'
  readonly kinds: ReadonlyMap<string, ScanColumn['holds'] | undefined>
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
  {
    first = 0,
    firstNumber = 0,
    gate = null,
  }: { readonly first?: number; readonly firstNumber?: number; readonly gate?: string | null } = {},
): ScanPlan {
  const { names, place, repeat, alias, kinds } = placeOf(level, questionnaire)
  const columns = new Map<string, { column: Omit<ScanColumn, 'tests' | 'dimensions'>; tests: Test[]; dimensions: number[] }>()
  const columnOf = (column: Omit<ScanColumn, 'tests' | 'dimensions'>) => {
    const found = columns.get(column.sql) ?? { column, tests: [], dimensions: [] }
    columns.set(column.sql, found)
    return found
  }
  const readable = (expression: Expression) => {
    const name = onlyQuestion(expression)
    const question = name === undefined ? undefined : names.question(name)
    const holds = question && kinds.get(question.column)
    if (name === undefined || !question || !holds || (question.repeat !== undefined && question.repeat !== repeat)) return undefined
    return { sql: `${question.repeat === undefined ? 'h' : 'p'}."${question.column.replaceAll('"', '""')}"`, holds, name }
  }
  for (const [index, dimension] of dimensions.entries()) {
    const own =
      dimension.value === null
        ? ({ sql: `${alias}.area`, holds: 'text', name: '' } as const)
        : (readable(dimension.value) ?? ({ sql: asText(toSql(dimension.value, names, place)), holds: 'text', name: '' } as const))
    columnOf(own).dimensions.push(index)
  }
  const numbers: ScanNumber[] = []
  for (const [index, each] of indicators.entries()) {
    for (const { condition, kind } of conditionsOf(each)) {
      const own = readable(condition) ?? ({ sql: conditionSql(condition, names, place), holds: 'condition', name: '' } as const)
      columnOf(own).tests.push({ condition, kind, indicator: index })
    }
    for (const { expression, measure, needed } of numbersOf(each))
      numbers.push({ sql: numberSql(expression, names, place), indicator: index, measure, needed })
  }
  const home = `"current_${tableOf(questionnaire)}" h`
  const people = repeat && `"current_${tableOf(questionnaire, repeat)}" p`
  const selected = [...columns.keys(), ...numbers.map(({ sql }) => sql), gate ?? '']
  const needsHome = people !== undefined && selected.some((sql) => /\bh\./.test(sql))
  return {
    indicators,
    first,
    firstNumber,
    gate,
    needsHome,
    dimensions,
    columns: [...columns.values()].map(({ column, ...uses }) => ({ ...column, ...uses })),
    numbers,
    from: people === undefined ? home : needsHome ? `${people} JOIN ${home} ON h.record_id = p.record_id` : people,
    alias,
  }
}

/** Which rows: all that count in a round, those of some records, or those of some areas (one a line). */
export type ScanSource = 'round' | 'records' | 'areas'

/**
 * Parameters: $round; $areas; or $records, which must count, with $people and $homes, the first row of each table to look at. Row numbers let the
 * database pass over what was there before.
 */
export function scanSql(plan: ScanPlan, source: ScanSource): string {
  const { columns, numbers, from, alias, gate } = plan
  const listed = (column: string, name: string) => ` AND ${alias}.${column} IN (SELECT unnest(string_split($${name}, chr(10))))`
  const first = `${alias === 'p' ? ' AND p.rowid >= $people' : ''}${alias === 'h' || plan.needsHome ? ' AND h.rowid >= $homes' : ''}`
  const some = { round: '', records: `${first}${listed('record_id', 'records')}`, areas: listed('area', 'areas') }[source]
  const selected = [...columns, ...numbers].map(({ sql }) => sql)
  const tables = source === 'records' ? from.replaceAll('"current_', '"') : from
  return `SELECT\n  ${selected.join(',\n  ')}\nFROM ${tables}\nWHERE ${alias}.round = $round${gate === null ? '' : ` AND ${gate}`}${some}`
}

/** Amounts and dates have too many different values to remember each. */
const holdsOf: Readonly<Record<string, ScanColumn['holds'] | undefined>> = { VARCHAR: 'text', 'VARCHAR[]': 'list', INTEGER: 'integer' }

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

/** Functions that look at nothing but their arguments. */
const pure = new Set(['selected', 'not', 'if', 'coalesce', 'count-selected', 'number', 'string', 'true', 'false', 'boolean', 'int'])

/** The one question that an expression looks at; undefined when it looks at more, or at something else. */
function onlyQuestion(expression: Expression): string | undefined {
  const seen = new Set<string>()
  const walk = (each: Expression): boolean => {
    if (typeof each === 'number') return true
    switch (each[0]) {
      case 'str':
        return true
      case 'ref':
        seen.add(each[1])
        return true
      case 'op':
        return walk(each[2]) && walk(each[3])
      case 'neg':
        return walk(each[1])
      case 'call':
        return pure.has(each[1]) && (each.slice(2) as readonly Expression[]).every(walk)
      default:
        return false
    }
  }
  const [name] = walk(expression) && dependencies(expression).names.size === 1 ? seen : []
  return name
}

/** Whether a condition on one question holds for an answer. */
export const holdsFor = (condition: Expression, name: string, answer: Answer): boolean =>
  name === '' ? answer === true : holds(condition, scopeOf(name, answer))

/** The leaf of a dimension that a value leads to. */
export function leafFor({ value, bands, nodeOf, unknownNode }: PlacedDimension, name: string, answer: Answer): number {
  const found = value === null || name === '' ? (answer ?? '') : evaluate(value, scopeOf(name, answer))
  if (!bands) return nodeOf.get(toText(found)) ?? unknownNode
  const number = toNumber(found)
  return bands.find(({ from, to }) => number >= from && number < to + 1)?.node ?? unknownNode
}

/** A record of which only one answer is known; the plan asks for no other. */
const scopeOf = (name: string, answer: Answer): Scope => ({
  today: '',
  now: '',
  value: (wanted) => (wanted === name ? (answer ?? '') : ''),
  self: () => '',
  members: () => [],
  position: () => 0,
  choiceName: (_, code) => code,
  list: () => [],
  random: () => 0,
})
