import { ExpressionError } from './expression-error.ts'

export interface Token {
  readonly kind: 'number' | 'text' | 'reference' | 'name' | 'symbol' | 'end'
  readonly text: string
  /** Characters from the start of the source. */
  readonly position: number
}

const entities: Readonly<Record<string, string>> = { '&gt;': '>', '&lt;': '<', '&amp;': '&', '&apos;': "'", '&quot;': '"' }
/** What people write who know another language, and what XLSForm wants instead. */
const foreign: readonly (readonly [RegExp, string])[] = [
  [/^===?/, 'Write = to compare.'],
  [/^<>/, 'Write != for "is not equal".'],
  [/^&&/, 'Write and.'],
  [/^\|\|/, 'Write or.'],
  [/^\|/, 'Lists are not joined with |; give them one after the other: sum(${a}, ${b}).'],
  [/^!/, 'Write not(...) around the condition.'],
  [/^%/, 'Write mod for the remainder.'],
  [/^\^/, 'Write pow(a, b).'],
  [/^≥/, 'Write >=.'],
  [/^≤/, 'Write <=.'],
  [/^≠/, 'Write !=.'],
  [/^[×÷]/, 'Write * to multiply and div to divide.'],
  [/^[–—−]/, 'This dash is not a minus; write -.'],
  [/^;/, 'Separate arguments with a comma.'],
  [/^\{/, 'Write ${name} with a dollar sign.'],
]
const closing: Readonly<Record<string, RegExp>> = { "'": /['’‘]/, '‘': /['’‘]/, '’': /['’‘]/, '"': /["”“]/, '“': /["”“]/, '”': /["”“]/ }
const name = /^[A-Za-z_\u00c0-\u024f][\w\u00c0-\u024f.-]*(?::[A-Za-z_][\w.-]*)?/

/**
 * Cuts the source of an expression into tokens.
 * @throws ExpressionError at the first character that means nothing.
 */
export function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = []
  let position = 0
  while (position < source.length) {
    const [token, length] = readToken(source, position)
    if (token) tokens.push(token)
    position += length
  }
  return [...tokens, { kind: 'end', text: '', position: source.length }]
}

function readToken(source: string, position: number): readonly [Token | undefined, number] {
  const rest = source.slice(position)
  const space = /^\s+/.exec(rest)?.[0]
  if (space) return [undefined, space.length]
  const make = (kind: Token['kind'], text: string, length = text.length) => [{ kind, text, position }, length] as const

  const entity = /^&\w+;/.exec(rest)?.[0] ?? ''
  const character = entities[entity] ?? rest.charAt(0)
  const closes = closing[character]
  if (closes) return readText(source, position, entity.length || 1, closes, make)

  const reference = /^\$\{\s*([^}\s]+)\s*\}/.exec(rest)
  if (reference) return make('reference', reference[1] ?? '', reference[0].length)
  if (rest.startsWith('$'))
    throw new ExpressionError('A reference is written ${name}, with both braces and no space inside the name.', position)

  const number = /^(\d+(\.\d*)?|\.\d+)/.exec(rest)?.[0]
  if (number) {
    if (/^[A-Za-z_]/.test(rest.slice(number.length)))
      throw new ExpressionError('A code that begins with a digit needs quotes around it.', position)
    return make('number', number)
  }
  const symbol = /^(?:!=|(?:<|&lt;)=|(?:>|&gt;)=|\.\.|&lt;|&gt;|[-+*=<>(),[\]/.])/.exec(rest)?.[0]
  for (const [pattern, advice] of foreign) if (pattern.test(rest) && !symbol?.startsWith('!=')) throw new ExpressionError(advice, position)
  if (symbol) return make('symbol', symbol.replace('&lt;', '<').replace('&gt;', '>'), symbol.length)
  const word = name.exec(rest)?.[0]
  if (word) return make('name', word)
  throw new ExpressionError(`The character ${character} means nothing in an expression.`, position)
}

function readText(
  source: string,
  position: number,
  opening: number,
  closes: RegExp,
  make: (kind: Token['kind'], text: string, length: number) => readonly [Token, number],
): readonly [Token, number] {
  const rest = source.slice(position + opening)
  // A text opened by a straight quote may hold a curly one (it’s); a curly one closes it only when no straight one does.
  const straight = source[position] === "'" || source[position] === '"' ? rest.indexOf(source.charAt(position)) : -1
  const escaped = /^&\w+;/.exec(source.slice(position))?.[0]
  const end = escaped ? rest.indexOf(escaped) : straight >= 0 ? straight : rest.search(closes)
  if (end < 0) throw new ExpressionError('This text has no closing quote.', position)
  const text = rest.slice(0, end).replace(/&(?:gt|lt|amp|apos|quot);/g, (each) => entities[each] ?? each)
  return make('text', text, opening + end + (escaped?.length ?? 1))
}
