import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate } from '../../../schemas/language/evaluate.ts'
import type { Expression } from '../../../schemas/language/expression.ts'
import { functions } from '../../../schemas/language/functions.ts'
import { javascriptLibrary } from '../../../schemas/language/javascript-library.ts'
import type { Scope } from '../../../schemas/language/scope.ts'
import { type Code, type CodeKind, type CodePlace, toJavaScript } from '../../../schemas/language/to-javascript.ts'
import { isList, toBoolean, toNumber, toText, type Value } from '../../../schemas/language/value.ts'
import { type Household, scopeOf } from './household.ts'
import { expressions } from './random-expressions.ts'
import { households, questions } from './random-households.ts'

const howMany = { expressions: Number(process.env.TALA_EXPRESSIONS ?? 1500), households: Number(process.env.TALA_HOUSEHOLDS ?? 60) }
const seed = Number(process.env.TALA_SEED ?? 20261128)
const homes = fc.sample(households, { numRuns: howMany.households, seed })
const sample = fc.sample(expressions, { numRuns: howMany.expressions, seed: seed + 1 })

const kindOf = (name: string): CodeKind => {
  const kind = questions[name]?.kind
  return kind === 'number' || kind === 'codes' ? kind : 'text'
}
const read = (name: string, from: string): Code => ({ kind: kindOf(name), code: `${from}[${JSON.stringify(name)}]` })

const inHome: CodePlace = {
  value: (name) =>
    questions[name]?.repeat
      ? { kind: 'list', code: `L.pick(m.length, () => true, (each) => m[each][${JSON.stringify(name)}])` }
      : read(name, 'h'),
  self: { kind: 'text', code: "''" },
  members: () => ({ count: 'm.length', answer: (name, index) => read(name, questions[name]?.repeat ? `m[${index}]` : 'h') }),
  position: '0',
}
const inMember: CodePlace = {
  ...inHome,
  value: (name) => read(name, questions[name]?.repeat ? 'm[i]' : 'h'),
  position: '(i + 1)',
}

type Compiled = (L: object, S: Scope, h: object, m: readonly object[], i: number) => Value
// oxlint-disable-next-line typescript/no-implied-eval -- what is tested is code
const compiled = ({ code }: Code) => new Function('L', 'S', 'h', 'm', 'i', `'use strict'; return ${code}`) as Compiled

// Numbers that are empty are NaN in the generated code, '' in a household.
const slots = (fields: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, kindOf(name) === 'number' && value === '' ? Number.NaN : value]))

const readings = (value: Value) => ({
  number: toNumber(value),
  text: toText(value),
  holds: toBoolean(value),
  items: isList(value) ? value.items.map((each) => toText(each)) : null,
})

function isOfKind(value: Value, kind: CodeKind): boolean {
  if (kind === 'single') return !isList(value)
  if (kind === 'list') return isList(value)
  if (kind === 'codes') return Array.isArray(value)
  return typeof value === { number: 'number', text: 'string', condition: 'boolean' }[kind]
}

function compare(expression: Expression, home: Household, rows: readonly (number | undefined)[], place: CodePlace) {
  const code = toJavaScript(expression, place)
  const run = compiled(code)
  const [fields, members] = [slots(home.fields ?? {}), (home.members ?? []).map(slots)]
  for (const row of rows) {
    const scope = scopeOf(home, row)
    const value = run(javascriptLibrary, scope, fields, members, row ?? 0)
    expect(isOfKind(value, code.kind), `${code.kind} of ${JSON.stringify(expression)}`).toBe(true)
    expect(readings(value), JSON.stringify(expression)).toEqual(readings(evaluate(expression, scope)))
  }
}

describe('generated code and the interpreter', () => {
  it('give the same for the same household', () => {
    for (const [index, expression] of sample.entries())
      for (const home of homes.slice(index % 7, (index % 7) + 12)) compare(expression, home, [undefined], inHome)
  }, 120_000)

  it('give the same for the same member', () => {
    for (const [index, expression] of sample.entries())
      for (const home of homes.slice(index % 7, (index % 7) + 12)) compare(expression, home, [...(home.members ?? []).keys()], inMember)
  }, 120_000)

  it('are compared over all functions', () => {
    const used = JSON.stringify(sample)
    const unused = functions.map(({ name }) => name).filter((name) => !used.includes(`["call","${name}"`))
    expect(unused.sort()).toEqual(['once', 'random', 'uuid'])
  })
})
