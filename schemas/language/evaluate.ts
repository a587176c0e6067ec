import type { Expression, Operator } from './expression.ts'
import { call } from './library.ts'
import type { Scope } from './scope.ts'
import { isEmpty, isList, itemsOf, type Single, toBoolean, toNumber, toText, type Value } from './value.ts'

/** The column of the choice, or the answer of the member, that a predicate is being tried on. */
export type ColumnReader = (name: string) => Value

const noColumn: ColumnReader = () => ''

/**
 * The value of an expression. Never throws on answers of any kind: what cannot be computed is empty.
 * @param column reads bare names, in a choice_filter: the columns of the choice.
 */
export function evaluate(expression: Expression, scope: Scope, column: ColumnReader = noColumn): Value {
  if (typeof expression === 'number') return expression
  switch (expression[0]) {
    case 'str':
      return expression[1]
    case 'ref':
      return scope.value(expression[1])
    case 'self':
      return scope.self()
    case 'col':
      return column(expression[1])
    case 'members':
      return { items: members(expression, scope).map(() => true) }
    case 'of':
      return answersOf(expression[1], expression[2], scope)
    case 'op':
      return operate(expression[1], expression[2], expression[3], scope, column)
    case 'neg':
      return 0 - toNumber(evaluate(expression[1], scope, column))
    case 'call':
      return call(expression[1], expression, (index) => evaluate(expression[index + 2] as Expression, scope, column), scope)
    default:
      return lookup(expression[1], expression[2], expression[3], scope)
  }
}

/** Whether a condition holds. */
export const holds = (expression: Expression, scope: Scope, column?: ColumnReader): boolean =>
  toBoolean(evaluate(expression, scope, column))

function members(expression: Expression, scope: Scope): readonly Scope[] {
  if (typeof expression === 'number' || expression[0] !== 'members') return []
  const [, repeat, predicate] = expression
  const all = scope.members(repeat)
  return predicate === null ? all : all.filter((member) => holds(predicate, scope, (name) => member.value(name)))
}

function answersOf(chosen: Expression, name: string, scope: Scope): Value {
  return { items: members(chosen, scope).flatMap((member) => itemsOf(member.value(name))) }
}

function lookup(list: string, predicate: Expression | null, column: string, scope: Scope): Value {
  const rows = scope.list(list).map(
    ({ name, label, columns }): ColumnReader =>
      (wanted) =>
        wanted === 'name' ? name : (columns?.[wanted] ?? (wanted === 'label' ? (Object.values(label)[0] ?? '') : '')),
  )
  return { items: rows.filter((row) => predicate === null || holds(predicate, scope, row)).flatMap((row) => itemsOf(row(column))) }
}

function operate(operator: Operator, left: Expression, right: Expression, scope: Scope, column: ColumnReader): Value {
  const a = evaluate(left, scope, column)
  if (operator === 'and') return toBoolean(a) && holds(right, scope, column)
  if (operator === 'or') return toBoolean(a) || holds(right, scope, column)
  const b = evaluate(right, scope, column)
  switch (operator) {
    case '=':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compareAny(operator, a, b)
    default:
      return finite(calculate(operator, toNumber(a), toNumber(b)))
  }
}

/** A list compares as true when one of its values does. */
export function compareAny(operator: Operator, a: Value, b: Value): boolean {
  if (!isList(a) && !isList(b)) return compare(operator, a, b)
  if (typeof a === 'boolean' || typeof b === 'boolean') return compare(operator, toBoolean(a), toBoolean(b))
  return itemsOf(a).some((one) => itemsOf(b).some((other) => compare(operator, one, other)))
}

function compare(operator: Operator, a: Single, b: Single): boolean {
  switch (operator) {
    case '=':
      return equal(a, b)
    case '!=':
      return !equal(a, b)
    case '<':
      return toNumber(a) < toNumber(b)
    case '<=':
      return toNumber(a) <= toNumber(b)
    case '>':
      return toNumber(a) > toNumber(b)
    default:
      return toNumber(a) >= toNumber(b)
  }
}

/** Empty equals only empty; otherwise as in XPath 1.0: as conditions, else as numbers, else as texts. */
function equal(a: Single, b: Single): boolean {
  if (typeof a === 'boolean' || typeof b === 'boolean') return toBoolean(a) === toBoolean(b)
  if (isEmpty(a) || isEmpty(b)) return isEmpty(a) && isEmpty(b)
  if (typeof a === 'number' || typeof b === 'number') return toNumber(a) === toNumber(b)
  return toText(a) === toText(b)
}

function calculate(operator: Operator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case 'div':
      return a / b
    default:
      return a % b
  }
}

// A figure that is not finite is no figure: division by zero gives empty, never "Infinity" in a table.
export const finite = (value: number): number => (Number.isFinite(value) ? value : Number.NaN)
