import type { Expression, Operator } from './expression.ts'
import { functions, type ResultKind } from './functions.ts'

/**
 * What a piece of generated code gives. `number` is NaN when empty, `text` is '', `codes` is []; `single` is any of these, known only when
 * it runs; `list` is a `List`.
 */
export type CodeKind = 'number' | 'text' | 'condition' | 'codes' | 'single' | 'list'

/** JavaScript that gives a value of a kind known beforehand. */
export interface Code {
  readonly kind: CodeKind
  readonly code: string
  /** Of a list: code of how many there are, where that takes less than making it. */
  readonly count?: string
}

/** Members of a repeat, as the generated code reaches them. */
export interface CodeMembers {
  /** How many there are. */
  readonly count: string
  /** The answer of the member at `index` (code, from 0). */
  answer(name: string, index: string): Code
}

/** How answers are read where an expression stands; `toJavaScript` knows nothing else of the questionnaire. */
export interface CodePlace {
  value(name: string): Code
  readonly self: Code
  members(repeat: string): CodeMembers
  /** Code of the place of this member in its repeat, from 1; 0 at household level. */
  readonly position: string
  /** Bare names in a predicate: columns of the choice being tried. */
  column?(name: string): Code
}

/** The expression cannot be compiled; the interpreter runs it. */
export class CodeError extends Error {
  override name = 'CodeError'
}

/**
 * An expression as JavaScript, held to `evaluate` by tests: the server compiles each questionnaire version once and runs it on thousands of
 * households. Never for the phone, whose security policy forbids code made at run time.
 * The code reads `L` (javascript-library.ts) and `S`, the scope of the day: today, now, choiceName, list, random.
 * @throws CodeError for what only the interpreter knows.
 */
export function toJavaScript(expression: Expression, place: CodePlace): Code {
  return translate(expression, place, 0)
}

/** The code as another kind, by the same conversions as value.ts. */
export const asText = ({ kind, code }: Code): string =>
  kind === 'text' ? code : kind === 'number' ? `L.numberText(${code})` : `L.toText(${code})`
export const asNumber = ({ kind, code }: Code): string =>
  kind === 'number' ? code : kind === 'condition' ? `(${code} ? 1 : 0)` : kind === 'text' ? `L.numberOf(${code})` : `L.toNumber(${code})`
export function asCondition({ kind, code }: Code): string {
  switch (kind) {
    case 'condition':
      return code
    case 'number':
      return `L.isTrueNumber(${code})`
    case 'text':
      return `(${code} !== '')`
    case 'codes':
      return `(${code}.length > 0)`
    case 'list':
      return `(${code}.items.length > 0)`
    default:
      return `L.toBoolean(${code})`
  }
}

export const literal = (text: string): string => JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')

const empty: Code = { kind: 'text', code: "''" }
const condition = (code: string): Code => ({ kind: 'condition', code })
const number = (code: string): Code => ({ kind: 'number', code })

function translate(expression: Expression, place: CodePlace, depth: number): Code {
  if (typeof expression === 'number') return number(Number.isFinite(expression) ? `(${expression})` : 'NaN')
  switch (expression[0]) {
    case 'str':
      return { kind: 'text', code: literal(expression[1]) }
    case 'ref':
      return place.value(expression[1])
    case 'self':
      return place.self
    case 'col':
      return place.column?.(expression[1]) ?? empty
    case 'members':
      return chosen(expression[1], expression[2], place, depth, () => ({ kind: 'condition', code: 'true' }))
    case 'of': {
      const [, members, name] = expression
      if (typeof members === 'number' || members[0] !== 'members') return { kind: 'list', code: '({ items: [] })' }
      return chosen(members[1], members[2], place, depth, (all, index) => all.answer(name, index))
    }
    case 'op':
      return operate(expression[1], expression[2], expression[3], place, depth)
    case 'neg':
      return number(`(0 - ${asNumber(translate(expression[1], place, depth))})`)
    case 'call':
      return call(expression[1], expression.slice(2) as Expression[], place, depth)
    default:
      return lookup(expression[1], expression[2], expression[3], place, depth)
  }
}

