import type { Expression } from '../../schemas/language/expression.ts'

/** What the columns of a contestant hold: small numbers, -1 where there is no answer. */
export interface CodedColumns {
  /** Columns that hold numbers as they were given. */
  readonly numbers: ReadonlySet<string>
  /** Columns that hold texts, as the place in `levels`, one list for all. */
  readonly texts: ReadonlySet<string>
  readonly levels: readonly string[]
}

/** How a language joins conditions. pandas and R differ only in `not`. */
export interface Dialect {
  readonly and: string
  readonly or: string
  readonly not: string
  readonly equal: string
  readonly unequal: string
}

export const pandasDialect: Dialect = { and: '&', or: '|', not: '~', equal: '==', unequal: '!=' }
export const rDialect: Dialect = { ...pandasDialect, not: '!' }
export const postgresDialect: Dialect = { and: 'AND', or: 'OR', not: 'NOT ', equal: '=', unequal: '<>' }

/**
 * A condition of an additive indicator, over columns that were coded for it.
 * @throws RangeError for what no such indicator of people says today, rather than guess.
 */
export function inDialect(expression: Expression, columns: CodedColumns, dialect: Dialect): string {
  const write = (each: Expression): string => {
    if (typeof each === 'number') throw new RangeError('A number is no condition.')
    if (each[0] === 'call' && each[1] === 'not' && each[2] !== undefined) return `(${dialect.not}${write(each[2])})`
    if (each[0] === 'call' && each[1] === 'selected' && each[2] !== undefined && each[3] !== undefined)
      return compare('=', each[2], each[3])
    if (each[0] !== 'op') throw new RangeError(`${each[0]} is not written in other languages yet.`)
    const [, operator, left, right] = each
    if (operator === 'and') return `(${write(left)} ${dialect.and} ${write(right)})`
    if (operator === 'or') return `(${write(left)} ${dialect.or} ${write(right)})`
    return compare(operator, left, right)
  }
  const compare = (operator: string, left: Expression, right: Expression): string => {
    const name = nameOf(left)
    if (name === undefined) throw new RangeError(`${operator} is written only with a question on its left.`)
    const code = nameOf(right) ?? codeOf(columns, name, right)
    if (operator === '=') return `(${name} ${dialect.equal} ${code})`
    if (operator === '!=') return `(${name} ${dialect.unequal} ${code})`
    const ordered = `(${name} ${operator} ${code})`
    return operator.startsWith('<') ? `(${ordered} ${dialect.and} (${name} >= 0))` : ordered
  }
  return write(expression)
}

const nameOf = (expression: Expression): string | undefined =>
  typeof expression !== 'number' && expression[0] === 'ref' ? expression[1] : undefined

/** No answer is -1; a text that nobody gave is nobody's. */
function codeOf({ numbers, levels }: CodedColumns, name: string, right: Expression): number {
  const literal = typeof right === 'number' ? right : right[0] === 'str' ? right[1] : undefined
  if (literal === undefined) throw new RangeError('Only a question or a literal is written on the right.')
  if (literal === '') return -1
  if (numbers.has(name)) return Number(literal)
  const found = levels.indexOf(String(literal))
  return found < 0 ? -9 : found
}
