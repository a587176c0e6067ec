import type { Node } from '../interview/nodes.ts'
import type { Expression } from '../language/expression.ts'
import { type Compilation, nearest, spotOf } from './compilation.ts'
import { expressionsOf, partsOf } from './expressions-of.ts'

type ByName = ReadonlyMap<string, Node>

/** Warns where a condition compares a choice with a code that its list does not have: such a condition never holds. */
export function diagnoseCodes(nodes: readonly Node[], byName: ByName, compilation: Compilation): void {
  for (const { item } of nodes) {
    for (const { column, expression } of expressionsOf(item)) {
      for (const { name, code } of partsOf(expression).flatMap((part) => comparisonOf(part, item.name))) {
        const wrong = wrongCode(name, code, byName, compilation)
        if (wrong !== undefined) compilation.findings.warn(spotOf(compilation, item, column), wrong)
      }
    }
  }
}

function comparisonOf(part: Expression, own: string): readonly { name: string; code: string }[] {
  if (typeof part === 'number') return []
  const [left, right] =
    part[0] === 'op' && (part[1] === '=' || part[1] === '!=')
      ? [part[2], part[3]]
      : part[0] === 'call' && part[1] === 'selected' && part[2] !== undefined && part[3] !== undefined
        ? [part[2], part[3]]
        : []
  if (left === undefined || right === undefined) return []
  return [pair(left, right, own), pair(right, left, own)].filter((each) => each !== undefined)
}

function pair(answer: Expression, code: Expression, own: string): { name: string; code: string } | undefined {
  const text = typeof code === 'number' ? String(code) : code[0] === 'str' ? code[1] : undefined
  if (text === undefined || text === '' || typeof answer === 'number') return undefined
  if (answer[0] === 'ref' || answer[0] === 'col') return { name: answer[1], code: text }
  if (answer[0] === 'of') return { name: answer[2], code: text }
  return answer[0] === 'self' ? { name: own, code: text } : undefined
}

function wrongCode(name: string, code: string, byName: ByName, compilation: Compilation): string | undefined {
  const item = byName.get(name)?.item
  if (item?.kind !== 'question' || item.list === undefined) return undefined
  const codes = compilation.lists.get(item.list)?.choices.map((choice) => choice.name) ?? []
  if (codes.includes(code) || codes.length === 0) return undefined
  const byNumber = codes.find((each) => each !== '' && Number(each) === Number(code))
  if (byNumber !== undefined) return `${name} is compared with ${code}, but its list writes '${byNumber}'. Write '${byNumber}'.`
  const meant = nearest(code, codes)
  return `${name} is compared with '${code}', which its list ${item.list} does not have. ${meant === undefined ? `Its codes are: ${codes.slice(0, 12).join(', ')}.` : `Did you mean '${meant}'?`}`
}
