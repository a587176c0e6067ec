import type { Expression, Operator } from './expression.ts'
import { ExpressionError } from './expression-error.ts'
import { type FunctionDefinition, functions, refusedFunctions } from './functions.ts'
import { type Token, tokenize } from './tokens.ts'

/** A `${name}`, or the name of a repeat or list, where it stands in the source. */
export interface Reference {
  readonly name: string
  readonly position: number
}

export interface ParsedExpression {
  readonly expression: Expression
  readonly references: readonly Reference[]
}

/**
 * Reads an XLSForm expression.
 * @throws ExpressionError with the position and what to write instead.
 */
export function parseExpression(source: string): Expression {
  return parseWithReferences(source).expression
}

/**
 * Reads an XLSForm expression and tells where each `${name}` stands, for messages that point at it.
 * @throws ExpressionError with the position and what to write instead.
 */
export function parseWithReferences(source: string): ParsedExpression {
  // Excel turns true and false in a cell into its own booleans, which arrive as words.
  const spreadsheetBoolean = /^\s*(true|false)\s*$/i.exec(source)?.[1]
  if (spreadsheetBoolean) return { expression: ['call', spreadsheetBoolean.toLowerCase()], references: [] }
  const parser = new Parser(tokenize(source))
  return { expression: parser.whole(), references: parser.references }
}

const definitions: ReadonlyMap<string, FunctionDefinition> = new Map(functions.map((each) => [each.name, each]))

/** Binding strength, weakest first; all operators are left-associative. */
const levels: readonly (readonly Operator[])[] = [['or'], ['and'], ['=', '!='], ['<', '<=', '>', '>='], ['+', '-'], ['*', 'div', 'mod']]

class Parser {
  readonly references: Reference[] = []
  #next = 0
  #predicates = 0
  #insideOnce = 0

  constructor(private readonly tokens: readonly Token[]) {}

  whole(): Expression {
    if (this.tokens.length === 1) throw this.#wrong('The expression is empty.')
    const expression = this.#binary(0)
    if (this.#token.kind !== 'end') throw this.#wrong(unexpected(this.#token, true))
    return expression
  }

  get #token(): Token {
    const token = this.tokens[Math.min(this.#next, this.tokens.length - 1)]
    if (!token) throw new RangeError('A token list ends with an end token.')
    return token
  }

  #wrong(message: string, at: Token = this.#token): ExpressionError {
    return new ExpressionError(message, at.position)
  }

  #takes(text: string): boolean {
    const { kind, text: found } = this.#token
    if ((kind !== 'symbol' && kind !== 'name') || found !== text) return false
    this.#next++
    return true
  }

  #expect(text: string, why: string): void {
    if (!this.#takes(text))
      throw this.#wrong(`Expected ${text} ${why}${this.#token.kind === 'end' ? ', but the expression ends here' : ''}.`)
  }

  #binary(level: number): Expression {
    const operators = levels[level]
    if (!operators) return this.#unary()
    let left = this.#binary(level + 1)
    for (;;) {
      const operator = operators.find((each) => this.#takes(each))
      if (!operator) return left
      left = ['op', operator, left, this.#binary(level + 1)]
    }
  }

  #unary(): Expression {
    if (!this.#takes('-')) return this.#primary()
    const inner = this.#unary()
    return typeof inner === 'number' ? -inner : ['neg', inner]
  }

  #primary(): Expression {
    const token = this.#token
    if (token.kind === 'number') return this.#past(Number(token.text))
    if (token.kind === 'text') return this.#past(['str', token.text])
    if (token.kind === 'reference') return this.#reference()
    if (this.#takes('(')) return this.#bracketed()
    if (this.#takes('.')) return ['self']
    if (token.text === '..' || token.text === '/') return this.#path()
    if (token.kind === 'name') return this.#word()
    throw this.#wrong(unexpected(token, false))
  }

  #past<T extends Expression>(expression: T): T {
    this.#next++
    return expression
  }

  #bracketed(): Expression {
    const inner = this.#binary(0)
    this.#expect(')', 'to close the bracket')
    return inner
  }

