import {
  asCodes,
  asCondition,
  asDate,
  asDouble,
  asKind,
  asNumber,
  asText,
  bind,
  commonKind,
  constantText,
  firstOf,
  isEmptySql,
  isSqlList,
  ofCondition,
  ofDate,
  ofNumber,
  ofText,
  SqlError,
  type SqlSingle,
  type SqlValue,
  textLiteral,
} from './sql-value.ts'
import type { SqlWalk } from './to-sql.ts'

/** The arguments, translated; the walk for what depends on the place. */
type Translation = (given: readonly SqlValue[], walk: SqlWalk) => SqlValue

const nothing = constantText('')
const at = (given: readonly SqlValue[], index: number): SqlValue => given[index] ?? nothing
const text = (given: readonly SqlValue[], index = 0): string => asText(at(given, index))
const double = (given: readonly SqlValue[], index = 0): string => asDouble(at(given, index))

/** A fixed text; what changes the form of the SQL cannot come from an answer. */
function fixed(value: SqlValue | undefined, what: string): string {
  if (!value || isSqlList(value) || typeof value.literal !== 'string') throw new SqlError(`${what} is a fixed text in quotes.`)
  return value.literal
}

function chosen(candidates: readonly SqlSingle[], build: (columns: readonly string[]) => string): SqlValue {
  const kind = commonKind(candidates)
  return { sql: build(candidates.map((each) => asKind(each, kind))), kind }
}

const notEmpty = (one: SqlSingle): SqlSingle =>
  one.kind === 'text' && one.literal === undefined ? { ...one, sql: `nullif(${one.sql}, '')` } : one

/** One aggregate per list argument and one value per single argument, put together. */
function combined(
  given: readonly SqlValue[],
  ofList: (item: string, from: string) => string,
  join: (parts: readonly string[]) => string,
): SqlValue {
  return ofNumber(join(given.map((each) => (isSqlList(each) ? ofList(asDouble(each.item), each.from) : asDouble(each)))))
}

const only = (parts: readonly string[], name: string): string =>
  parts.length === 1 ? (parts[0] ?? 'NULL') : `${name}(${parts.join(', ')})`

function texts(given: readonly SqlValue[]): string {
  const lists = given.map((each) =>
    isSqlList(each) ? `coalesce((SELECT list(${asText(each.item)} ORDER BY ${each.order}) ${each.from}), [])` : `[${asText(each)}]`,
  )
  return lists.length === 1 ? (lists[0] ?? '[]') : `flatten([${lists.join(', ')}])`
}

function substr(given: readonly SqlValue[]): SqlValue {
  const place = (sql: string, length: string) =>
    `CASE WHEN trunc(${sql}) < 0 THEN greatest(${length} + trunc(${sql}), 0) ELSE least(trunc(${sql}), ${length}) END`
  const parts = { whole: text(given), begin: double(given, 1), end: given.length > 2 ? double(given, 2) : '1e9::DOUBLE' }
  return ofText(
    bind(parts, ({ whole, begin, end }) => {
      const [from, to] = [place(begin, `length(${whole})`), place(end, `length(${whole})`)]
      return `substring(${whole}, CAST(${from} AS BIGINT) + 1, CAST(greatest(${to} - ${from}, 0) AS BIGINT))`
    }),
  )
}

function round(given: readonly SqlValue[]): SqlValue {
  if (given.length === 1) return ofNumber(`floor(${double(given)} + 0.5::DOUBLE)`)
  const scale = `pow(10::DOUBLE, trunc(${double(given, 1)}))`
  return ofNumber(
    bind({ x: double(given), scale }, (each) => `(floor(${each.x} * ${each.scale} + 0.5::DOUBLE) / nullif(${each.scale}, 0))`),
  )
}

function months(given: readonly SqlValue[]): SqlValue {
  const completed = (a: string, b: string) =>
    `((year(${b}) - year(${a})) * 12 + month(${b}) - month(${a}) - CASE WHEN day(${b}) < day(${a}) THEN 1 ELSE 0 END)`
  return ofNumber(
    bind(
      { from: asDate(at(given, 0)), to: asDate(at(given, 1)) },
      ({ from, to }) => `CASE WHEN ${to} < ${from} THEN -${completed(to, from)} ELSE ${completed(from, to)} END`,
    ),
  )
}

function addDate(given: readonly SqlValue[]): SqlValue {
  const part = (index: number) => (given[index] ? `trunc(${double(given, index)})` : '0')
  const parts = { date: asDate(at(given, 0)), shift: `(${part(1)} * 12 + ${part(2)})`, days: part(3) }
  return ofDate(
    bind(parts, ({ date, shift, days }) => {
      const moved = `CAST(${date} + to_months(CAST(${shift} AS INTEGER)) + to_days(CAST(${days} AS INTEGER)) AS DATE)`
      // Within these bounds no step overflows; beyond them no date of the years 1 to 9999 can come out.
      const isSafe = `abs(${shift}) <= 240000 AND abs(${days}) <= 8000000`
      return `CASE WHEN ${isSafe} AND year(${moved}) BETWEEN 1 AND 9999 THEN ${moved} END`
    }),
  )
}

