import type { Expression } from '../language/expression.ts'

/** An answer that an expression reads. */
export interface Reference {
  /** A question, or a repeat whose members are counted. */
  readonly name: string
  /** `here`: of the same member (or the household). `every`: of all members. */
  readonly reach: 'here' | 'every'
}

/** Every answer an expression reads, in the order they stand; `.` and the columns of choices are not answers of others. */
export function referencesOf(expression: Expression): readonly Reference[] {
  const found: Reference[] = []
  collect(expression, 'here', false, found)
  return found
}

// `columnsAreMembers`: a bare name in a predicate over members is an answer of each member; over choices it is a column.
function collect(expression: Expression, reach: Reference['reach'], columnsAreMembers: boolean, found: Reference[]): void {
  if (typeof expression === 'number') return
  switch (expression[0]) {
    case 'str':
    case 'self':
      return
    case 'ref':
      found.push({ name: expression[1], reach })
      return
    case 'col':
      if (columnsAreMembers) found.push({ name: expression[1], reach: 'every' })
      return
    case 'members':
      found.push({ name: expression[1], reach: 'every' })
      if (expression[2] !== null) collect(expression[2], reach, true, found)
      return
    case 'of':
      found.push({ name: expression[2], reach: 'every' })
      collect(expression[1], reach, columnsAreMembers, found)
      return
    case 'op':
      collect(expression[2], reach, columnsAreMembers, found)
      collect(expression[3], reach, columnsAreMembers, found)
      return
    case 'neg':
      collect(expression[1], reach, columnsAreMembers, found)
      return
    case 'lookup':
      if (expression[2] !== null) collect(expression[2], reach, false, found)
      return
    case 'call': {
      const [, name, ...parameters] = expression
      // indexed-repeat reaches another member by number, so any of them may matter.
      for (const each of parameters) collect(each, name === 'indexed-repeat' ? 'every' : reach, columnsAreMembers, found)
      return
    }
    default:
      expression satisfies never
  }
}

/** True when the expression contains a call of one of these functions. */
export function calls(expression: Expression, names: ReadonlySet<string>): boolean {
  if (typeof expression === 'number') return false
  if (expression[0] === 'call' && names.has(expression[1])) return true
  return expression.slice(1).some((part) => (Array.isArray(part) || typeof part === 'number') && calls(part as Expression, names))
}