  #reference(): Expression {
    const { text: name, position } = this.#token
    if (!/^[A-Za-z_][\w.-]*$/.test(name)) throw this.#wrong('A name has letters, digits, _ and -, and begins with a letter.')
    this.#next++
    this.references.push({ name, position })
    if (this.#token.text !== '[' && !(this.#token.kind === 'symbol' && this.#token.text === '/')) return ['ref', name]
    const members: Expression = ['members', name, this.#token.text === '[' ? this.#predicate() : null]
    return this.#takes('/') ? ['of', members, this.#column('after the /')] : members
  }

  #predicate(): Expression {
    this.#expect('[', 'before the condition')
    this.#predicates++
    const inner = this.#binary(0)
    if (typeof inner === 'number') throw this.#wrong('To take one member by its place, write indexed-repeat(${x}, ${repeat}, n).')
    this.#predicates--
    this.#expect(']', 'after the condition')
    if (this.#token.text === '[') throw this.#wrong('Join the two conditions with and, inside one pair of brackets.')
    return inner
  }

  #column(where: string): string {
    const { kind, text, position } = this.#token
    if (kind !== 'name') throw this.#wrong(`Expected a name ${where}; to divide, write div.`)
    this.#next++
    this.references.push({ name: text, position })
    return text
  }

  /** `../B05`, `../../group/B05` and `/data/group/B05`: names are unique in a form, so the last one says it all. */
  #path(): Expression {
    const begin = this.#token
    let last: Token | undefined
    while (this.#takes('..') || this.#takes('/') || this.#token.kind === 'name') {
      if (this.#token.kind === 'name' && this.tokens[this.#next - 1]?.text === '/') last = this.#take()
      else if (this.#token.kind === 'name') break
    }
    if (!last) throw this.#wrong('Write ${name} instead of a path; .. stands only in position(..).', begin)
    this.references.push({ name: last.text, position: last.position })
    return ['ref', last.text]
  }

  #take(): Token {
    const token = this.#token
    this.#next++
    return token
  }

