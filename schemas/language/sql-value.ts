import { dayNumber } from './dates.ts'
import { toNumber } from './value.ts'

/** What kind of value an SQL expression gives. NULL is empty; a condition is never NULL; a number is never NaN or infinite. */
export type SqlKind = 'text' | 'number' | 'condition' | 'date' | 'codes'

export interface SqlSingle {
  readonly sql: string
  readonly kind: SqlKind
  /** Set for a constant, so that it is converted here and not once per row. */
  readonly literal?: string | number
}

/** One value per member or choice: `item` is an expression over the rows of `from`. */
export interface SqlList {
  readonly from: string
  readonly item: SqlSingle
  readonly order: string
}

export type SqlValue = SqlSingle | SqlList

/** An expression that has no form in SQL. */
export class SqlError extends Error {
  override name = 'SqlError'
}

const numberPattern = String.raw`^[ \t\r\n]*(-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))[ \t\r\n]*$`
const datePattern = '[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}'
const timePattern = String.raw`T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?`

export const isSqlList = (value: SqlValue): value is SqlList => 'from' in value
export const textLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`
export const ofText = (sql: string): SqlSingle => ({ sql, kind: 'text' })
export const ofNumber = (sql: string): SqlSingle => ({ sql, kind: 'number' })
export const ofCondition = (sql: string): SqlSingle => ({ sql, kind: 'condition' })
export const ofDate = (sql: string): SqlSingle => ({ sql, kind: 'date' })
export const constantText = (text: string): SqlSingle => ({ sql: textLiteral(text), kind: 'text', literal: text })
export const constantNumber = (value: number): SqlSingle => ({ sql: numberLiteral(value), kind: 'number', literal: value })

/** A whole number stays an integer, so that it compares without a cast; anything else is a DOUBLE, never a DECIMAL. */
export function numberLiteral(value: number): string {
  if (!Number.isFinite(value)) return 'CAST(NULL AS DOUBLE)'
  return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? String(value) : `${value}::DOUBLE`
}

/**
 * SQL that mentions its parts more than once. A part that is large or holds a subquery is computed once and read by name,
 * else nesting would double the statement at every level.
 */
export function bind<Name extends string>(
  values: Readonly<Record<Name, string>>,
  build: (names: Readonly<Record<Name, string>>) => string,
): string {
  const parts = Object.entries(values) as [Name, string][]
  if (!parts.some(([, sql]) => sql.length > 120 || sql.includes('SELECT'))) return build(values)
  // All of them are bound: the body of a lambda inside a subquery cannot see the columns of that subquery.
  const fields = parts.map(([name, sql]) => `'${name}': ${sql}`).join(', ')
  const names = Object.fromEntries(parts.map(([name]) => [name, `v.${name}`])) as Record<Name, string>
  return `list_transform([{${fields}}], lambda v: ${build(names)})[1]`
}

/** The first value of a list. */
export function firstOf(value: SqlValue): SqlSingle {
  return isSqlList(value)
    ? { sql: `(SELECT first(${value.item.sql} ORDER BY ${value.order}) ${value.from})`, kind: value.item.kind }
    : value
}

/** VARCHAR, never NULL. */
export function asText(value: SqlValue): string {
  const one = firstOf(value)
  if (typeof one.literal === 'string') return one.sql
  switch (one.kind) {
    case 'text':
      return `coalesce(${one.sql}, '')`
    case 'number':
      // Adding 0 turns -0 into 0; a whole number loses its decimal point.
      return String.raw`coalesce(regexp_replace(CAST(CAST(${one.sql} AS DOUBLE) + 0 AS VARCHAR), '\.0$', ''), '')`
    case 'condition':
      return `CASE WHEN ${one.sql} THEN 'true' ELSE 'false' END`
    case 'date':
      return `coalesce(CAST(${one.sql} AS VARCHAR), '')`
    default:
      return `coalesce(array_to_string(${one.sql}, ' '), '')`
  }
}

/** A number, NULL when empty. Integers of columns stay integers: cast before arithmetic with asDouble. */
export function asNumber(value: SqlValue): string {
  const one = firstOf(value)
  if (one.literal !== undefined) return numberLiteral(toNumber(one.literal))
  switch (one.kind) {
    case 'number':
      return one.sql
    case 'condition':
      return `CASE WHEN ${one.sql} THEN 1 ELSE 0 END`
    case 'date':
      return `(${one.sql} - DATE '1970-01-01')`
    default:
      return textAsNumber(one.kind === 'text' ? one.sql : asText(one))
  }
}

export const asDouble = (value: SqlValue): string => `CAST(${asNumber(value)} AS DOUBLE)`

/** Each attempt extracts what it knows, which is '' when the text is something else, and '' casts to NULL. */
function textAsNumber(text: string): string {
  return bind({ text }, ({ text: each }) => attempts(each))
}

function attempts(sql: string): string {
  const time = String.raw`regexp_replace(regexp_extract(${sql}, '^(${datePattern}${timePattern})$', 1), '^([^T]*T[0-9:.]+)$', '\1Z')`
  return [
    `coalesce(TRY_CAST(regexp_extract(${sql}, '${numberPattern}', 1) AS DOUBLE)`,
    `CAST(TRY_CAST(regexp_extract(${sql}, '^(${datePattern})$', 1) AS DATE) - DATE '1970-01-01' AS DOUBLE)`,
    `epoch_us(TRY_CAST(${time} AS TIMESTAMPTZ)) / 86400000000.0::DOUBLE)`,
  ].join(', ')
}

/** BOOLEAN, never NULL. */
export function asCondition(value: SqlValue): string {
  if (isSqlList(value)) return `EXISTS (SELECT 1 ${value.from})`
  if (value.literal !== undefined) return value.literal === '' || value.literal === 0 ? 'false' : 'true'
  switch (value.kind) {
    case 'condition':
      return value.sql
    case 'text':
      return `(coalesce(${value.sql}, '') <> '')`
    case 'number':
      return `coalesce(${value.sql} <> 0, false)`
    case 'date':
      return `(${value.sql} IS NOT NULL)`
    default:
      return `coalesce(len(${value.sql}) > 0, false)`
  }
}

/** DATE, NULL when empty. */
export function asDate(value: SqlValue): string {
  const one = firstOf(value)
  if (typeof one.literal === 'string') {
    return Number.isNaN(dayNumber(one.literal)) ? 'CAST(NULL AS DATE)' : `DATE '${one.literal.slice(0, 10)}'`
  }
  if (one.kind === 'date') return one.sql
  if (one.kind === 'number') {
    // Years 1 to 9999, as far as a date can be written.
    return bind(
      { days: one.sql },
      ({ days }) => `CASE WHEN floor(${days}) BETWEEN -719162 AND 2932896 THEN DATE '1970-01-01' + CAST(floor(${days}) AS INTEGER) END`,
    )
  }
  return `TRY_CAST(regexp_extract(${asText(one)}, '^(${datePattern})(?:${timePattern})?$', 1) AS DATE)`
}

/** VARCHAR[] of the codes, never NULL. */
export function asCodes(value: SqlValue): string {
  const one = firstOf(value)
  if (one.kind === 'codes') return `coalesce(${one.sql}, [])`
  return String.raw`list_filter(string_split_regex(${asText(one)}, '\s+'), lambda code: code <> '')`
}

/** BOOLEAN: the single value is empty. */
export function isEmptySql(one: SqlSingle): string {
  if (one.literal !== undefined) return one.literal === '' ? 'true' : 'false'
  if (one.kind === 'condition') return 'false'
  if (one.kind === 'text') return `(coalesce(${one.sql}, '') = '')`
  return one.kind === 'codes' ? `coalesce(len(${one.sql}) = 0, true)` : `(${one.sql} IS NULL)`
}

/**
 * The kind that several values share, for if() and coalesce().
 * @throws SqlError when they mix numbers or conditions with texts: a column has one type.
 */
export function commonKind(values: readonly SqlSingle[]): SqlKind {
  const kinds = new Set(values.filter(({ literal }) => literal !== '').map(({ kind }) => kind))
  const [first = 'text'] = kinds
  if (kinds.size <= 1) return first
  if (kinds.has('number') || kinds.has('condition')) {
    throw new SqlError(`One branch gives a ${[...kinds].join(', another a ')}: make them alike with string() or number().`)
  }
  return 'text'
}

/** The value as a column of that kind. */
export function asKind(value: SqlSingle, kind: SqlKind): string {
  if (value.literal === '') return 'NULL'
  return value.kind === kind ? value.sql : asText(value)
}
