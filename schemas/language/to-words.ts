import type { Expression, Operator } from './expression.ts'
import { functions } from './functions.ts'

/** Names for what an expression mentions, in the language of the sentence. */
export interface WordNames {
  /** Short text of a question or repeat, e.g. "Age" or B05. */
  question(name: string): string
  /** Label of a code of a question; undefined when it has no list or no such code. */
  choice(question: string, code: string): string | undefined
}

/** An expression as plain English, for the codebook, skip instructions on paper, and messages. */
export function toWords(expression: Expression, names: WordNames): string {
  return say(expression, { names, self: 'the answer' })
}

interface Speaker {
  readonly names: WordNames
  readonly self: string
}

function say(expression: Expression, speaker: Speaker): string {
  if (typeof expression === 'number') return String(expression)
  switch (expression[0]) {
    case 'str':
      return expression[1] === '' ? 'nothing' : `"${expression[1]}"`
    case 'ref':
    case 'col':
      return speaker.names.question(expression[1])
    case 'self':
      return speaker.self
    case 'members':
      return membersInWords(expression[1], expression[2], speaker)
    case 'of':
      return `${speaker.names.question(expression[2])} of ${say(expression[1], speaker)}`
    case 'op':
      return operationInWords(expression[1], expression[2], expression[3], speaker)
    case 'neg':
      return `minus ${say(expression[1], speaker)}`
    case 'call':
      return callInWords(expression[1], expression.slice(2) as readonly Expression[], speaker)
    default:
      return `${expression[3]} in the list ${expression[1]}${expression[2] === null ? '' : ` where ${say(expression[2], speaker)}`}`
  }
}

function membersInWords(repeat: string, predicate: Expression | null, speaker: Speaker): string {
  return predicate === null
    ? `every ${speaker.names.question(repeat)}`
    : `each ${speaker.names.question(repeat)} with ${say(predicate, speaker)}`
}

/** All parts joined by the operator, however deep. */
function joined(operator: Operator, expression: Expression): readonly Expression[] {
  if (typeof expression === 'number' || expression[0] !== 'op' || expression[1] !== operator) return [expression]
  return [...joined(operator, expression[2]), ...joined(operator, expression[3])]
}

function operationInWords(operator: Operator, left: Expression, right: Expression, speaker: Speaker): string {
  const whole: Expression = ['op', operator, left, right]
  if (operator === 'and') return answeredTogether(joined('and', whole), speaker).join(' and ')
  if (operator === 'or')
    return (
      sameQuestion(joined('or', whole), speaker) ??
      joined('or', whole)
        .map((part) => grouped(part, 'and', speaker))
        .join(' or ')
    )
  const signs: Partial<Record<Operator, string>> = { '+': 'plus', '-': 'minus', '*': 'times', div: 'divided by', mod: 'modulo' }
  const sign = signs[operator]
  return sign ? `${say(left, speaker)} ${sign} ${say(right, speaker)}` : comparison(operator, left, right, speaker)
}

const grouped = (part: Expression, weaker: Operator, speaker: Speaker): string =>
  typeof part !== 'number' && part[0] === 'op' && part[1] === weaker ? `(${say(part, speaker)})` : say(part, speaker)

const questionOf = (expression: Expression): string | undefined =>
  typeof expression !== 'number' && (expression[0] === 'ref' || expression[0] === 'col') ? expression[1] : undefined

const textOf = (expression: Expression): string | undefined =>
  typeof expression !== 'number' && expression[0] === 'str' ? expression[1] : undefined

/** The question and code of `${q} <operator> 'code'`. */
function codeTest(operator: Operator, part: Expression): { readonly question: string; readonly code: string } | undefined {
  if (typeof part === 'number' || part[0] !== 'op' || part[1] !== operator) return undefined
  const [question, code] = [questionOf(part[2]), textOf(part[3])]
  return question === undefined || code === undefined ? undefined : { question, code }
}