/** A test of one member: code over the variable that holds its index. */
function predicateOf(predicate: Expression | null, members: CodeMembers, place: CodePlace, depth: number): string {
  if (predicate === null) return 'true'
  const inside: CodePlace = { ...place, column: (name) => members.answer(name, `j${depth}`) }
  return asCondition(translate(predicate, inside, depth + 1))
}

function chosen(
  repeat: string,
  predicate: Expression | null,
  place: CodePlace,
  depth: number,
  give: (members: CodeMembers, index: string) => Code,
): Code {
  const members = place.members(repeat)
  const { kind, code } = give(members, `j${depth}`)
  const picker = kind === 'list' ? 'pickLists' : 'pick'
  const chosenOnes = `${members.count}, (j${depth}) => ${predicateOf(predicate, members, place, depth)}`
  return {
    kind: 'list',
    code: `L.${picker}(${chosenOnes}, (j${depth}) => ${code})`,
    ...(kind !== 'list' && { count: `L.tally(${chosenOnes})` }),
  }
}

function lookup(list: string, predicate: Expression | null, column: string, place: CodePlace, depth: number): Code {
  const inside: CodePlace = { ...place, column: (name) => ({ kind: 'text', code: `L.column(c${depth}, ${literal(name)})` }) }
  const test = predicate === null ? 'true' : asCondition(translate(predicate, inside, depth + 1))
  return { kind: 'list', code: `L.lookup(S.list(${literal(list)}), (c${depth}) => ${test}, ${literal(column)})` }
}

const comparisons = new Set<Operator>(['=', '!=', '<', '<=', '>', '>='])

function operate(operator: Operator, left: Expression, right: Expression, place: CodePlace, depth: number): Code {
  const [a, b] = [translate(left, place, depth), translate(right, place, depth)]
  if (operator === 'and') return condition(`(${asCondition(a)} && ${asCondition(b)})`)
  if (operator === 'or') return condition(`(${asCondition(a)} || ${asCondition(b)})`)
  if (comparisons.has(operator)) return compare(operator, a, b)
  const sign = { '+': '+', '-': '-', '*': '*', div: '/', mod: '%' }[operator as string]
  if (sign === undefined) throw new CodeError(`the operator ${operator}`)
  return number(`L.finite(${asNumber(a)} ${sign} ${asNumber(b)})`)
}

function compare(operator: Operator, a: Code, b: Code): Code {
  const isList = (each: Code) => each.kind === 'list'
  const isOpen = (each: Code) => each.kind === 'single' || isList(each)
  const isEquality = operator === '=' || operator === '!='
  if (isEquality && (isOpen(a) || isOpen(b)) && !isList(a) && !isList(b))
    return condition(`${operator === '=' ? '' : '!'}L.equalSingle(${a.code}, ${b.code})`)
  if (isOpen(a) || isOpen(b)) return condition(`L.compareAny('${operator}', ${a.code}, ${b.code})`)
  if (operator === '=') return condition(equal(a, b))
  if (operator === '!=') return condition(`!${equal(a, b)}`)
  return condition(`(${asNumber(a)} ${operator} ${asNumber(b)})`)
}

function equal(a: Code, b: Code): string {
  if (a.kind === 'condition' || b.kind === 'condition') return `(${asCondition(a)} === ${asCondition(b)})`
  if (isEmptyText(b)) return isEmptyCode(a)
  if (isEmptyText(a)) return isEmptyCode(b)
  if (a.kind === 'number' && b.kind === 'number') return `L.sameNumber(${a.code}, ${b.code})`
  if (a.kind === 'text' && b.kind === 'text') return `(${a.code} === ${b.code})`
  if (a.kind === 'number' || b.kind === 'number') return `L.equalNumber(${a.code}, ${b.code})`
  return `(${asText(a)} === ${asText(b)})`
}

const isEmptyText = ({ kind, code }: Code) => kind === 'text' && (code === '""' || code === "''")

function isEmptyCode({ kind, code }: Code): string {
  if (kind === 'number') return `Number.isNaN(${code})`
  return kind === 'codes' ? `(${code}.length === 0)` : `(${code} === '')`
}

