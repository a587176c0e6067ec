import type { Expression } from '../../schemas/language/expression.ts'
import {
  type Classes,
  type ConditionSql,
  classesOf,
  inDigits,
  integerClasses,
  listClasses,
  nodeClasses,
  type QuestionClasses,
  textClasses,
  truthClasses,
} from './answer-classes.ts'
import type { Holds } from './compared-with.ts'

/** Bits of a row: who was asked, whose answer counts, who is in the numerator. One word per 32 indicators, in this order. */
export const bitKinds = ['asked', 'answered', 'numerator'] as const
export type BitKind = (typeof bitKinds)[number]

/** A condition, and the bit it can clear. */
export interface Test {
  readonly condition: Expression
  readonly kind: BitKind
  /** Place of the indicator. */
  readonly indicator: number
}

/** What some classes decide. */
export interface Decided {
  readonly classes: Classes
  readonly tests: readonly Test[]
  /** Dimensions, by their place. */
  readonly dimensions: readonly number[]
}

/** A column of the scan: a whole number whose digits are classes. What follows from it is worked out once for each number. */
export interface ScanColumn {
  readonly sql: string
  /** Numbers are below it. */
  readonly size: number
  readonly digits: readonly Decided[]
}

/** A question as it lies in the database, and values its answers are compared with. */
export interface Source {
  readonly name: string
  readonly sql: string
  readonly holds: Holds
  readonly values: readonly (string | number)[]
}

interface Question {
  readonly source: Source
  readonly values: Set<string | number>
  readonly dimensions: number[]
}

interface SqlTest extends ConditionSql {
  readonly test: Test
  /** The questions it compares; none when only the database can work it out. */
  readonly sources: readonly Source[]
}

/** Numbers of a column: as many as their tables take little memory. */
const mostNumbers = 1024
/** Conditions on one list that are told together. */
const mostTogether = 4

/** Gathers what is asked of each question, so that its column is read once. */
export interface GatheredColumns {
  test(test: Test, sql: string, sources: readonly Source[]): void
  /** A dimension whose node is told by the values of a question. */
  placeBy(source: Source, dimension: number): void
  /** A dimension whose node the database works out. */
  place(sql: string, size: number, dimension: number): void
  columns(): readonly ScanColumn[]
}

export function gatherColumns(): GatheredColumns {
  const questions = new Map<string, Question>()
  const tests: SqlTest[] = []
  const nodes: Decided[] = []
  const ask = (source: Source): Question => {
    const found = questions.get(source.sql) ?? { source, values: new Set(), dimensions: [] }
    questions.set(source.sql, found)
    for (const value of source.values) found.values.add(value)
    return found
  }
  return {
    test(test, sql, sources) {
      // A list is never looked at together with other questions.
      const own = sources.length > 1 && sources.some(({ holds }) => holds === 'list') ? [] : sources
      for (const source of own) ask(source)
      tests.push({ test, sql, condition: test.condition, sources: own })
    },
    placeBy: (source, dimension) => void ask(source).dimensions.push(dimension),
    place: (sql, size, dimension) => void nodes.push({ classes: nodeClasses(sql, size), tests: [], dimensions: [dimension] }),
    columns: () => inColumns([...nodes, ...decidedBy([...questions.values()], tests)]),
  }
}

/** Questions that a condition looks at together are told by one digit, when it does not grow too large; else the database works the condition out. */
function decidedBy(questions: readonly Question[], tests: readonly SqlTest[]): readonly Decided[] {
  const groupOf = new Map<string, readonly Question[]>(questions.map((each) => [each.source.sql, [each]]))
  const left: SqlTest[] = []
  for (const each of tests.filter(({ sources }) => sources.length !== 1)) {
    const joined = [...new Set(each.sources.flatMap(({ sql }) => groupOf.get(sql) ?? []))]
    if (joined.length === 0 || sizeOf(joined) > mostNumbers) left.push(each)
    else for (const { source } of joined) groupOf.set(source.sql, joined)
  }
  const own = tests.filter((each) => !left.includes(each))
  return [
    ...[...new Set(groupOf.values())].flatMap((group) => decidedByGroup(group, own)),
    ...[...new Map(left.map((each) => [each.sql, each])).values()].map((each) => ({
      classes: truthClasses([each]),
      tests: left.flatMap(({ sql, test }) => (sql === each.sql ? [test] : [])),
      dimensions: [],
    })),
  ]
}

function decidedByGroup(group: readonly Question[], tests: readonly SqlTest[]): readonly Decided[] {
  const columns = new Set(group.map(({ source }) => source.sql))
  const own = tests.filter(({ sources: [first] }) => first && columns.has(first.sql))
  const [{ source, values } = { source: undefined, values: [] }] = group
  if (source?.holds !== 'list')
    return [
      {
        classes: classesOf(group.map(questionClasses)),
        tests: own.map(({ test }) => test),
        dimensions: group.flatMap(({ dimensions }) => dimensions),
      },
    ]
  const conditions = [...new Map(own.map((each) => [each.sql, each])).values()]
  return Array.from({ length: Math.ceil(conditions.length / mostTogether) }, (_, slice) => {
    const some = conditions.slice(slice * mostTogether, (slice + 1) * mostTogether)
    const told = new Set(some.map(({ sql }) => sql))
    return {
      classes: listClasses(source.sql, source.name, some, [...values].map(String)),
      tests: own.flatMap(({ sql, test }) => (told.has(sql) ? [test] : [])),
      dimensions: [],
    }
  })
}

function questionClasses({ source: { sql, name, holds }, values }: Question): QuestionClasses {
  if (holds === 'text') return textClasses(sql, name, [...values].map(String))
  return integerClasses(
    sql,
    name,
    [...values].flatMap((value) => (typeof value === 'number' ? [value] : [])),
  )
}

const sizeOf = (group: readonly Question[]): number =>
  group.reduce((size, each) => size * (each.source.holds === 'list' ? Number.POSITIVE_INFINITY : questionClasses(each).answers.length), 1)

function inColumns(all: readonly Decided[]): readonly ScanColumn[] {
  const groups: { size: number; digits: Decided[] }[] = []
  for (const each of all) {
    const { size } = each.classes
    let group = groups.at(-1)
    if (!group || group.size * size > mostNumbers) {
      group = { size: 1, digits: [] }
      groups.push(group)
    }
    group.size *= size
    group.digits.push(each)
  }
  return groups.map(({ size, digits }) => ({ size, digits, sql: `CAST(${inDigits(digits.map(({ classes }) => classes)).sql} AS INTEGER)` }))
}