const datePieces: Readonly<Record<string, string>> = { Y: '%Y', y: '%y', m: '%m', n: '%-m', b: '%b', d: '%d', e: '%-d', a: '%a' }

function formatted(value: SqlValue, pattern: string): SqlValue {
  const pieces = pattern.split(/(%.)/).filter(Boolean)
  return ofText(bind({ date: asDate(value), whole: asText(value) }, ({ date, whole }) => formattedSql(date, whole, pieces)))
}

function formattedSql(date: string, whole: string, pieces: readonly string[]): string {
  const time = (group: number) => String.raw`regexp_extract(${whole}, 'T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?', ${group})`
  const timePieces: Readonly<Record<string, string>> = {
    H: `lpad(${time(1)}, 2, '0')`,
    h: `coalesce(CAST(TRY_CAST(${time(1)} AS INTEGER) AS VARCHAR), '0')`,
    M: `lpad(${time(2)}, 2, '0')`,
    S: `lpad(${time(3)}, 2, '0')`,
    3: `rpad(${time(4)}, 3, '0')`,
  }
  const sql = pieces.map((piece) => {
    const letter = piece.length === 2 && piece.startsWith('%') ? piece.slice(1) : ''
    if (datePieces[letter]) return `strftime(${date}, '${datePieces[letter]}')`
    return timePieces[letter] ?? textLiteral(piece)
  })
  return `CASE WHEN ${date} IS NOT NULL THEN ${sql.length ? sql.join(' || ') : "''"} END`
}

function choiceName(given: readonly SqlValue[], { names }: SqlWalk): SqlValue {
  const question = fixed(given[1], 'The question of jr:choice-name').trim().slice(2, -1)
  const labels = Object.entries(names.labels?.(question) ?? {})
  const code = text(given)
  return ofText(
    `CASE ${code} ${labels.map(([name, label]) => `WHEN ${textLiteral(name)} THEN ${textLiteral(label)}`).join(' ')} ELSE ${code} END`,
  )
}

function member(given: readonly SqlValue[]): SqlValue {
  const list = at(given, 0)
  if (!isSqlList(list)) return firstOf(list)
  const values = `(SELECT list(${list.item.sql} ORDER BY ${list.order}) ${list.from})`
  const sql = bind(
    { values, n: double(given, 1) },
    (each) => `CASE WHEN ${each.n} >= 1 AND ${each.n} = trunc(${each.n}) THEN ${each.values}[CAST(${each.n} AS BIGINT)] END`,
  )
  return { sql, kind: list.item.kind }
}

const countNonEmpty = (value: SqlValue): string =>
  isSqlList(value)
    ? `(SELECT count(*) ${value.from} AND NOT ${isEmptySql(value.item)})`
    : `CASE WHEN ${isEmptySql(value)} THEN 0 ELSE 1 END`

const formOnly = (): never => {
  throw new SqlError('A value drawn while the form is filled in is read from its column, not computed again.')
}

/** Nearly every code is a constant: then nothing about it is left to the database. */
function selected(given: readonly SqlValue[]): SqlValue {
  const [codes, wanted] = [asCodes(at(given, 0)), at(given, 1)]
  if (!isSqlList(wanted) && wanted.literal !== undefined) {
    const code = String(wanted.literal).trim()
    return ofCondition(code === '' ? 'false' : `list_contains(${codes}, ${textLiteral(code)})`)
  }
  const parts = { codes, code: `trim(${asText(wanted)})` }
  return ofCondition(bind(parts, (named) => `(list_contains(${named.codes}, ${named.code}) AND ${named.code} <> '')`))
}

const number =
  (build: (x: string) => string): Translation =>
  (given) =>
    ofNumber(build(double(given)))

