import type { ProtectedCell, ProtectedTable } from '../disclosure/protected.ts'
import type { Words } from './words.ts'

const bands = [10, 25, 50, 100, 250, 500, 1000, 2500, 5000] as const

/** How many people or homes stand behind a published figure, in a band: enough to judge it by. Undefined when withheld. */
export function countBand({
  numerator,
  denominator,
}: Pick<ProtectedCell, 'numerator' | 'denominator'>): readonly [number, number | null] | undefined {
  const count = denominator ?? numerator
  if (count === null) return undefined
  const from = bands.findLast((each) => each <= count) ?? 0
  const next = bands.find((each) => each > count)
  return [from, next === undefined ? null : next - 1]
}

export function bandWords(say: Words, cell: ProtectedCell): string | undefined {
  const band = countBand(cell)
  if (!band) return undefined
  const [from, to] = band
  return to === null ? say('at-least', { from: say.number(from) }) : say('between', { from: say.number(from), to: say.number(to) })
}

/**
 * Between which values the figure lay before its counts were rounded, in its own unit.
 * Counts may be off by half the base; a share by both of its counts.
 */
export function roundingInterval(
  { rule, type }: Pick<ProtectedTable, 'rule' | 'type'>,
  cell: ProtectedCell,
): readonly [number, number] | undefined {
  const { value, numerator, denominator } = cell
  if (value === null) return undefined
  const half = (rule.rounding ?? 0) / 2
  if (type === 'count') return [Math.max(0, value - half), value + half]
  if (half === 0 || numerator === null || denominator === null || numerator === 0 || denominator <= half) return [value, value]
  const unit = value / (numerator / denominator)
  return [(unit * Math.max(0, numerator - half)) / (denominator + half), (unit * (numerator + half)) / (denominator - half)]
}

/** Whether two figures differ by more than rounding can explain. */
export function differs(a: { readonly table: ProtectedTable; readonly cell: ProtectedCell }, b: typeof a): boolean {
  const [first, second] = [roundingInterval(a.table, a.cell), roundingInterval(b.table, b.cell)]
  if (!first || !second || a.cell.value === b.cell.value) return false
  return first[1] < second[0] || second[1] < first[0]
}
