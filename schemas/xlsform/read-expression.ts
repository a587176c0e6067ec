import type { Expression } from '../language/expression.ts'
import { ExpressionError } from '../language/expression-error.ts'
import { parseExpression } from '../language/parse.ts'
import type { RowReader } from './columns.ts'
import type { Compilation } from './compilation.ts'
import { always, yesNo } from './cells.ts'

const never: Expression = ['call', 'false']

/** Reads a condition; a spreadsheet's TRUE and FALSE are meant too. Undefined when the cell is empty or wrong (then reported). */
export function readCondition(compilation: Compilation, row: RowReader, name: string): Expression | undefined {
  const text = row.cell(name)
  if (text === '') return undefined
  const plain = /^(yes|no|true|false|true\(\)|false\(\))$/i.test(text) ? yesNo(text) : undefined
  if (plain === true) {
    compilation.findings.ignore(row.spot(name), `"${text}" always holds, as an empty cell does.`)
    return undefined
  }
  if (plain === false) {
    compilation.findings.warn(row.spot(name), `"${text}" means that this is never asked. Write a condition, or leave the cell empty.`)
    return never
  }
  return readExpression(compilation, row, name)
}

/** `required`: yes, no, or a condition. */
export function readRequired(compilation: Compilation, row: RowReader): Expression | undefined {
  const plain = yesNo(row.cell('required'))
  if (plain !== undefined) return plain ? always : undefined
  return readExpression(compilation, row, 'required')
}

/** Reads the expression in a cell, or reports what is wrong with it and where. */
export function readExpression(compilation: Compilation, row: RowReader, name: string): Expression | undefined {
  return parseText(compilation, row, name, row.cell(name))
}

/** Reads a choice_filter: there a bare name is a column of the choices sheet. */
export function readChoiceFilter(compilation: Compilation, row: RowReader): Expression | undefined {
  // The language knows bare names inside a predicate over a list, which is what a choice_filter is.
  const before = "instance('list')/root/item["
  const parsed = parseText(compilation, row, 'choice_filter', row.cell('choice_filter'), before, ']/name')
  return Array.isArray(parsed) && parsed[0] === 'lookup' && parsed[2] !== null ? parsed[2] : undefined
}

export function parseText(
  compilation: Compilation,
  row: RowReader,
  name: string,
  text: string,
  before = '',
  after = '',
): Expression | undefined {
  try {
    return parseExpression(`${before}${asTyped(text)}${after}`)
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    const character = Math.min(Math.max(0, error.position - before.length), text.length) + 1
    compilation.findings.error(row.spot(name), `${error.message} (character ${character})`)
    return undefined
  }
}

const entities: Readonly<Record<string, string>> = { gt: '>', lt: '<', amp: '&', apos: "'", quot: '"' }

/** What the author meant to type: word processors bend quotes, and forms copied from XML carry &gt;. */
export function asTyped(text: string): string {
  return text
    .replace(/&(gt|lt|amp|apos|quot);/g, (_, name: string) => entities[name] ?? '')
    .replace(/[‘’‚‛′]/g, "'")
    .replace(/[“”„‟″]/g, '"')
    .replace(/[\u00a0\u2009\u202f]/g, ' ')
    .replace(/≥/g, '>=')
    .replace(/≤/g, '<=')
    .replace(/≠/g, '!=')
}