const translations: Readonly<Record<string, Translation>> = {
  selected,
  'count-selected': (given) => ofNumber(`len(${asCodes(at(given, 0))})`),
  'selected-at': (given) =>
    ofText(
      bind(
        { codes: asCodes(at(given, 0)), n: double(given, 1) },
        ({ codes, n }) => `CASE WHEN ${n} >= 0 AND ${n} = trunc(${n}) THEN ${codes}[CAST(${n} AS BIGINT) + 1] END`,
      ),
    ),
  'jr:choice-name': choiceName,
  if: (given) =>
    chosen(
      [firstOf(at(given, 1)), firstOf(at(given, 2))],
      ([yes, no]) => `CASE WHEN ${asCondition(at(given, 0))} THEN ${yes} ELSE ${no} END`,
    ),
  coalesce: (given) =>
    chosen(
      given.map((each) => notEmpty(firstOf(each))),
      (columns) => `coalesce(${columns.join(', ')})`,
    ),
  once: (given, { place }) =>
    place.self ? chosen([notEmpty(place.self), firstOf(at(given, 0))], ([kept, fresh]) => `coalesce(${kept}, ${fresh})`) : formOnly(),
  not: (given) => ofCondition(`(NOT ${asCondition(at(given, 0))})`),
  true: () => ofCondition('true'),
  false: () => ofCondition('false'),
  boolean: (given) => ofCondition(asCondition(at(given, 0))),
  number: (given) => ofNumber(asNumber(at(given, 0))),
  string: (given) => ofText(text(given)),
  int: number((x) => `trunc(${x})`),
  round: round,
  floor: number((x) => `floor(${x})`),
  ceiling: number((x) => `ceil(${x})`),
  abs: number((x) => `abs(${x})`),
  pow: (given) =>
    ofNumber(
      bind({ power: `pow(${double(given)}, ${double(given, 1)})` }, ({ power }) => `CASE WHEN isfinite(${power}) THEN ${power} END`),
    ),
  sum: (given) =>
    combined(
      given,
      (item, from) => `(SELECT sum(${item}) ${from})`,
      (parts) => `(${parts.map((each) => `coalesce(${each}, 0)`).join(' + ')})`,
    ),
  min: (given) =>
    combined(
      given,
      (item, from) => `(SELECT min(${item}) ${from})`,
      (parts) => only(parts, 'least'),
    ),
  max: (given) =>
    combined(
      given,
      (item, from) => `(SELECT max(${item}) ${from})`,
      (parts) => only(parts, 'greatest'),
    ),
  count: (given) => {
    const list = at(given, 0)
    return ofNumber(isSqlList(list) ? `(SELECT count(*) ${list.from})` : '1')
  },
  'count-non-empty': (given) => ofNumber(`(${given.map(countNonEmpty).join(' + ')})`),
  join: (given) => ofText(`array_to_string(${texts(given.slice(1))}, ${textLiteral(fixed(given[0], 'The separator of join'))})`),
  concat: (given) => ofText(`array_to_string(${texts(given)}, '')`),
  'string-length': (given) => ofNumber(`length(${text(given)})`),
  substr: substr,
  contains: (given) => ofCondition(`contains(${text(given)}, ${text(given, 1)})`),
  'starts-with': (given) => ofCondition(`starts_with(${text(given)}, ${text(given, 1)})`),
  'ends-with': (given) => ofCondition(`ends_with(${text(given)}, ${text(given, 1)})`),
  'substring-before': (given) =>
    ofText(
      bind({ whole: text(given), part: text(given, 1) }, ({ whole, part }) => `left(${whole}, greatest(strpos(${whole}, ${part}) - 1, 0))`),
    ),
  'substring-after': (given) =>
    ofText(
      bind(
        { whole: text(given), part: text(given, 1) },
        ({ whole, part }) =>
          `CASE WHEN strpos(${whole}, ${part}) > 0 THEN substring(${whole}, strpos(${whole}, ${part}) + length(${part})) END`,
      ),
    ),
  'normalize-space': (given) => ofText(String.raw`trim(regexp_replace(${text(given)}, '[ \t\r\n]+', ' ', 'g'), ' ')`),
  translate: (given) => ofText(`translate(${text(given)}, ${text(given, 1)}, ${text(given, 2)})`),
  regex: (given) => {
    const pattern = textLiteral(fixed(given[1], 'The pattern of regex'))
    return ofCondition(bind({ whole: text(given) }, ({ whole }) => `(length(${whole}) <= 500 AND regexp_full_match(${whole}, ${pattern}))`))
  },
  today: (_, { place }) => ofDate(place.today),
  now: (_, { place }) => ofText(place.now),
  date: (given) => ofDate(asDate(at(given, 0))),
  'format-date': (given) => formatted(ofDate(asDate(at(given, 0))), fixed(given[1], 'The form of a date')),
  'format-date-time': (given) => formatted(at(given, 0), fixed(given[1], 'The form of a date')),
  'decimal-date-time': (given) => ofNumber(asNumber(at(given, 0))),
  'difference-in-months': months,
  'add-date': addDate,
  position: (_, { place }) => ofNumber(place.member ? `${place.member.alias}.row_position` : '0'),
  'indexed-repeat': member,
  random: formOnly,
  uuid: formOnly,
}

/** Names that `toSql` can translate; a test holds them equal to the table in functions.ts. */
export const translatedFunctions: readonly string[] = Object.keys(translations)

/**
 * The call in SQL, its arguments already translated.
 * @throws SqlError for an unknown function and for what exists only while a form is filled in.
 */
export function callSql(name: string, given: readonly SqlValue[], walk: SqlWalk): SqlValue {
  const translation = Object.hasOwn(translations, name) ? translations[name] : undefined
  if (!translation) throw new SqlError(`There is no function ${name}().`)
  return translation(given, walk)
}
