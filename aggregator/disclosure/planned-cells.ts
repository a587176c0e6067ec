import type { Dimension } from '../indicators/working-table.ts'
import type { Breakdown, DisclosurePolicy } from './policy.ts'
import { depthsOf, heightsOf } from './prune.ts'

/** One planned figure: its place in the cube. */
export interface PlannedTable {
  readonly breakdown: Breakdown
  /** Axes of the cube that the table shows. */
  readonly axes: readonly number[]
  /** Nodes shown, per shown axis. */
  readonly nodes: readonly (readonly number[])[]
}

/** Level name of each area node; a table without areas is as large as the smallest plan level above the rounded ones. */
export function areaLevels(dimensions: readonly Dimension[], policy: DisclosurePolicy): readonly string[] {
  const areas = dimensions.find(({ id }) => id === 'REF_AREA')
  if (!areas) return [policy.areaLevels[1] ?? '']
  const heights = heightsOf(areas)
  const deepest = areas.nodes.length === 1 ? 1 : 0
  return heights.map((height) => policy.areaLevels[Math.min(height + deepest, policy.areaLevels.length - 1)] ?? '')
}

/** The tables a breakdown list asks of one indicator; null entries (a dimension it does not have) are left out. */
export function plannedTables(
  dimensions: readonly Dimension[],
  own: string | null,
  breakdowns: readonly Breakdown[],
  policy: DisclosurePolicy,
  frame: ReadonlyMap<string, number>,
): readonly PlannedTable[] {
  const levels = areaLevels(dimensions, policy)
  const isLargeEnough = ({ minimumPersons = 0 }: Breakdown, code: string) => (frame.get(code) ?? Number.POSITIVE_INFINITY) >= minimumPersons
  return breakdowns.flatMap((breakdown) => {
    const shown = dimensions
      .map((_, axis) => axis)
      .filter((axis) => {
        const id = dimensions[axis]?.id ?? ''
        return id === 'REF_AREA' || id === own || breakdown.by.includes(id)
      })
    if (breakdown.by.some((id) => !dimensions.some((each) => each.id === id))) return []
    const nodes = shown.map((axis) => {
      const dimension = dimensions[axis] as Dimension
      if (dimension.id === 'REF_AREA')
        return [...dimension.nodes.keys()].filter(
          (node) => breakdown.levels.includes(levels[node] ?? '') && isLargeEnough(breakdown, dimension.nodes[node]?.code ?? ''),
        )
      const most = breakdown.depth?.[dimension.id] ?? Number.POSITIVE_INFINITY
      const depths = depthsOf(dimension)
      return [...dimension.nodes.keys()].filter((node) => (depths[node] ?? 0) <= most)
    })
    return nodes.some((each) => each.length === 0) ? [] : [{ breakdown, axes: shown, nodes }]
  })
}

/** Every combination of the shown nodes, all other axes at their total; in the order of the table. */
export function placesOf(table: PlannedTable, strides: readonly number[]): readonly number[] {
  return table.axes.reduce<number[]>(
    (places, axis, at) => places.flatMap((place) => (table.nodes[at] ?? []).map((node) => place + node * (strides[axis] ?? 0))),
    [0],
  )
}

/** Does the definition rule out that anybody is counted here? */
export function impossiblePlace(
  dimensions: readonly Dimension[],
  strides: readonly number[],
  codes: Readonly<Record<string, ReadonlySet<string>>>,
): (place: number) => boolean {
  const impossible = dimensions.map(({ id, nodes }) => {
    const flags = nodes.map(({ code }) => codes[id]?.has(code) ?? false)
    nodes.forEach(({ parent }, node) => {
      if (parent !== null && parent !== 0 && flags[parent]) flags[node] = true
    })
    return flags
  })
  return (place) => dimensions.some(({ nodes }, axis) => impossible[axis]?.[Math.floor(place / (strides[axis] ?? 1)) % nodes.length])
}
