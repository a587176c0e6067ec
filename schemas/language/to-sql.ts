import type { Expression, Operator } from './expression.ts'
import { callSql } from './sql-library.ts'
import {
  asCondition,
  asDouble,
  asNumber,
  asText,
  bind,
  constantNumber,
  constantText,
  isEmptySql,
  isSqlList,
  ofCondition,
  ofNumber,
  type SqlKind,
  SqlError,
  type SqlSingle,
  type SqlValue,
  textLiteral,
} from './sql-value.ts'

/** Where a question lies in the database. */
export interface SqlColumn {
  /** Name of the column, not quoted. */
  readonly column: string
  readonly kind: SqlKind
  /** The repeat it belongs to; absent at household level. */
  readonly repeat?: string
}

/** What the translation must know about the database. Names come from the questionnaire, never from users. */
export interface SqlNames {
  question(name: string): SqlColumn | undefined
  /** The table of a repeat, not quoted; it has the columns record_id and row_position (from 1). */
  repeatTable(name: string): string | undefined
  /** Rows of a choice list; the columns include name. */
  list?(name: string): readonly Readonly<Record<string, string>>[]
  /** Labels of the codes of a question. */
  labels?(question: string): Readonly<Record<string, string>>
}

/** The row an expression is computed for: aliases that the surrounding query gives to the tables. */
export interface SqlPlace {
  readonly household: string
  readonly member?: { readonly repeat: string; readonly alias: string }
  /** The column being checked or calculated, for `.` and once(). */
  readonly self?: SqlSingle
  /** SQL of the interview day (DATE) and of the time (ISO 8601 text). */
  readonly today: string
  readonly now: string
}