  #word(): Expression {
    const token = this.#token
    if (/^(div|mod|and|or)$/.test(token.text)) throw this.#wrong(`Something is missing before ${token.text}.`)
    if (this.tokens[this.#next + 1]?.text === '(') return this.#call(token)
    if (/^(not|if)$/i.test(token.text))
      throw this.#wrong(`Write ${token.text.toLowerCase()}(...) in small letters, with brackets around what it is about.`)
    if (/^(AND|OR|DIV|MOD)$/i.test(token.text)) throw this.#wrong(`Write ${token.text.toLowerCase()} in small letters.`)
    if (this.#predicates === 0) throw this.#wrong(`Write \${${token.text}} for a question, or '${token.text}' for a text or code.`)
    this.#next++
    return ['col', token.text]
  }

  #call(token: Token): Expression {
    this.#next += 2
    if (token.text === 'instance') return this.#lookup()
    if (token.text === 'current') return this.#current()
    if (token.text === 'pulldata') return this.#pulldata(token)
    if (token.text === 'position') return this.#position()
    if (token.text === 'indexed-repeat') return this.#indexedRepeat()
    const definition = definitions.get(token.text)
    if (!definition) throw this.#wrong(unknownFunction(token.text), token)
    if (/^(random|uuid)$/.test(token.text) && !this.#insideOnce) {
      throw this.#wrong(`Write once(${token.text}()): without once() the value would change whenever the form is recalculated.`, token)
    }
    if (token.text === 'once') this.#insideOnce++
    const given = this.#arguments()
    if (token.text === 'once') this.#insideOnce--
    checkArguments(definition, given, (message) => this.#wrong(message, token))
    return ['call', token.text, ...given]
  }

  #arguments(): readonly Expression[] {
    if (this.#takes(')')) return []
    const given: Expression[] = []
    do given.push(this.#binary(0))
    while (this.#takes(','))
    this.#expect(')', 'after the arguments')
    return given
  }

  #position(): Expression {
    this.#expect('..', 'inside position( )')
    this.#expect(')', 'after position(..')
    return ['call', 'position']
  }

  #indexedRepeat(): Expression {
    const usage = 'Write indexed-repeat(${x}, ${repeat}, n).'
    const start = this.#token
    const [x, repeat, index, ...rest] = this.#arguments()
    if (!x || !repeat || index === undefined || rest.length) throw this.#wrong(usage, start)
    if (!Array.isArray(x) || x[0] !== 'ref' || !Array.isArray(repeat) || repeat[0] !== 'ref') throw this.#wrong(usage, start)
    return ['call', 'indexed-repeat', ['of', ['members', repeat[1], null], x[1]], index]
  }

  /** After `instance(`: `'list')/root/item[condition]/column`. */
  #lookup(): Expression {
    const usage = "Write instance('list')/root/item[condition]/column."
    const list = this.#token
    if (list.kind !== 'text') throw this.#wrong(usage)
    this.#next++
    for (const each of [')', '/', 'root', '/', 'item']) if (!this.#takes(each)) throw this.#wrong(usage)
    const predicate = this.#token.text === '[' ? this.#predicate() : null
    if (!this.#takes('/') || this.#token.kind !== 'name') throw this.#wrong(usage)
    return ['lookup', list.text, predicate, this.#take().text]
  }

  /** After `current(`: `)/../name`. */
  #current(): Expression {
    this.#expect(')', 'after current(')
    if (this.#takes('/') && this.#takes('.')) return ['self']
    return this.#path()
  }

  #pulldata(token: Token): Expression {
    const [list, column, key, value, ...rest] = this.#arguments()
    const text = (each: Expression | undefined) => (Array.isArray(each) && each[0] === 'str' ? each[1] : undefined)
    const [listName, columnName, keyName] = [text(list), text(column), text(key)]
    if (!listName || !columnName || !keyName || value === undefined || rest.length) {
      throw this.#wrong("Write pulldata('list', 'column', 'key column', value), the first three as texts in quotes.", token)
    }
    return ['lookup', listName, ['op', '=', ['col', keyName], value], columnName]
  }
}

function checkArguments(
  { name, usage, least, most }: FunctionDefinition,
  given: readonly Expression[],
  wrong: (message: string) => ExpressionError,
): void {
  if (given.length < least || given.length > most) throw wrong(`Write ${usage}: ${given.length} given.`)
  if (name === 'jr:choice-name') checkChoiceName(given[1], wrong)
  if (name === 'regex') checkPattern(given[1], wrong)
}

function checkChoiceName(question: Expression | undefined, wrong: (message: string) => ExpressionError): void {
  if (!Array.isArray(question) || question[0] !== 'str' || !/^\$\{[^}]+\}$/.test(question[1].trim())) {
    throw wrong("Write jr:choice-name(code, '${question}'), the question in quotes.")
  }
}

function checkPattern(pattern: Expression | undefined, wrong: (message: string) => ExpressionError): void {
  if (!Array.isArray(pattern) || pattern[0] !== 'str') throw wrong('The pattern of regex(x, pattern) is a fixed text in quotes.')
  if (/\(\?[=!<]|\\[1-9]|\\k/.test(pattern[1]))
    throw wrong('Look-around and back-references in a pattern are not supported; state the pattern without them.')
  if (/[+*}]\)[+*{]/.test(pattern[1]))
    throw wrong('A repetition inside a repetition, as in (a+)+, can freeze the phone; state the pattern without it.')
  if (!isWellFormed(pattern[1])) throw wrong('The pattern of regex is not well formed.')
}

function isWellFormed(pattern: string): boolean {
  try {
    return new RegExp(pattern).source !== ''
  } catch {
    return false
  }
}

function unknownFunction(name: string): string {
  const advice = refusedFunctions[name] ?? refusedFunctions[name.toLowerCase()]
  if (advice) return advice
  const near = functions.find((each) => each.name.replaceAll('-', '') === name.toLowerCase().replaceAll(/[-_]/g, ''))
  return near ? `Write ${near.usage}.` : `There is no function ${name}().`
}

function unexpected(token: Token, afterOperand: boolean): string {
  if (token.kind === 'end') return 'The expression ends too early.'
  if (token.text === '/') return 'Write div to divide.'
  if (token.text === ')') return 'There is a ) too many, or something is missing before it.'
  if (/^(AND|OR|DIV|MOD)$/i.test(token.text)) return `Write ${token.text.toLowerCase()} in small letters.`
  if (token.text === 'in') return 'Write ${x} = 1 or ${x} = 2 instead of in.'
  if (afterOperand) return `An operator (and, or, =, +, …) is missing before ${token.text}.`
  return token.text === ',' ? 'Something is missing before the comma.' : `Something is missing before ${token.text}.`
}
