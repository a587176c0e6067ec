import type { Expression, Operator } from '../language/expression.ts'

const strength: Readonly<Record<Operator, number>> = {
  or: 1,
  and: 2,
  '=': 3,
  '!=': 3,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '|': 5,
  '*': 6,
  div: 6,
  mod: 6,
}
const strongest = 7

/** An expression as an author would write it in a sheet; parsing it gives the same expression again. */
export function printExpression(expression: Expression): string {
  return print(expression, 0)
}

// Operators join from the left, so the right side of an equal one needs brackets.
function print(expression: Expression, least: number): string {
  if (typeof expression === 'number') return expression < 0 && least > 0 ? `(${expression})` : String(expression)
  switch (expression[0]) {
    case 'str':
      return quoted(expression[1])
    case 'ref':
      return `\${${expression[1]}}`
    case 'self':
      return '.'
    case 'col':
      return expression[1]
    case 'members':
      return `\${${expression[1]}}${predicate(expression[2])}`
    case 'of':
      return `${print(expression[1], strongest)}/${expression[2]}`
    case 'lookup':
      return `instance(${quoted(expression[1])})/root/item${predicate(expression[2])}/${expression[3]}`
    case 'neg':
      return `-${print(expression[1], strongest)}`
    case 'op': {
      const [, operator, left, right] = expression
      const own = strength[operator]
      const text = `${print(left, own)} ${operator} ${print(right, own + 1)}`
      return own < least ? `(${text})` : text
    }
    case 'call':
      return printCall(expression)
    default:
      return expression satisfies never
  }
}

function printCall(expression: Extract<Expression, readonly ['call', ...unknown[]]>): string {
  const [, name, ...parameters] = expression
  if (name === 'position') return 'position(..)'
  const [first, second] = parameters
  if (
    name === 'indexed-repeat' &&
    Array.isArray(first) &&
    first[0] === 'of' &&
    Array.isArray(first[1]) &&
    first[1][0] === 'members' &&
    second !== undefined
  ) {
    return `indexed-repeat(\${${first[2]}}, \${${first[1][1]}}, ${print(second, 0)})`
  }
  return `${name}(${parameters.map((each) => print(each, 0)).join(', ')})`
}

const predicate = (condition: Expression | null): string => (condition === null ? '' : `[${print(condition, 0)}]`)

// XPath has no escape: a text with both kinds of quotes cannot be written, and none can be parsed either.
const quoted = (text: string): string => (text.includes("'") ? `"${text}"` : `'${text}'`)
