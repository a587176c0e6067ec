import { describe, expect, it } from 'vitest'
import { dependencies } from '../../../schemas/language/dependencies.ts'
import { evaluate } from '../../../schemas/language/evaluate.ts'
import { functions } from '../../../schemas/language/functions.ts'
import { implementedFunctions } from '../../../schemas/language/library.ts'
import { parseExpression } from '../../../schemas/language/parse.ts'
import { type Household, scopeOf } from './household.ts'

const family: Household = {
  fields: { A01: '1380600001', income: 12000, income_text: ' 12.5 ', needs: ['01', '04'], visited: '2026-02-28' },
  members: [
    { B02: '01', B03: 'F', B05: 52, B04: '1973-06-01' },
    { B02: '03', B03: 'M', B05: 20, B04: '2005-11-01' },
    { B02: '03', B03: 'F' },
  ],
  lists: {
    areas: [
      { name: '1380600001', label: { en: 'San Roque' }, columns: { level: 'barangay' } },
      { name: '1380600002', label: { en: 'Poblacion' }, columns: { level: 'barangay' } },
    ],
  },
}
const value = (source: string, row?: number, household = family) => evaluate(parseExpression(source), scopeOf(household, row))

describe('an empty answer', () => {
  it.each([
    ["${nothing} = ''", true],
    ["${nothing} != 'a'", true],
    ['${nothing} = 5', false],
    ['${nothing} != 5', true],
    ['${nothing} >= 0', false],
    ['${nothing} < 0', false],
    ['not(${nothing})', true],
    ["(${nothing} + 1) = ''", true],
    ['${nothing} = ${nothing}', true],
    ['${income} div 0', Number.NaN],
    ['string(${income} div 0)', ''],
    ["coalesce(${nothing}, ${nothing} + 1, 'none')", 'none'],
    ["selected(${nothing}, '')", false],
    ['count-selected(${nothing})', 0],
    ['sum(${nothing})', 0],
    ['max(${nothing})', Number.NaN],
  ])('%s is %s', (source, expected) => expect(value(source)).toEqual(expected))
})

describe('a value', () => {
  it.each([
    ['${A01} = 1380600001', true],
    ["'01' = 1", true],
    ["'01' = '1'", false],
    ['${income_text} + 1', 13.5],
    ["'1e3' + 1", Number.NaN],
    ["selected(${needs}, '04')", true],
    ["selected(${needs}, '0')", false],
    ["selected('b a', 'a')", true],
    ['selected-at(${needs}, 1)', '04'],
    ['selected-at(${needs}, 2)', ''],
    ["${needs} = '01 04'", true],
    ['7 mod 3', 1],
    ['-7 mod 3', -1],
    ['round(2.5)', 3],
    ['round(-2.5)', -2],
    ['round(3.14159, 2)', 3.14],
    ['int(-2.7)', -2],
    ['pow(2, 10)', 1024],
    ["true() = 'x'", true],
    ["if('0', 'text holds', 'no')", 'text holds'],
    ["if(0, 'yes', 'number 0 does not')", 'number 0 does not'],
    ["substr('barangay', 0, 4)", 'bara'],
    ["substr('barangay', -3)", 'gay'],
    ["string-length('🙂ñ')", 2],
    ["substring-after('a-b-c', '-')", 'b-c'],
    ["normalize-space('  a   b ')", 'a b'],
    ["translate('2a3', '23', 'x')", 'xa'],
    ["regex('PHL', '[A-Z]{3}')", true],
    ["regex('xPHLx', '[A-Z]{3}')", false],
    ["join(', ', 'a', 2, '')", 'a, 2, '],
    ["jr:choice-name('02', '${B03}')", "two's"],
    ["instance('areas')/root/item[name = ${A01}]/label", { items: ['San Roque'] }],
    ["count(instance('areas')/root/item[level = 'barangay']/name)", 2],
  ])('%s is %s', (source, expected) => expect(value(source)).toEqual(expected))
})

