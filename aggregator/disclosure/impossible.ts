import type { Dimension } from '../indicators/working-table.ts'
import type { DisclosurePolicy, IndicatorRule } from './policy.ts'

/** The conditions of a universe that must all hold: its parts joined by `and`, outside parentheses, with what follows from them. */
export function conditionsOf(universe: string, policy: DisclosurePolicy): ReadonlySet<string> {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at < universe.length; at++) {
    if (universe[at] === '(') depth++
    else if (universe[at] === ')') depth--
    else if (depth === 0 && universe.startsWith(' and ', at)) {
      parts.push(universe.slice(start, at).trim())
      start = at + 5
    }
  }
  parts.push(universe.slice(start).trim())
  const conditions = new Set(parts.filter((part) => part !== ''))
  for (const { when, implies } of policy.implications) if (conditions.has(when)) for (const each of implies ?? []) conditions.add(each)
  return conditions
}

/** Codes of each dimension that nobody in the universe can have, by definition and not by chance. */
export function impossibleCodes(
  rule: IndicatorRule | undefined,
  dimensions: readonly Dimension[],
  policy: DisclosurePolicy,
): Readonly<Record<string, ReadonlySet<string>>> {
  const found: Record<string, Set<string>> = Object.fromEntries(dimensions.map(({ id }) => [id, new Set(rule?.impossible?.[id])]))
  const conditions = conditionsOf(rule?.universe ?? '', policy)
  const ages = dimensions.find(({ id }) => id === 'AGE')
  for (const { code } of ages?.nodes ?? []) if (isAgeRuledOut(code, conditions)) found.AGE?.add(code)
  for (const { when, dimension, impossible, only } of policy.implications) {
    if (!conditions.has(when)) continue
    for (const code of impossible ?? []) found[dimension]?.add(code)
    const nodes = dimensions.find(({ id }) => id === dimension)?.nodes ?? []
    if (only) for (const { code, parent } of nodes) if (parent !== null && !only.includes(code)) found[dimension]?.add(code)
  }
  return found
}

function isAgeRuledOut(code: string, conditions: ReadonlySet<string>): boolean {
  const [youngest, oldest] = ageRange(code)
  for (const condition of conditions) {
    const [, operator, text] = /^\$\{age\} (>=|<=|>|<) (\d+)$/.exec(condition) ?? []
    const limit = Number(text)
    if (operator === '>=' && oldest < limit) return true
    if (operator === '>' && oldest <= limit) return true
    if (operator === '<=' && youngest > limit) return true
    if (operator === '<' && youngest >= limit) return true
  }
  return false
}

/** Completed years of an SDMX age code: Y15T24, Y_GE65, Y_LT15, Y7; anything else may be any age. */
function ageRange(code: string): readonly [number, number] {
  const band = /^Y(\d+)T(\d+)$/.exec(code)
  if (band) return [Number(band[1]), Number(band[2])]
  const from = /^Y_GE(\d+)$/.exec(code)
  if (from) return [Number(from[1]), Number.POSITIVE_INFINITY]
  const below = /^Y_LT(\d+)$/.exec(code)
  if (below) return [0, Number(below[1]) - 1]
  const single = /^Y(\d+)$/.exec(code)
  return single ? [Number(single[1]), Number(single[1])] : [0, Number.POSITIVE_INFINITY]
}
