/**
 * The stored form of an expression: what the phone and the server interpret, without a parser.
 * Compact arrays, because a questionnaire carries hundreds of them over a thin link.
 *
 * - `42`                        a number
 * - `['str', 'PHL']`            a text
 * - `['ref', 'B05']`            `${B05}`: the answer in the same member, or at household level; from outside a repeat: all members' answers
 * - `['self']`                  `.`: the answer being checked
 * - `['col', 'B05']`            a bare name inside a predicate: the column of the choice, or the answer of the member being tried
 * - `['members', 'person', predicate | null]`            `${person}[…]`: the members for which the predicate holds
 * - `['of', members, 'B05']`    `${person}[…]/B05`: that answer of each of those members
 * - `['op', operator, a, b]`, `['neg', a]`, `['call', name, ...arguments]`
 * - `['lookup', list, predicate, column]`                `instance('list')/root/item[…]/column`
 */
export type Expression =
  | number
  | readonly ['str', string]
  | readonly ['ref', string]
  | readonly ['self']
  | readonly ['col', string]
  | readonly ['members', string, Expression | null]
  | readonly ['of', Expression, string]
  | readonly ['op', Operator, Expression, Expression]
  | readonly ['neg', Expression]
  | readonly ['call', string, ...Expression[]]
  | readonly ['lookup', string, Expression | null, string]

export type Operator = 'or' | 'and' | '=' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | 'div' | 'mod' | '|'