/** `${q} != '' and ${q} != '98' and ${q} != '99'` is one thing: the question has an answer. */
function answeredTogether(parts: readonly Expression[], speaker: Speaker): readonly string[] {
  const excluded = new Map<string, Set<string>>()
  for (const part of parts) {
    const test = codeTest('!=', part)
    if (test) excluded.set(test.question, (excluded.get(test.question) ?? new Set()).add(test.code))
  }
  const isKnown = (question: string) => ['98', '99'].every((code) => excluded.get(question)?.has(code))
  const said = new Set<string>()
  return parts.flatMap((part) => {
    const test = codeTest('!=', part)
    if (!test || !isKnown(test.question) || !['', '98', '99'].includes(test.code)) return [grouped(part, 'or', speaker)]
    if (said.has(test.question)) return []
    said.add(test.question)
    return [`${speaker.names.question(test.question)} is known`]
  })
}

/** `${q} = 'a' or ${q} = 'b'` about one question: "q is A or B". */
function sameQuestion(parts: readonly Expression[], speaker: Speaker): string | undefined {
  const tests = parts.map((part) => codeTest('=', part))
  const [first] = tests
  if (!first || !tests.every((test) => test?.question === first.question && test.code !== '')) return undefined
  return `${speaker.names.question(first.question)} is ${listed(tests.map((test) => codeInWords(first.question, test?.code ?? '', speaker)))}`
}

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`

const codeInWords = (question: string, code: string, { names }: Speaker): string => `"${names.choice(question, code) ?? code}"`

function comparison(operator: Operator, left: Expression, right: Expression, speaker: Speaker): string {
  const [subject, question, code] = [say(left, speaker), questionOf(left), textOf(right)]
  if (code === '')
    return operator === '=' ? `${subject} is not answered` : operator === '!=' ? `${subject} is answered` : `${subject} ${operator} nothing`
  const object = question !== undefined && code !== undefined ? codeInWords(question, code, speaker) : say(right, speaker)
  switch (operator) {
    case '=':
      return `${subject} is ${object}`
    case '!=':
      return `${subject} is not ${object}`
    case '<':
      return `${subject} is below ${object}`
    case '>':
      return `${subject} is above ${object}`
    case '<=':
      return `${subject} is ${object} or less`
    default:
      return `${subject} is ${object} or more`
  }
}

function callInWords(name: string, given: readonly Expression[], speaker: Speaker): string {
  const [first = '', second = '', third = ''] = given.map((each) => say(each, speaker))
  const condition = given[0]
  switch (name) {
    case 'selected': {
      const [question, code] = [questionOf(given[0] ?? 0), textOf(given[1] ?? 0)]
      return `${first} includes ${question !== undefined && code !== undefined ? codeInWords(question, code, speaker) : second}`
    }
    case 'if':
      return `${second} if ${first}, else ${third}`
    case 'not':
      return `it is not so that ${condition === undefined ? '' : `(${first})`}`
    case 'coalesce':
      return `the first answer of ${listed(given.map((each) => say(each, speaker)))}`
    case 'count':
      return `the number of ${first.replace(/^(every|each) /, '')}`
    case 'count-selected':
      return `the number of codes of ${first}`
    case 'count-non-empty':
      return `the number of answers to ${first}`
    case 'sum':
    case 'min':
    case 'max':
      return `the ${{ sum: 'sum', min: 'smallest', max: 'largest' }[name]} of ${given.map((each) => say(each, speaker)).join(', ')}`
    case 'today':
      return 'the interview day'
    case 'now':
      return 'the time of the interview'
    case 'true':
      return 'always'
    case 'false':
      return 'never'
    case 'position':
      return 'the place in the list'
    case 'indexed-repeat':
      return `${first} number ${second}`
    case 'difference-in-months':
      return `the completed months from ${first} to ${second}`
    case 'jr:choice-name':
      return `the label of ${first}`
    case 'string-length':
      return `the length of ${first}`
    case 'regex':
      return `${first} has the form ${second}`
    case 'int':
    case 'number':
    case 'string':
    case 'boolean':
    case 'once':
    case 'date':
    case 'decimal-date-time':
      return first
    default:
      return `${functions.find((each) => each.name === name)?.name ?? name} of ${given.map((each) => say(each, speaker)).join(', ')}`
  }
}
