import { cellsFrom, type Dense, figureOf } from './cells-of.ts'
import { aggregateKey, type LatticeLayout } from './lattice-layout.ts'
import type { Page } from './pages.ts'
import { layoutOf, nodesAt } from './roll-up.ts'
import type { WorkingTable } from './working-table.ts'

/** All figures at one moment. */
export interface LatticeSnapshot {
  /** Rises with every change. */
  readonly version: number
  /** The table of an indicator over some dimensions (all others at their total), of all areas or of one. Undefined when the lattice does not hold it. */
  table(indicator: string, by: readonly string[], area?: string): WorkingTable | undefined
}

export function snapshotOf(layout: LatticeLayout, pages: readonly (Page | undefined)[], version: number): LatticeSnapshot {
  return {
    version,
    table: (indicator, by, area) => tableOf(layout, pages, indicator, by, area),
  }
}

function tableOf(
  layout: LatticeLayout,
  pages: readonly (Page | undefined)[],
  id: string,
  by: readonly string[],
  area?: string,
): WorkingTable | undefined {
  const definition = layout.indicators.get(id)?.definition
  if (!definition || definition.type === 'pipeline') return undefined
  const areaNode = area === undefined ? 0 : layout.areas.dimension.nodes.findIndex(({ code }) => code === area)
  if (areaNode < 0) return undefined
  const axes = layout.dimensions.map((_, axis) => axis).filter((axis) => by.includes(layout.dimensions[axis]?.dimension.id ?? ''))
  const withAreas = by.includes('REF_AREA')
  const dimensions = [...(withAreas ? [layout.areas.dimension] : []), ...axes.flatMap((axis) => layout.dimensions[axis]?.dimension ?? [])]
  const chosen = layoutOf(dimensions)
  const { strides, size } = layout.shape.layout
  const inner = layoutOf(axes.flatMap((axis) => layout.dimensions[axis]?.dimension ?? []))
  const places = Int32Array.from({ length: inner.size }, (_, place) =>
    nodesAt(inner, place).reduce((sum, node, index) => sum + node * (strides[axes[index] ?? 0] ?? 1), 0),
  )
  const wanted = withAreas ? pages : [pages[areaNode]]
  const dense: Dense = (measure) => {
    const found = new Float64Array(chosen.size)
    const aggregate = layout.aggregates.get(aggregateKey(id, measure))
    if (!aggregate) return found
    const start = aggregate.index * size
    for (const [index, page] of wanted.entries()) {
      const array = page?.[aggregate.kind]
      if (array) for (const [at, place] of places.entries()) found[index * inner.size + at] = array[start + place] ?? 0
    }
    return found
  }
  return {
    marking: 'not for release',
    indicator: id,
    indicatorVersion: definition.version,
    round: layout.round,
    level: definition.level,
    type: definition.type,
    dimensions,
    cells: cellsFrom(chosen, dense, figureOf(definition, chosen, dense)),
  }
}
