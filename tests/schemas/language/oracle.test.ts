import { createRequire } from 'node:module'
import fc from 'fast-check'
import { JSDOM } from 'jsdom'
import { beforeAll, describe, expect, it } from 'vitest'
import { evaluate } from '../../../schemas/language/evaluate.ts'
import { parseExpression } from '../../../schemas/language/parse.ts'
import type { Single } from '../../../schemas/language/value.ts'
import { toBoolean, toNumber, toText } from '../../../schemas/language/value.ts'
import { type Household, scopeOf } from './household.ts'
import { households } from './random-households.ts'

type Evaluate = (
  expression: string,
  node: unknown,
  resolver: null,
  type: number,
) => { numberValue: number; stringValue: string; booleanValue: boolean }
let evaluateOpenRosa: Evaluate
let dom: JSDOM
beforeAll(() => {
  // The evaluator reads its node types from the globals of a browser.
  dom = new JSDOM('')
  for (const name of [
    'Node',
    'XPathResult',
    'Element',
    'Document',
    'XPathExpression',
    'XPathEvaluator',
    'NodeFilter',
    'window',
    'document',
  ] as const) {
    Object.defineProperty(globalThis, name, { value: name === 'window' ? dom.window : dom.window[name as 'Node'], configurable: true })
  }
  const create = createRequire(import.meta.url)('openrosa-xpath-evaluator') as () => { evaluate: Evaluate }
  const evaluator = create()
  evaluateOpenRosa = (...given) => evaluator.evaluate(...given)
})

const text = (value: Single | undefined): string => (typeof value === 'object' ? value.join(' ') : String(value ?? ''))
const element = ([name, value]: readonly [string, Single | undefined]) =>
  `<${name}>${text(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</${name}>`

/** The household as the XML instance that an XForm has. */
function documentOf({ fields = {}, members = [] }: Household): Document {
  const inside = [
    ...Object.entries(fields).map(element),
    ...members.map((member) => `<person>${Object.entries(member).map(element).join('')}</person>`),
  ]
  return new dom.window.DOMParser().parseFromString(`<data>${inside.join('')}</data>`, 'text/xml')
}

/** As pyxform writes it: absolute paths from the household. */
const toXPath = (source: string) =>
  source.replaceAll(/\$\{(\w+)\}/g, (_, name: string) =>
    name === 'person' ? '/data/person' : name.startsWith('p_') ? `/data/person/${name}` : `/data/${name}`,
  )

const homes = fc.sample(households, { numRuns: 60, seed: 4711 })

type Reading = 'number' | 'text' | 'condition'
function openRosa(source: string, home: Household, reading: Reading): unknown {
  const document = documentOf(home)
  const type = { number: 1, text: 2, condition: 3 }[reading]
  const result = evaluateOpenRosa(toXPath(source), document, null, type)
  return reading === 'number' ? result.numberValue + 0 : reading === 'text' ? result.stringValue : result.booleanValue
}
function ours(source: string, home: Household, reading: Reading): unknown {
  const value = evaluate(parseExpression(source), scopeOf(home))
  return reading === 'number' ? toNumber(value) + 0 : reading === 'text' ? toText(value) : toBoolean(value)
}

describe('the language and the evaluator of Enketo', () => {
  it.each<[Reading, string]>([
    ['condition', "${h_code} = '01'"],
    ['condition', "${h_code} != '01'"],
    ['condition', "${h_text} = ''"],
    ['condition', "${h_text} != ''"],
    ['condition', '${h_number} = 5'],
    ['condition', '${h_number} >= 5'],
    ['condition', '${h_number} < 5 or ${h_count} > 20'],
    ['condition', '${h_number} > 1 and not(${h_count} > 20)'],
    ['condition', "${h_date} > '2000-01-01'"],
    ['condition', '${h_date} <= ${h_date}'],
    ['condition', "selected(${h_codes}, '01')"],
    ['condition', "selected(${h_codes}, '3') or selected(${h_code}, '3')"],
    ['condition', "regex(${h_text}, '^[A-Z][a-z]+$')"],
    ['condition', "contains(${h_text}, 'a')"],
    ['condition', "starts-with(${h_text}, 'C')"],
    ['condition', "${p_code} = '01'"],
    ['condition', "${p_code} != '01'"],
    ['condition', '${p_age} > 50'],
    ['condition', "count(${person}[p_code = '01']) = 1"],
    ['condition', 'true() = false()'],
    ['number', '${h_number} + 2 * ${h_count}'],
    ['number', '(${h_number} - 3) * 2'],
    ['number', '${h_count} mod 7'],
    ['number', '${h_number} div 4'],
    ['number', 'count(${person})'],
    ['number', 'count(${person}[p_age > 17])'],
    ['number', 'count-selected(${h_codes})'],
    ['number', 'count-non-empty(${p_age})'],
    ['number', 'string-length(${h_text})'],
    ['number', 'int(${h_number})'],
    ['number', 'round(${h_number})'],
    ['number', 'floor(${h_number})'],
    ['number', 'ceiling(${h_number})'],
    ['number', 'abs(${h_count})'],
    ['number', 'pow(${h_count}, 2)'],
    ['number', 'number(${h_text})'],
    ['number', 'if(${h_count} > 5, 1, 0)'],
    ['number', "decimal-date-time('2024-03-01')"],
    ['text', "if(${h_count} > 5, 'more', 'less')"],
    ['text', 'coalesce(${h_text}, ${h_code})'],
    ['text', "concat(${h_text}, '-', ${h_code})"],
    ['text', "join(' ', ${p_code})"],
    ['text', 'selected-at(${h_codes}, 0)'],
    ['text', "substr('barangay', 0, 4)"],
    ['text', "substring-before(${h_text}, 'a')"],
    ['text', "substring-after(${h_text}, 'a')"],
    ['text', 'normalize-space(${h_text})'],
    ['text', "translate(${h_text}, 'ar', 'x')"],
    ['text', 'string(${h_text})'],
  ])('read the same %s from %s', (reading, source) => {
    expect(homes.map((home) => ours(source, home, reading))).toEqual(homes.map((home) => openRosa(source, home, reading)))
  })

  const blank: Household = { fields: { h_number: '', h_text: '' }, members: [{ p_age: 5 }, { p_age: '' }] }
  it.each<[string, Reading, string, unknown, unknown]>([
    ['an unanswered question does not hold', 'condition', 'boolean(${h_text})', false, true],
    ['the smallest value skips what is empty', 'number', 'min(${p_age})', 5, Number.NaN],
    ['a sum skips what is empty', 'number', 'sum(${p_age})', 5, Number.NaN],
    ['a number that cannot be formed is an empty text', 'text', 'string(${h_number} + 1)', '', 'NaN'],
    ['division by zero is empty', 'number', '1 div 0', Number.NaN, Infinity],
    ['a half is rounded up, also below zero, as XPath has it', 'number', 'round(-2.5)', -2, -3],
    ['a pattern fits the whole text', 'condition', "regex('xPHLx', '[A-Z]{3}')", false, true],
  ])('knowingly differ: %s', (_, reading, source, expected, theirs) => {
    expect(ours(source, blank, reading)).toEqual(expected)
    expect(openRosa(source, blank, reading)).toEqual(theirs)
  })
})