function call(name: string, parts: readonly Expression[], place: CodePlace, depth: number): Code {
  const values = parts.map((part) => translate(part, place, depth))
  const known = special(name, values, place)
  if (known) return known
  const definition = functions.find((each) => each.name === name)
  const kind: CodeKind = definition ? kindOf[definition.gives] : 'single'
  return {
    kind: name === 'indexed-repeat' ? 'single' : kind,
    code: `L.run(${literal(name)}, S, [${values.map(({ code }) => `() => ${code}`).join(', ')}])`,
  }
}

const kindOf: Readonly<Record<ResultKind, CodeKind>> = {
  number: 'number',
  text: 'text',
  condition: 'condition',
  date: 'text',
  datetime: 'text',
  first: 'single',
  branch: 'single',
}

/** What authors write most, without a detour; everything else runs in the library of `evaluate` itself. */
function special(name: string, values: readonly Code[], { position }: CodePlace): Code | undefined {
  const [a = empty, b = empty, c = empty] = values
  switch (name) {
    case 'true':
    case 'false':
      return condition(name)
    case 'once':
      throw new CodeError('what was there before the calculation')
    case 'not':
      return condition(`!${asCondition(a)}`)
    case 'boolean':
      return condition(asCondition(a))
    case 'number':
      return number(asNumber(a))
    case 'string':
      return { kind: 'text', code: asText(a) }
    case 'int':
      return number(`Math.trunc(${asNumber(a)})`)
    case 'position':
      return number(position)
    case 'today':
    case 'now':
      return { kind: 'text', code: `S.${name}` }
    case 'if':
      return branches(asCondition(a), b, c)
    case 'coalesce':
      return values.length === 0 ? empty : values.reduceRight((later, earlier) => firstOf(earlier, later))
    case 'count':
      return number(a.kind === 'list' ? (a.count ?? `${a.code}.items.length`) : a.kind === 'single' ? `L.count(${a.code})` : '1')
    case 'concat':
      return values.some(({ kind }) => kind === 'list' || kind === 'single')
        ? undefined
        : { kind: 'text', code: `('' + ${values.map(asText).join(' + ')})` }
    case 'selected':
      return selected(a, b)
    case 'format-date':
      return a.kind === 'text' && b.kind === 'text' ? { kind: 'text', code: `L.formatted(${a.code}, ${b.code})` } : undefined
    case 'regex':
      return b.kind === 'text' && isLiteral(b.code) ? condition(`L.matches(${asText(a)}, ${b.code})`) : undefined
    case 'difference-in-months':
      return number(`L.completedMonths(${dayOf(a)}, ${dayOf(b)})`)
    default:
      return undefined
  }
}

const isLiteral = (code: string): boolean => /^"(?:[^"\\]|\\.)*"$/.test(code)

const dayOf = ({ kind, code }: Code): string => (kind === 'text' ? `L.dayOf(${code})` : `L.dateDays(${code})`)

const oneOf = (each: Code): Code => (each.kind === 'list' ? { kind: 'single', code: `L.single(${each.code})` } : each)

function branches(test: string, yes: Code, no: Code): Code {
  const [a, b] = [oneOf(yes), oneOf(no)]
  // An empty text is as empty as a number can be.
  if (a.kind === 'number' && isEmptyText(b)) return number(`(${test} ? ${a.code} : NaN)`)
  if (b.kind === 'number' && isEmptyText(a)) return number(`(${test} ? NaN : ${b.code})`)
  return { kind: a.kind === b.kind ? a.kind : 'single', code: `(${test} ? ${a.code} : ${b.code})` }
}

function firstOf(earlier: Code, later: Code): Code {
  const [a, b] = [oneOf(earlier), oneOf(later)]
  if (a.kind === 'text' && b.kind === 'text') return { kind: 'text', code: `(${a.code} || ${b.code})` }
  if (a.kind === 'number' && b.kind === 'number') return number(`L.firstNumber(${a.code}, ${b.code})`)
  return { kind: 'single', code: `L.firstSingle(${a.code}, ${b.code})` }
}

const plainCode = /^"[^\s"\\]+"$/

function selected(codes: Code, code: Code): Code | undefined {
  if (code.kind !== 'text' || !plainCode.test(code.code)) return undefined
  if (codes.kind === 'codes') return condition(`L.holdsCode(${codes.code}, ${code.code})`)
  return codes.kind === 'text' ? condition(`L.isSelected(${codes.code}, ${code.code})`) : undefined
}
