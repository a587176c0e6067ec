import { describe, expect, it } from 'vitest'
import { ExpressionError } from '../../../schemas/language/expression-error.ts'
import { parseExpression, parseWithReferences } from '../../../schemas/language/parse.ts'

describe('the language reads what XLSForm authors write', () => {
  it.each([
    ['a comparison of a code', "${B02} = '01'", ['op', '=', ['ref', 'B02'], ['str', '01']]],
    [
      'and before or, * before +',
      '1 + 2 * 3 > 4 or ${a} and ${b}',
      ['op', 'or', ['op', '>', ['op', '+', 1, ['op', '*', 2, 3]], 4], ['op', 'and', ['ref', 'a'], ['ref', 'b']]],
    ],
    ['operators from left to right', '9 - 4 - 3', ['op', '-', ['op', '-', 9, 4], 3]],
    ['the answer being checked', '. >= 0', ['op', '>=', ['self'], 0]],
    ['a minus before a number and before a question', '-3 - -${a}', ['op', '-', -3, ['neg', ['ref', 'a']]]],
    [
      'the members that fulfil a condition',
      "count(${person}[B02 = '01'])",
      ['call', 'count', ['members', 'person', ['op', '=', ['col', 'B02'], ['str', '01']]]],
    ],
    [
      'the answer of those members',
      "${person}[B02 = '01']/B05",
      ['of', ['members', 'person', ['op', '=', ['col', 'B02'], ['str', '01']]], 'B05'],
    ],
    ['the answer of all members', 'sum(${person}/B05)', ['call', 'sum', ['of', ['members', 'person', null], 'B05']]],
    [
      'a member by its place',
      'indexed-repeat(${B05}, ${person}, 1)',
      ['call', 'indexed-repeat', ['of', ['members', 'person', null], 'B05'], 1],
    ],
    ['the place of a member', 'position(..) - 1', ['op', '-', ['call', 'position'], 1]],
    [
      'a column of a choice list',
      "instance('areas')/root/item[code = ${A01}]/label",
      ['lookup', 'areas', ['op', '=', ['col', 'code'], ['ref', 'A01']], 'label'],
    ],
    [
      'pulldata as the same thing',
      "pulldata('areas', 'label', 'code', ${A01})",
      ['lookup', 'areas', ['op', '=', ['col', 'code'], ['ref', 'A01']], 'label'],
    ],
    ['the label of a code', "jr:choice-name(${a}, '${a}')", ['call', 'jr:choice-name', ['ref', 'a'], ['str', '${a}']]],
    [
      'curly quotes of a word processor',
      '${a} = ‘1’ or ${a} = “2”',
      ['op', 'or', ['op', '=', ['ref', 'a'], ['str', '1']], ['op', '=', ['ref', 'a'], ['str', '2']]],
    ],
    ['an apostrophe inside a straight text', "'it’s'", ['str', 'it’s']],
    [
      'characters escaped for XML',
      '. &gt;= 1 and . &lt; &apos;5&apos;',
      ['op', 'and', ['op', '>=', ['self'], 1], ['op', '<', ['self'], ['str', '5']]],
    ],
    ['a spreadsheet’s TRUE', 'TRUE', ['call', 'true']],
    ['a path of a converted form', '../../visit/B05', ['ref', 'B05']],
    ['a line break', '${a}\n  and ${b}', ['op', 'and', ['ref', 'a'], ['ref', 'b']]],
    ['a random number that is drawn once', 'once(random())', ['call', 'once', ['call', 'random']]],
  ])('%s', (_, source, expected) => {
    expect(parseExpression(source)).toEqual(expected)
  })
})

describe('the language says where it stumbles and what to write instead', () => {
  it.each([
    ['${a} == 1', 5, 'Write = to compare.'],
    ['${a} && ${b}', 5, 'Write and.'],
    ['${a} || ${b}', 5, 'Write or.'],
    ['!${a}', 0, 'Write not(...) around the condition.'],
    ['${a} <> 1', 5, 'Write != for "is not equal".'],
    ['${a} / ${b}', 7, 'Expected a name after the /; to divide, write div.'],
    ['${a} % 2', 5, 'Write mod for the remainder.'],
    ['${a} AND ${b}', 5, 'Write and in small letters.'],
    ['not ${a}', 0, 'Write not(...) in small letters, with brackets around what it is about.'],
    ['B05 > 1', 0, "Write ${B05} for a question, or 'B05' for a text or code."],
    ['${B05 > 1', 0, 'A reference is written ${name}, with both braces and no space inside the name.'],
    ["${a} = '1", 7, 'This text has no closing quote.'],
    ['(${a} + 1', 9, 'Expected ) to close the bracket, but the expression ends here.'],
    ['${a} + 1)', 8, 'There is a ) too many, or something is missing before it.'],
    ['${a} ${b}', 5, 'An operator (and, or, =, +, …) is missing before b.'],
    ['1 +', 3, 'The expression ends too early.'],
    ['   ', 3, 'The expression is empty.'],
    ['01A', 0, 'A code that begins with a digit needs quotes around it.'],
    ['${a} ≥ 3', 5, 'Write >=.'],
    ['5 – 3', 2, 'This dash is not a minus; write -.'],
    ['z-score(${a})', 0, 'z-score tables are not part of the language.'],
    ['length(${a})', 0, 'Write string-length(x).'],
    ['countselected(${a})', 0, 'Write count-selected(x).'],
    ['frobnicate(1)', 0, 'There is no function frobnicate().'],
    ['if(${a}, 1)', 0, 'Write if(condition, a, b): 2 given.'],
    ['random()', 0, 'Write once(random()): without once() the value would change whenever the form is recalculated.'],
    ['${person}[1]/B05', 11, 'To take one member by its place, write indexed-repeat(${x}, ${repeat}, n).'],
    ["regex(., '(a+)+')", 0, 'A repetition inside a repetition, as in (a+)+, can freeze the phone; state the pattern without it.'],
    ["regex(., '(?=a)')", 0, 'Look-around and back-references in a pattern are not supported; state the pattern without them.'],
    ["regex(., '[a')", 0, 'The pattern of regex is not well formed.'],
    ["jr:choice-name(${a}, 'a')", 0, "Write jr:choice-name(code, '${question}'), the question in quotes."],
    ['sum(${a} | ${b})', 9, 'Lists are not joined with |; give them one after the other: sum(${a}, ${b}).'],
  ])('%s', (source, position, message) => {
    let caught: unknown
    try {
      parseExpression(source)
    } catch (error) {
      caught = error
    }
    expect(caught).toBeInstanceOf(ExpressionError)
    expect(caught).toMatchObject({ position, message })
  })

  it('tells where each reference stands, so that a message can point at it', () => {
    expect(parseWithReferences("${a} > 1 and ${person}[B02 = '1']/B05").references).toEqual([
      { name: 'a', position: 0 },
      { name: 'person', position: 13 },
      { name: 'B05', position: 34 },
    ])
  })
})
