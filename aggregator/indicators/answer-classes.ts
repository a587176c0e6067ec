import { evaluate, holds } from '../../schemas/language/evaluate.ts'
import type { Expression } from '../../schemas/language/expression.ts'
import type { Scope } from '../../schemas/language/scope.ts'
import { toNumber, toText } from '../../schemas/language/value.ts'
import type { PlacedDimension } from './dimensions.ts'

/** Rows in numbered classes: whatever is asked of a row has one answer for all of a class. */
export interface Classes {
  /** The number of a row in SQL, from 0; never NULL. */
  readonly sql: string
  readonly size: number
  /** Whether a condition that the classes were made for holds in one of them. */
  holds(condition: Expression, number: number): boolean
  /** Node of a dimension that they were made for. */
  leaf(dimension: PlacedDimension, number: number): number
}

type Answer = string | number | readonly string[] | null

/** One answer of each class of a question. */
export interface QuestionClasses {
  readonly sql: string
  readonly name: string
  readonly answers: readonly Answer[]
}

/** A condition, and how the database works it out. */
export interface ConditionSql {
  readonly condition: Expression
  readonly sql: string
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`
/** Stands for every answer that no condition names. */
const another = '\u0001'

/** Texts: all others, none, each that is named. */
export function textClasses(column: string, name: string, texts: Iterable<string>): QuestionClasses {
  const named = [...new Set(texts)].filter((text) => text !== '')
  const list = ['NULL', "''", ...named.map(quoted)]
  return {
    sql: `coalesce(list_position([${list.join(', ')}]::VARCHAR[], ${column}), 0)`,
    name,
    answers: [another, null, '', ...named],
  }
}

/** Whole numbers: none, then each from one below the least that is named to one above the largest; these two stand for all beyond. */
export function integerClasses(column: string, name: string, numbers: readonly number[]): QuestionClasses {
  const [least, most] = [Math.min(0, ...numbers) - 1, Math.max(0, ...numbers) + 1]
  const answers = [null, ...Array.from({ length: most - least + 1 }, (_, index) => least + index)]
  const beyond = `WHEN ${column} < ${least} THEN 1 WHEN ${column} > ${most} THEN ${answers.length - 1}`
  return { sql: `(CASE WHEN ${column} IS NULL THEN 0 ${beyond} ELSE ${column} + ${1 - least} END)`, name, answers }
}

/** The answers to one question, or to a few that a condition looks at together. */
export function classesOf(questions: readonly QuestionClasses[]): Classes {
  const sized = questions.map((each) => ({ ...each, size: each.answers.length }))
  const scope = (number: number) =>
    scopeOf(new Map(digitsOf(sized, number).map(([{ name, answers }, digit]) => [name, answers[digit] ?? ''])))
  return {
    ...inDigits(sized),
    holds: (condition, number) => holds(condition, scope(number)),
    leaf: ({ value, bands, nodeOf, unknownNode }, number) => {
      const [first] = questions
      // A text without a name is the value of the dimension itself.
      const found = value === null || first?.name === '' ? (first?.answers[number] ?? '') : evaluate(value, scope(number))
      if (!bands) return nodeOf.get(toText(found)) ?? unknownNode
      const years = toNumber(found)
      return bands.find(({ from, to }) => years >= from && years < to + 1)?.node ?? unknownNode
    },
  }
}

/** Nodes of a dimension that the database works out. */
export const nodeClasses = (sql: string, size: number): Classes => ({
  sql: `(${sql})`,
  size,
  holds: () => false,
  leaf: (_, number) => number,
})

/** Conditions that the database works out, a bit each. */
export function truthClasses(conditions: readonly ConditionSql[]): Classes {
  const bitOf = new Map(conditions.map(({ condition }, bit) => [JSON.stringify(condition), bit]))
  return {
    sql: `(${conditions.map(({ sql }, bit) => `CASE WHEN ${sql} THEN ${1 << bit} ELSE 0 END`).join(' + ')})`,
    size: 1 << conditions.length,
    holds: (condition, number) => ((number >> (bitOf.get(JSON.stringify(condition)) ?? 0)) & 1) === 1,
    leaf: ({ unknownNode }) => unknownNode,
  }
}

/** Conditions on a list of codes: of a list of one code, as nearly every list is, its place among those that are named; of any other a bit each. */
export function listClasses(column: string, name: string, conditions: readonly ConditionSql[], texts: Iterable<string>): Classes {
  const named = [...new Set(texts)].filter((text) => text !== '')
  const truths = truthClasses(conditions)
  const single = `${truths.size} + coalesce(list_position([${named.map(quoted).join(', ')}]::VARCHAR[], ${column}[1]), 0)`
  const scopes = [another, ...named].map((text) => scopeOf(new Map([[name, [text]]])))
  return {
    ...truths,
    sql: `(CASE WHEN len(${column}) = 1 THEN ${single} ELSE ${truths.sql} END)`,
    size: truths.size + scopes.length,
    holds(condition, number) {
      const scope = scopes[number - truths.size]
      return scope ? holds(condition, scope) : truths.holds(condition, number)
    },
  }
}

type Digit = Pick<Classes, 'sql' | 'size'>

/** Several numbers in one, as digits: the first is the lowest. */
export function inDigits(digits: readonly Digit[]): Digit {
  let size = 1
  const terms = digits.map((digit) => {
    const term = size === 1 ? digit.sql : `${size} * ${digit.sql}`
    size *= digit.size
    return term
  })
  return { sql: terms.length === 1 ? terms.join('') : `(${terms.join(' + ')})`, size }
}

/** The digits of a number, with what they are digits of. */
export function digitsOf<Each extends Digit>(digits: readonly Each[], number: number): readonly (readonly [Each, number])[] {
  let left = number
  return digits.map((each) => {
    const digit = left % each.size
    left = (left - digit) / each.size
    return [each, digit] as const
  })
}

/** A record of which only a few answers are known; nobody asks for others. */
const scopeOf = (answers: ReadonlyMap<string, Answer>): Scope => ({
  today: '',
  now: '',
  value: (name) => answers.get(name) ?? '',
  self: () => '',
  members: () => [],
  position: () => 0,
  choiceName: (_, code) => code,
  list: () => [],
  random: () => 0,
})