/** State of one translation: how deep in predicates, and who is being tried there. */
export interface SqlWalk {
  readonly names: SqlNames
  readonly place: SqlPlace
  /** Reads a bare name inside a predicate. */
  readonly column?: (name: string) => SqlSingle
  /** Gives each nested query its own alias. */
  readonly alias: () => string
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/**
 * The expression in DuckDB SQL: the same value as `evaluate`, with NULL for empty.
 * @throws SqlError for an unknown name, and for what exists only while a form is filled in (random, uuid).
 */
export function toSql(expression: Expression, names: SqlNames, place: SqlPlace): SqlValue {
  let aliases = 0
  return translate(expression, { names, place, alias: () => `m${++aliases}` })
}

/** The expression as a BOOLEAN that is never NULL. */
export const conditionSql = (expression: Expression, names: SqlNames, place: SqlPlace): string =>
  asCondition(toSql(expression, names, place))

/** The expression as a DOUBLE; NULL is empty. */
export const numberSql = (expression: Expression, names: SqlNames, place: SqlPlace): string => asDouble(toSql(expression, names, place))

/** The expression as a VARCHAR; NULL is empty. */
export const textSql = (expression: Expression, names: SqlNames, place: SqlPlace): string =>
  `nullif(${asText(toSql(expression, names, place))}, '')`

function translate(expression: Expression, walk: SqlWalk): SqlValue {
  if (typeof expression === 'number') return constantNumber(expression)
  switch (expression[0]) {
    case 'str':
      return constantText(expression[1])
    case 'ref':
      return reference(expression[1], walk)
    case 'self':
      return walk.place.self ?? fail('. has no meaning here.')
    case 'col':
      return walk.column?.(expression[1]) ?? fail(`${expression[1]} stands outside a condition in brackets.`)
    case 'members':
      return members(expression[1], expression[2], walk, () => ofCondition('true'))
    case 'of':
      return ofMembers(expression[1], expression[2], walk)
    case 'op':
      return operate(expression[1], translate(expression[2], walk), translate(expression[3], walk))
    case 'neg':
      return ofNumber(`(-${asDouble(translate(expression[1], walk))})`)
    case 'call':
      return callSql(
        expression[1],
        (expression.slice(2) as readonly Expression[]).map((each) => translate(each, walk)),
        walk,
      )
    default:
      return lookup(expression[1], expression[2], expression[3], walk)
  }
}

function fail(message: string): never {
  throw new SqlError(message)
}

function reference(name: string, walk: SqlWalk): SqlValue {
  const { names, place } = walk
  if (names.repeatTable(name) !== undefined) return members(name, null, walk, () => ofCondition('true'))
  const { repeat, column, kind } = names.question(name) ?? fail(`There is no question ${name}.`)
  if (repeat === undefined) return { sql: `${place.household}.${quoted(column)}`, kind }
  if (place.member?.repeat === repeat) return { sql: `${place.member.alias}.${quoted(column)}`, kind }
  return members(repeat, null, walk, (alias) => ({ sql: `${alias}.${quoted(column)}`, kind }))
}

function members(repeat: string, predicate: Expression | null, walk: SqlWalk, item: (alias: string) => SqlSingle): SqlValue {
  const table = walk.names.repeatTable(repeat) ?? fail(`There is no repeat ${repeat}.`)
  const alias = walk.alias()
  const column = (name: string): SqlSingle => {
    const found = walk.names.question(name) ?? fail(`There is no question ${name}.`)
    return { sql: `${found.repeat === repeat ? alias : walk.place.household}.${quoted(found.column)}`, kind: found.kind }
  }
  const condition = predicate === null ? '' : ` AND ${asCondition(translate(predicate, { ...walk, column }))}`
  const from = `FROM ${quoted(table)} ${alias} WHERE ${alias}.record_id = ${walk.place.household}.record_id${condition}`
  return { from, item: item(alias), order: `${alias}.row_position` }
}

function ofMembers(chosen: Expression, name: string, walk: SqlWalk): SqlValue {
  if (typeof chosen === 'number' || chosen[0] !== 'members') return fail('Only members have answers.')
  const [, repeat, predicate] = chosen
  const { column, kind } = walk.names.question(name) ?? fail(`There is no question ${name}.`)
  return members(repeat, predicate, walk, (alias) => ({ sql: `${alias}.${quoted(column)}`, kind }))
}

function lookup(list: string, predicate: Expression | null, wanted: string, walk: SqlWalk): SqlValue {
  const rows = walk.names.list?.(list) ?? fail(`There is no list ${list}.`)
  const alias = walk.alias()
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const column = (name: string): SqlSingle =>
    columns.includes(name) ? { sql: `${alias}.${quoted(name)}`, kind: 'text' } : constantText('')
  const condition = predicate === null ? 'true' : asCondition(translate(predicate, { ...walk, column }))
  const values = rows.map((row, index) => `(${[index, ...columns.map((each) => textLiteral(row[each] ?? ''))].join(', ')})`)
  const source = rows.length
    ? `(VALUES ${values.join(', ')}) ${alias}("#", ${columns.map(quoted).join(', ')})`
    : `(SELECT 0 AS "#" WHERE false) ${alias}`
  return { from: `FROM ${source} WHERE ${condition}`, item: column(wanted), order: `${alias}."#"` }
}

function operate(operator: Operator, a: SqlValue, b: SqlValue): SqlValue {
  switch (operator) {
    case 'and':
    case 'or':
      return ofCondition(`(${asCondition(a)} ${operator.toUpperCase()} ${asCondition(b)})`)
    case '=':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return ofCondition(compareAny(operator, a, b))
    case 'div':
      return ofNumber(`(${asDouble(a)} / nullif(${asDouble(b)}, 0))`)
    case 'mod':
      return ofNumber(`(${asDouble(a)} % nullif(${asDouble(b)}, 0))`)
    default:
      return ofNumber(`(${asDouble(a)} ${operator} ${asDouble(b)})`)
  }
}

/** A list compares as true when one of its values does. */
function compareAny(operator: Operator, a: SqlValue, b: SqlValue): string {
  const asConditions = (!isSqlList(a) && a.kind === 'condition') || (!isSqlList(b) && b.kind === 'condition')
  if (asConditions) return compare(operator, ofCondition(asCondition(a)), ofCondition(asCondition(b)))
  return compareItems(operator, a, b)
}

function compareItems(operator: Operator, a: SqlValue, b: SqlValue): string {
  if (isSqlList(a)) return `EXISTS (SELECT 1 ${a.from} AND ${compareItems(operator, a.item, b)})`
  if (isSqlList(b)) return `EXISTS (SELECT 1 ${b.from} AND ${compareItems(operator, a, b.item)})`
  return compare(operator, a, b)
}

function compare(operator: Operator, a: SqlSingle, b: SqlSingle): string {
  if (operator === '=') return equalSql(a, b)
  if (operator === '!=') return `(NOT ${equalSql(a, b)})`
  if (a.kind === 'date' && b.kind === 'date') return `coalesce(${a.sql} ${operator} ${b.sql}, false)`
  return `coalesce(${asNumber(a)} ${operator} ${asNumber(b)}, false)`
}

/** Empty equals only empty; otherwise as conditions, else as numbers, else as texts. */
function equalSql(a: SqlSingle, b: SqlSingle): string {
  if (a.kind === 'condition' || b.kind === 'condition') return `(${asCondition(a)} = ${asCondition(b)})`
  if (a.literal === '') return isEmptySql(b)
  if (b.literal === '') return isEmptySql(a)
  if (b.literal !== undefined) return equalsLiteral(a, b)
  if (a.literal !== undefined) return equalsLiteral(b, a)
  if (a.kind === b.kind && a.kind !== 'text' && a.kind !== 'codes') return `(${a.sql} IS NOT DISTINCT FROM ${b.sql})`
  if (a.kind !== 'number' && b.kind !== 'number') return `(${asText(a)} = ${asText(b)})`
  return bind({ a: a.sql, b: b.sql }, (each) => {
    const [one, other] = [
      { ...a, sql: each.a },
      { ...b, sql: each.b },
    ]
    return `CASE WHEN ${isEmptySql(one)} OR ${isEmptySql(other)} THEN ${isEmptySql(one)} AND ${isEmptySql(other)} ELSE coalesce(${asNumber(one)} = ${asNumber(other)}, false) END`
  })
}

/** With a constant that is not empty on the right: the common case, kept small for the scan. */
function equalsLiteral(a: SqlSingle, b: SqlSingle): string {
  if (a.kind === 'number' || b.kind === 'number') return `coalesce(${asNumber(a)} = ${asNumber(b)}, false)`
  if (a.kind === 'text') return `coalesce(${a.sql} = ${b.sql}, false)`
  return `(${asText(a)} = ${asText(b)})`
}
