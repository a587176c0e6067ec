// What generated code calls, beside the language's own library. Each conversion equals its namesake in value.ts for one kind of value.
import type { Choice } from '../questionnaire.ts'
import { completedMonths } from './dates.ts'
import { compareAny, finite } from './evaluate.ts'
import type { Expression } from './expression.ts'
import { call, dateDays, longestForPattern, wholeText } from './library.ts'
import type { Scope } from './scope.ts'
import { isEmpty, itemsOf, type List, single, type Single, toBoolean, toNumber, toText, type Value } from './value.ts'

/** Dates and codes come again and again; longer texts are somebody's words and are not kept. */
const longestKept = 12
const mostKept = 20_000

function remembered<Result>(work: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, Result>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const value = work(text)
    if (text.length > longestKept) return value
    if (known.size >= mostKept) known.clear()
    known.set(text, value)
    return value
  }
}

/** By pattern, of which a questionnaire has few. */
const formats = new Map<string, (text: string) => string>()

function formatted(text: string, pattern: string): string {
  const known = formats.get(pattern)
  if (known) return known(text)
  const format = remembered((each) => toText(run('format-date', noScope, [() => each, () => pattern])))
  if (formats.size < mostFormats) formats.set(pattern, format)
  return format(text)
}
const mostFormats = 100

/** By pattern, as the form has it; making one takes longer than asking it. */
const patterns = new Map<string, RegExp>()

function matches(text: string, pattern: string): boolean {
  const made = patterns.get(pattern) ?? wholeText(pattern)
  if (patterns.size < mostFormats) patterns.set(pattern, made)
  return text.length <= longestForPattern && made.test(text)
}
/** For functions that read nothing but their arguments. */
const noScope = {} as Scope

/** Any function of the language; arguments are worked out when it asks for them. */
const run = (name: string, scope: Scope, parts: readonly (() => Value)[]): Value =>
  call(name, { length: parts.length + 2 } as unknown as Expression, (index) => parts[index]?.() ?? '', scope)

function pick(count: number, holds: (index: number) => boolean, give: (index: number) => Single): List {
  const items: Single[] = []
  for (let index = 0; index < count; index++) if (holds(index)) items.push(give(index))
  return { items }
}

/** How many `pick` would give. */
function tally(count: number, holds: (index: number) => boolean): number {
  let found = 0
  for (let index = 0; index < count; index++) if (holds(index)) found++
  return found
}

function pickLists(count: number, holds: (index: number) => boolean, give: (index: number) => Value): List {
  const items: Single[] = []
  for (let index = 0; index < count; index++) if (holds(index)) items.push(...itemsOf(give(index)))
  return { items }
}

/** As a lookup in a list sees a choice. */
const column = ({ name, label, columns }: Choice, wanted: string): string =>
  wanted === 'name' ? name : (columns?.[wanted] ?? (wanted === 'label' ? (Object.values(label)[0] ?? '') : ''))

export const javascriptLibrary = Object.freeze({
  toText,
  toNumber,
  toBoolean,
  single,
  compareAny,
  completedMonths,
  finite,
  dateDays,
  column,
  pick,
  pickLists,
  tally,
  always: () => true,
  rowCount: (count: number) => (Number.isFinite(count) ? Math.max(0, Math.floor(count)) : 0),
  numberText: (value: number) => (Number.isNaN(value) ? '' : String(value)),
  numberOf: remembered(toNumber),
  dayOf: remembered(dateDays),
  isTrueNumber: (value: number) => value !== 0 && !Number.isNaN(value),
  sameNumber: (a: number, b: number) => a === b || (Number.isNaN(a) && Number.isNaN(b)),
  // Two texts are equal when they are the same, the empty ones too.
  equalSingle: (a: Value, b: Value) => (typeof a === 'string' && typeof b === 'string' ? a === b : compareAny('=', a, b)),
  equalNumber: (a: Value, b: Value) => compareAny('=', a, b),
  firstNumber: (a: number, b: number) => (Number.isNaN(a) ? b : a),
  firstSingle: (a: Single, b: Single) => (isEmpty(a) ? b : a),
  count: (value: Value) => itemsOf(value).length,
  holdsCode: (codes: readonly string[], code: string) => codes.includes(code),
  isSelected: (text: string, code: string) =>
    text === code || (text.length > code.length && text.includes(code) && text.split(/\s+/).includes(code)),
  lookup: (choices: readonly Choice[], holds: (choice: Choice) => boolean, wanted: string): List => ({
    items: choices.filter(holds).map((choice) => column(choice, wanted)),
  }),
  run,
  formatted,
  matches,
})
