import fc from 'fast-check'
import type { Expression, Operator } from '../../../schemas/language/expression.ts'
import { questions } from './random-households.ts'

type Kind = 'any' | 'number' | 'text' | 'condition' | 'date' | 'codes' | 'list'

const named = (kinds: readonly string[], repeat?: boolean) =>
  Object.entries(questions)
    .filter(([, { kind, repeat: inside }]) => kinds.includes(kind) && (repeat === undefined || Boolean(inside) === repeat))
    .map(([name]) => name)
const ref = (kinds: readonly string[]) => fc.constantFrom(...named(kinds)).map((name): Expression => ['ref', name])
const column = (kinds: readonly string[]) => fc.constantFrom(...named(kinds, true)).map((name): Expression => ['col', name])
const text = (...values: string[]) => fc.constantFrom(...values).map((each): Expression => ['str', each])
const call = (name: string, ...parts: fc.Arbitrary<Expression>[]) => fc.tuple(...parts).map((given): Expression => ['call', name, ...given])
const op = (operators: readonly Operator[], left: fc.Arbitrary<Expression>, right: fc.Arbitrary<Expression>) =>
  fc.tuple(fc.constantFrom(...operators), left, right).map(([operator, a, b]): Expression => ['op', operator, a, b])

const places = fc.constantFrom<Expression>(-2, 0, 1, 2, 3)
const months = fc.integer({ min: -30, max: 30 })
const comparisons: readonly Operator[] = ['=', '!=', '<', '<=', '>', '>=']

/** Expressions over the questions of random-households.ts, of every operator and function, of the kinds that authors combine. */
export const { any: expressions } = fc.letrec<Record<Kind | 'single' | 'predicate', Expression>>((tie) => {
  const some = (...kinds: Kind[]) => fc.oneof(...kinds.map((kind) => tie(kind)))
  const lookup = fc.tuple(
    fc.option(
      op(
        ['=', '!='],
        text('x').map((): Expression => ['col', 'level']),
        text('region', 'town'),
      ),
      { nil: null },
    ),
    fc.constantFrom('name', 'label', 'level'),
  )
  return {
    any: some('number', 'text', 'condition', 'date'),
    single: some('number', 'text', 'date', 'codes'),
    number: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      ref(['number']),
      fc.constantFrom<Expression>(0, 1, 2.5, 15, -3),
      op(['+', '-', '*', 'div', 'mod'], tie('number'), some('number', 'date', 'text')),
      tie('number').map((each): Expression => ['neg', each]),
      call('count', tie('list')),
      call('count-non-empty', tie('list'), tie('single')),
      ...(['sum', 'min', 'max'] as const).map((name) => fc.oneof(call(name, tie('list')), call(name, some('number', 'date'), tie('list')))),
      ...(['int', 'floor', 'ceiling', 'round', 'abs'] as const).map((name) => call(name, some('number', 'text'))),
      call('round', tie('number'), fc.constantFrom<Expression>(-1, 1, 2)),
      call('number', some('text', 'date', 'condition', 'codes')),
      call('string-length', tie('text')),
      call('count-selected', some('codes', 'text')),
      call('position'),
      call('pow', ref(['number']), fc.constantFrom<Expression>(0, 2, -1)),
      call('decimal-date-time', call('now')),
      call('difference-in-months', tie('date'), tie('date')),
      call('decimal-date-time', some('date')),
      call('if', tie('condition'), tie('number'), fc.oneof(tie('number'), text(''))),
      call('coalesce', tie('number'), tie('number')),
    ),
    text: fc.oneof(
      { depthSize: 'small' },
      ref(['text']),
      text('', '01', '3', 'a', 'Cruz', '2024-02-29', 'x y'),
      call('string', some('date', 'condition', 'codes')),
      call('string', call('int', tie('number'))),
      call('concat', tie('text'), some('text', 'date')),
      call(
        'join',
        text(', '),
        tie('list').filter((list) => !/p_pay|p_age|h_number/.test(JSON.stringify(list))),
        tie('text'),
      ),
      call('substr', tie('text'), places),
      call('substr', tie('text'), places, places),
      call('substring-before', tie('text'), text('a', 'r', 'zz')),
      call('substring-after', tie('text'), text('a', 'r', 'zz')),
      call('normalize-space', tie('text')),
      call('translate', tie('text'), text('ar'), text('x')),
      call('selected-at', some('codes', 'text'), places),
      call('format-date', tie('date'), text('%e %b %Y', '%y-%m-%d %a', 'n%n')),
      call('format-date-time', tie('date'), text('%d.%m. %H:%M')),
      call('jr:choice-name', ref(['text']), fc.constant<Expression>(['str', '${h_code}'])),
      call('if', tie('condition'), tie('text'), tie('text')),
      call('coalesce', tie('text'), tie('text')),
      lookup.map(([predicate, wanted]): Expression => ['call', 'string', ['lookup', 'areas', predicate, wanted]]),
      call(
        'string',
        call(
          'indexed-repeat',
          column(['text']).map((name): Expression => ['of', ['members', 'person', null], (name as readonly [string, string])[1]]),
          fc.constantFrom<Expression>(1, 2, 5),
        ),
      ),
    ),
    condition: fc.oneof(
      { depthSize: 'small' },
      op(comparisons, tie('single'), tie('single')),
      // What authors write most: is it answered, is it this code, is it at least so much.
      op(['=', '!='], ref(['text', 'number', 'date', 'codes']), text('')),
      op(['=', '!='], ref(['text', 'codes']), text('01', '3', '96')),
      op(comparisons, ref(['number', 'date', 'text']), fc.constantFrom<Expression>(1, 15, 2.5)),
      op(comparisons, tie('list'), fc.oneof(tie('single'), tie('list'))),
      op(['=', '!='], tie('condition'), fc.oneof(tie('condition'), tie('single'), tie('list'))),
      op(['and', 'or'], fc.oneof(tie('condition'), tie('single'), tie('list')), tie('condition')),
      call('not', some('condition', 'codes')),
      call('boolean', fc.oneof(tie('single'), tie('list'))),
      call('true'),
      call('false'),
      call('selected', some('codes', 'text'), text('01', '3', 'a', '')),
      ...(['contains', 'starts-with', 'ends-with'] as const).map((name) => call(name, tie('text'), text('', 'a', '0'))),
      call('regex', tie('text'), text('[0-9]+', '[A-Z][a-z]+', '.*a.*', '')),
      call('if', tie('condition'), tie('condition'), tie('condition')),
    ),
    date: fc.oneof(
      { depthSize: 'small' },
      ref(['date']),
      call('today'),
      call('date', some('number', 'text', 'date')),
      fc.tuple(tie('date'), months, months).map(([date, month, day]): Expression => ['call', 'add-date', date, 0, month, day]),
      call('if', tie('condition'), tie('date'), fc.oneof(tie('date'), text(''))),
    ),
    codes: ref(['codes']),
    list: fc
      .tuple(fc.option(tie('predicate'), { nil: null }), fc.constantFrom(...named(['text', 'number', 'date', 'codes'], true)), fc.boolean())
      .map(
        ([predicate, name, all]): Expression => (all ? ['of', ['members', 'person', predicate], name] : ['members', 'person', predicate]),
      ),
    predicate: fc.oneof(
      { depthSize: 'small' },
      op(comparisons, column(['number', 'text', 'date']), fc.oneof(tie('single'), text('01'))),
      call('selected', column(['codes']), text('01', '02')),
      op(['and', 'or'], tie('predicate'), tie('predicate')),
    ),
  }
})