describe('a date', () => {
  it.each([
    ["'1970-01-02' + 0", 1],
    ['today() > ${visited}', true],
    ['today() - ${visited}', 15],
    ['date(today() + 17)', '2026-04-01'],
    ["'2026-02-30' < today()", false],
    ["difference-in-months('2025-12-15', today())", 3],
    ["difference-in-months('2025-12-16', today())", 2],
    ["difference-in-months(today(), '2025-12-15')", -3],
    ["difference-in-months('', today())", Number.NaN],
    ["add-date('2024-01-31', 0, 1)", '2024-02-29'],
    ["add-date('2024-02-29', 1, 0, 1)", '2025-03-01'],
    ["format-date(today(), '%e %b %Y, %a')", '15 Mar 2026, Sun'],
    ["format-date-time(now(), '%H:%M')", '10:30'],
    ["decimal-date-time('1970-01-01T12:00:00Z')", 0.5],
    ["decimal-date-time('1970-01-01T12:00:00+08:00') * 24", 4],
  ])('%s is %s', (source, expected) => expect(value(source)).toEqual(expected))
})

describe('members of the household', () => {
  it.each([
    ['count(${person})', 3],
    ["count(${person}[B02 = '01'])", 1],
    ["count(${person}[B03 = 'F' and B05 >= 18])", 1],
    ["${person}[B02 = '01']/B05 - min(${B05})", 32],
    ["${person}[B02 = '09']/B05 = ''", false],
    ["${B03} = 'M'", true],
    ["${B03} != 'M'", true],
    ['sum(${B05}) div count-non-empty(${B05})', 36],
    ["join(' ', ${B03})", 'F M F'],
    ['indexed-repeat(${B05}, ${person}, 2)', 20],
    ['indexed-repeat(${B05}, ${person}, 9)', ''],
    ['position(..)', 0],
  ])('from the household: %s is %s', (source, expected) => expect(value(source)).toEqual(expected))

  it.each([
    ['${B05}', 20],
    ['position(..)', 2],
    ["${person}[B02 = '01']/B05 - ${B05} < 12", false],
    ['count(${person}[B05 > ${B05}])', 1],
    ['indexed-repeat(${B05}, ${person}, position(..) - 1)', 52],
    ['${income} div count(${person})', 4000],
  ])('from the second member: %s is %s', (source, expected) => expect(value(source, 1)).toEqual(expected))
})

describe('once', () => {
  it('keeps what is there and fills what is not', () => {
    expect(value("once('new')", undefined, { self: 'old' })).toBe('old')
    expect(value("once('new')", undefined, { self: '' })).toBe('new')
    expect(value('once(uuid())')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})

describe('the table of functions', () => {
  it('is what evaluate can run, no more and no less', () => {
    expect(functions.map(({ name }) => name).sort()).toEqual([...implementedFunctions].sort())
  })

  it('survives any kind of answer in any place', () => {
    const odd = ["''", "'x'", '-1.5', '${needs}', '${B05}', 'true()', "'2026-01-31'", '0 div 0', "'99999999999999999999'"]
    const listAnd = (first: string, rest: string) => `${first}, ${rest}`
    for (const { name, least } of functions.filter(
      ({ name }) => !/^(jr:choice-name|regex|random|uuid|position|indexed-repeat)$/.test(name),
    )) {
      for (const one of odd) {
        const source = least === 0 ? `${name}()` : `${name}(${Array.from({ length: least }, () => one).reduce(listAnd)})`
        expect(() => value(source), source).not.toThrow()
      }
    }
  })
})

describe('dependencies', () => {
  it('name every question, repeat and list that is read, bare names of a predicate included', () => {
    const found = dependencies(parseExpression("${person}[B02 = '01']/B05 > . and instance('areas')/root/item[level = ${A01}]/label = ''"))
    expect([...found.names].sort()).toEqual(['A01', 'B02', 'B05', 'person'])
    expect([...found.lists]).toEqual(['areas'])
    expect(found.self).toBe(true)
  })
})
