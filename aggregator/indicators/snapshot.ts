import { cellsFrom, type Dense, figureOf } from './cells-of.ts'
import { aggregateKey, type LatticeLayout } from './lattice-layout.ts'
import type { Page, PageShape } from './pages.ts'
import { addMargins, layoutOf } from './roll-up.ts'
import type { Dimension, WorkingTable } from './working-table.ts'

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
  const wanted = withAreas ? pages : [pages[areaNode]]
  const places = chosenPlaces(layout.shape, dimensions.slice(withAreas ? 1 : 0), axes)
  const inner = chosen.size / wanted.length
  const dense: Dense = (measure) => {
    const found = new Float64Array(chosen.size)
    const aggregate = layout.aggregates.get(aggregateKey(id, measure))
    if (!aggregate) return found
    for (const [index, page] of wanted.entries()) {
      const array = page?.[aggregate.kind].subarray(aggregate.index * layout.shape.size, (aggregate.index + 1) * layout.shape.size)
      if (array) gather(found, index * inner, array, places)
    }
    // The areas have their totals already; the chosen dimensions get theirs here.
    addMargins(chosen, found, withAreas ? 1 : 0)
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

/** Where each leaf combination of a page counts in a table that has only some of the dimensions. */
function chosenPlaces({ leaves, strides, size }: PageShape, dimensions: readonly Dimension[], axes: readonly number[]): Int32Array {
  const { strides: chosen } = layoutOf(dimensions)
  return Int32Array.from({ length: size }, (_, place) =>
    axes.reduce((sum, axis, index) => {
      const own = leaves[axis] ?? []
      return sum + (own[Math.floor(place / (strides[axis] ?? 1)) % own.length] ?? 0) * (chosen[index] ?? 1)
    }, 0),
  )
}

function gather(into: Float64Array, start: number, from: Uint32Array | Float64Array, places: Int32Array): void {
  for (let at = 0; at < from.length; at++) {
    const place = start + (places[at] as number)
    into[place] = (into[place] as number) + (from[at] as number)
  }
}
