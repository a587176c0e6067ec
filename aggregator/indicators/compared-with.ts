import type { Expression } from '../../schemas/language/expression.ts'

/** What a column of answers holds. Amounts and dates have too many different values: conditions on them are worked out by the database. */
export type Holds = 'text' | 'list' | 'integer'

/** The values that answers are compared with, by question: all other answers to it are alike. */
export type Compared = ReadonlyMap<string, readonly (string | number)[]>

const comparisons: readonly string[] = ['=', '!=', '<', '<=', '>', '>=']
/** Each whole number between the least and the largest that is named has a class of its own. */
const largest = 200

/** Undefined when a condition does more than compare answers with constants. */
export function comparedWith(condition: Expression, holdsOf: (name: string) => Holds | undefined): Compared | undefined {
  const values = new Map<string, (string | number)[]>()
  return onlyCompares(condition, holdsOf, values) ? values : undefined
}

function onlyCompares(each: Expression, holdsOf: (name: string) => Holds | undefined, values: Map<string, (string | number)[]>): boolean {
  if (typeof each === 'number') return false
  if (each[0] === 'call' && each[1] === 'not') return onlyCompares(each[2] as Expression, holdsOf, values)
  if (each[0] === 'op' && (each[1] === 'and' || each[1] === 'or'))
    return onlyCompares(each[2], holdsOf, values) && onlyCompares(each[3], holdsOf, values)
  const [operator, answer, constant] = each[0] === 'op' || (each[0] === 'call' && each[1] === 'selected') ? each.slice(1) : []
  if (!isPart(answer) || !isPart(constant) || typeof answer === 'number' || answer[0] !== 'ref') return false
  const value = typeof constant === 'number' ? constant : constant[0] === 'str' ? constant[1] : undefined
  if (value === undefined || !isComparison(String(operator), value, holdsOf(answer[1]))) return false
  values.set(answer[1], [...(values.get(answer[1]) ?? []), value])
  return true
}

const isPart = (part: unknown): part is Expression => typeof part === 'number' || Array.isArray(part)

function isComparison(operator: string, value: string | number, holds: Holds | undefined): boolean {
  const equals = operator === '=' || operator === '!='
  switch (holds) {
    case 'text':
      return equals && typeof value === 'string'
    case 'list':
      return operator === 'selected' ? typeof value === 'string' && value !== '' && value.trim() === value : equals && value === ''
    case 'integer':
      return value === '' ? equals : typeof value === 'number' && comparisons.includes(operator) && isSmall(value)
    default:
      return false
  }
}

export const isSmall = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= largest
