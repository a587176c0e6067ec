import { canonicalJson } from '../../../schemas/canonical.ts'
import type { WorkingCell, WorkingTable } from '../../indicators/working-table.ts'

export interface CarryForward {
  /** The new figures, with the old ones in every area where too few records changed. */
  readonly tables: readonly WorkingTable[]
  /** Codes of the areas whose old figures stand. */
  readonly carried: readonly string[]
  /** Indicators that could not be compared with the release before and were left as it had them. */
  readonly kept: readonly string[]
}

/**
 * Keeps the old figures of every smallest area in which fewer than `minimum` people, or fewer than `minimum` homes, changed since the last
 * release: the difference of two vintages would otherwise be those few people, or one large family. Totals above are added up from what stands.
 * @param homes that were added, removed or corrected per area, when the warehouse knows; people are estimated from the figures, too low rather than too high.
 */
export function carryForward(
  previous: readonly WorkingTable[],
  current: readonly WorkingTable[],
  minimum: number,
  homes?: ReadonlyMap<string, number>,
): CarryForward {
  const people = changesByArea(previous, current)
  const hasEnough = (area: string) => (people.get(area) ?? 0) >= minimum && (!homes || (homes.get(area) ?? 0) >= minimum)
  const before = new Map(previous.map((table) => [table.indicator, table]))
  const areas = new Set(current.flatMap(leafAreas))
  const carried = [...areas].filter((area) => !hasEnough(area) && previous.some((table) => leafAreas(table).includes(area)))
  const kept: string[] = []
  const tables = current.map((table) => {
    const old = before.get(table.indicator)
    if (!old || carried.length === 0) return table
    if (carried.length === areas.size) return old
    if (!isComparable(old, table)) {
      kept.push(table.indicator)
      return old
    }
    return mixed(old, table, new Set(carried))
  })
  return { tables, carried, kept }
}

/** Same dimensions, same definition, and figures that can be added up over areas. */
function isComparable(old: WorkingTable, table: WorkingTable): boolean {
  return (
    table.type !== 'quantile' &&
    areaAxis(table) >= 0 &&
    old.indicatorVersion === table.indicatorVersion &&
    canonicalJson(old.dimensions) === canonicalJson(table.dimensions)
  )
}

function mixed(old: WorkingTable, table: WorkingTable, carried: ReadonlySet<string>): WorkingTable {
  const axis = areaAxis(table)
  const areas = table.dimensions[axis]?.nodes ?? []
  const leaves = new Set(leafAreas(table))
  const codeOf = (cell: WorkingCell) => areas[cell.nodes[axis] ?? 0]?.code ?? ''
  const standing = [
    ...table.cells.filter((cell) => leaves.has(codeOf(cell)) && !carried.has(codeOf(cell))),
    ...old.cells.filter((cell) => leaves.has(codeOf(cell)) && carried.has(codeOf(cell))),
  ]
  const sums = new Map<string, WorkingCell>()
  for (const cell of standing)
    for (let node: number | null = cell.nodes[axis] ?? 0; node !== null; node = areas[node]?.parent ?? null) {
      const nodes = cell.nodes.with(axis, node)
      const key = nodes.join()
      const sum = sums.get(key)
      sums.set(key, sum ? added(sum, cell) : { ...cell, nodes })
    }
  return { ...table, cells: [...sums.values()] }
}

function added(sum: WorkingCell, cell: WorkingCell): WorkingCell {
  const numerator = sum.numerator + cell.numerator
  const denominator = sum.denominator + cell.denominator
  // The unit of the value (percent, per 1,000, pesos) is whatever the parts have: value = factor * numerator / denominator.
  const factor = [sum, cell]
    .map(({ value, numerator: top, denominator: below }) => (value === null || top === 0 ? null : (value * below) / top))
    .find((each) => each !== null)
  return {
    nodes: sum.nodes,
    respondents: sum.respondents + cell.respondents,
    cases: sum.cases + cell.cases,
    numerator,
    denominator,
    withoutAnswer: sum.withoutAnswer + cell.withoutAnswer,
    value: denominator === 0 ? null : ((factor ?? 1) * numerator) / denominator,
  }
}

/** Lower estimate of the people who changed per smallest area: half the change of its finest cells, in the indicator where it is largest. */
export function changesByArea(previous: readonly WorkingTable[], current: readonly WorkingTable[]): ReadonlyMap<string, number> {
  const before = new Map(previous.map((table) => [table.indicator, table]))
  const changes = new Map<string, number>()
  for (const table of current) {
    const old = before.get(table.indicator)
    if (!old || areaAxis(table) < 0) continue
    const differences = new Map<string, { area: string; respondents: number; cases: number }>()
    for (const [sign, each] of [
      [1, table],
      [-1, old],
    ] as const)
      for (const cell of finestCells(each)) {
        const codes = cell.nodes.map((node, axis) => each.dimensions[axis]?.nodes[node]?.code ?? '')
        const found = differences.get(codes.join(' ')) ?? { area: codes[areaAxis(each)] ?? '', respondents: 0, cases: 0 }
        found.respondents += sign * cell.respondents
        found.cases += sign * cell.cases
        differences.set(codes.join(' '), found)
      }
    const sums = new Map<string, number>()
    for (const { area, respondents, cases } of differences.values())
      sums.set(area, (sums.get(area) ?? 0) + Math.max(Math.abs(respondents), Math.abs(cases)))
    for (const [area, sum] of sums) changes.set(area, Math.max(changes.get(area) ?? 0, Math.ceil(sum / 2)))
  }
  return changes
}

function finestCells(table: WorkingTable): readonly WorkingCell[] {
  const inner = table.dimensions.map(({ nodes }) => new Set(nodes.map(({ parent }) => parent)))
  return table.cells.filter((cell) => cell.nodes.every((node, axis) => !inner[axis]?.has(node)))
}

function areaAxis(table: WorkingTable): number {
  return table.dimensions.findIndex(({ id }) => id === 'REF_AREA')
}

function leafAreas(table: WorkingTable): readonly string[] {
  const nodes = table.dimensions[areaAxis(table)]?.nodes ?? []
  const inner = new Set(nodes.map(({ parent }) => parent))
  return nodes.filter((_, node) => !inner.has(node)).map(({ code }) => code)
}
