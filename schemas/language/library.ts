import { completedMonths, dayNumber, dayText, formatDate, moveDay } from './dates.ts'
import type { Expression } from './expression.ts'
import type { Scope } from './scope.ts'
import { isEmpty, itemsOf, single, toBoolean, toNumber, toText, type Value } from './value.ts'

/** Gives the value of the argument at that place; called only for arguments that are needed. */
type Argument = (index: number) => Value

/** How many arguments follow; the scope. */
type Implementation = (argument: Argument, scope: Scope, count: number) => Value

const text = (argument: Argument, index = 0): string => toText(argument(index))
const number = (argument: Argument, index = 0): number => toNumber(argument(index))
const finite = (value: number): number => (Number.isFinite(value) ? value : Number.NaN)
const codes = (value: Value): readonly string[] => toText(value).split(/\s+/).filter(Boolean)
const characters = (value: Value): readonly string[] => Array.from(toText(value))
const listed = (argument: Argument, from: number, count: number) =>
  Array.from({ length: count - from }, (_, index) => itemsOf(argument(from + index))).flat()
const numbers = (argument: Argument, count: number): readonly number[] => listed(argument, 0, count).map(toNumber).filter(Number.isFinite)
function date(value: Value): string {
  const one = single(value)
  if (typeof one === 'number') return Number.isNaN(one) ? '' : dayText(one)
  return Number.isNaN(dayNumber(toText(one))) ? '' : toText(one).slice(0, 10)
}
/** Days since 1970-01-01 of a value read as a date; its time of day is left out. */
export const dateDays = (value: Value): number => dayNumber(date(value))
/** A part of a text, counted in characters. */
const sliced = (whole: string, begin: number, end: number): string =>
  /[\uD800-\uDFFF]/.test(whole) ? characters(whole).slice(begin, end).join('') : whole.slice(begin, end)

/** Texts longer than this are refused by regex, so that no pattern can freeze a phone. */
export const longestForPattern = 500
/** The pattern of `regex`: all of a text must fit. */
export const wholeText = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`)

function round(value: number, places: number): number {
  const scale = 10 ** Math.trunc(places)
  return finite(Math.floor(value * scale + 0.5) / scale)
}

function splitAt(argument: Argument): readonly [string, number, number] {
  const whole = text(argument)
  const part = text(argument, 1)
  return [whole, whole.indexOf(part), part.length]
}

function translated(argument: Argument): string {
  const from = characters(argument(1))
  const to = characters(argument(2))
  return characters(argument(0))
    .map((each) => (from.includes(each) ? (to[from.indexOf(each)] ?? '') : each))
    .join('')
}

/** RFC 9562 version 4, from the numbers of the scope. */
const uuid = (scope: Scope): string =>
  'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replaceAll(/[xy]/g, (letter) =>
    Math.floor(scope.random() * (letter === 'x' ? 16 : 4) + (letter === 'x' ? 0 : 8)).toString(16),
  )

const implementations: Readonly<Record<string, Implementation>> = {
  selected: (a) => codes(a(0)).includes(text(a, 1).trim()),
  'count-selected': (a) => codes(a(0)).length,
  'selected-at': (a) => codes(a(0))[number(a, 1)] ?? '',
  'jr:choice-name': (a, scope) => (text(a) === '' ? '' : scope.choiceName(text(a, 1).trim().slice(2, -1), text(a))),
  if: (a) => single(a(toBoolean(a(0)) ? 1 : 2)),
  coalesce: (a, _, count) => {
    for (let index = 0; index < count; index++) {
      const value = single(a(index))
      if (!isEmpty(value)) return value
    }
    return ''
  },
  once: (a, scope) => single(isEmpty(single(scope.self())) ? a(0) : scope.self()),
  not: (a) => !toBoolean(a(0)),
  true: () => true,
  false: () => false,
  boolean: (a) => toBoolean(a(0)),
  number: (a) => number(a),
  string: (a) => text(a),
  int: (a) => Math.trunc(number(a)),
  round: (a, _, count) => round(number(a), count > 1 ? number(a, 1) : 0),
  floor: (a) => Math.floor(number(a)),
  ceiling: (a) => Math.ceil(number(a)),
  abs: (a) => Math.abs(number(a)),
  pow: (a) => (Number.isNaN(number(a)) ? Number.NaN : finite(number(a) ** number(a, 1))),
  sum: (a, _, count) => numbers(a, count).reduce((sum, each) => sum + each, 0),
  min: (a, _, count) => finite(Math.min(...numbers(a, count))),
  max: (a, _, count) => finite(Math.max(...numbers(a, count))),
  count: (a) => itemsOf(a(0)).length,
  'count-non-empty': (a, _, count) => listed(a, 0, count).filter((each) => !isEmpty(each)).length,
  join: (a, _, count) => listed(a, 1, count).map(toText).join(text(a)),
  concat: (a, _, count) => listed(a, 0, count).map(toText).join(''),
  'string-length': (a) => characters(a(0)).length,
  substr: (a, _, count) => {
    const end = count > 2 ? number(a, 2) : Infinity
    const begin = number(a, 1)
    return Number.isNaN(begin) || Number.isNaN(end) ? '' : sliced(toText(a(0)), begin, end)
  },
  contains: (a) => text(a).includes(text(a, 1)),
  'starts-with': (a) => text(a).startsWith(text(a, 1)),
  'ends-with': (a) => text(a).endsWith(text(a, 1)),
  'substring-before': (a) => {
    const [whole, at] = splitAt(a)
    return at < 0 ? '' : whole.slice(0, at)
  },
  'substring-after': (a) => {
    const [whole, at, length] = splitAt(a)
    return at < 0 ? '' : whole.slice(at + length)
  },
  'normalize-space': (a) =>
    text(a)
      .replaceAll(/[ \t\r\n]+/g, ' ')
      .replaceAll(/^ | $/g, ''),
  translate: (a) => translated(a),
  regex: (a) => text(a).length <= longestForPattern && wholeText(text(a, 1)).test(text(a)),
  today: (_, scope) => scope.today,
  now: (_, scope) => scope.now,
  date: (a) => date(a(0)),
  'format-date': (a) => formatDate(date(a(0)), text(a, 1)),
  'format-date-time': (a) => {
    const value = single(a(0))
    return formatDate(typeof value === 'number' ? date(value) : toText(value), text(a, 1))
  },
  'decimal-date-time': (a) => number(a),
  'difference-in-months': (a) => completedMonths(dateDays(a(0)), dateDays(a(1))),
  'add-date': (a, _, count) => {
    const [years = 0, months = 0, days = 0] = Array.from({ length: count - 1 }, (__, index) => Math.trunc(number(a, index + 1)))
    const moved = moveDay(dateDays(a(0)), years * 12 + months, days)
    return Number.isNaN(moved) ? '' : dayText(moved)
  },
  position: (_, scope) => scope.position(),
  'indexed-repeat': (a) => itemsOf(a(0))[number(a, 1) - 1] ?? '',
  random: (_, scope) => scope.random(),
  uuid: (_, scope) => uuid(scope),
}

/** Names that `evaluate` can run; a test holds them equal to the table in functions.ts. */
export const implementedFunctions: readonly string[] = Object.keys(implementations)

/** Runs a function on its arguments. An unknown one, from an expression of a newer program, is empty. */
export function call(name: string, expression: Expression, argument: Argument, scope: Scope): Value {
  const implementation = Object.hasOwn(implementations, name) ? implementations[name] : undefined
  return implementation?.(argument, scope, (expression as readonly unknown[]).length - 2) ?? ''
}
