import { valueScale } from './base-query.ts'
import { cellsFrom, type Dense, figureOf } from './cells-of.ts'
import { type Aggregate, aggregateKey, type LatticeLayout } from './lattice-layout.ts'
import type { Layers } from './layers.ts'
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

export function snapshotOf(layout: LatticeLayout, layers: Layers, version: number): LatticeSnapshot {
  return {
    version,
    table: (indicator, by, area) => tableOf(layout, layers, indicator, by, area),
  }
}

function tableOf(layout: LatticeLayout, layers: Layers, id: string, by: readonly string[], area?: string): WorkingTable | undefined {
  const definition = layout.indicators.get(id)?.definition
  if (!definition || definition.type === 'pipeline') return undefined
  const areaNode = area === undefined ? 0 : layout.areas.dimension.nodes.findIndex(({ code }) => code === area)
  if (areaNode < 0) return undefined
  const axes = layout.dimensions.map((_, axis) => axis).filter((axis) => by.includes(layout.dimensions[axis]?.dimension.id ?? ''))
  const withAreas = by.includes('REF_AREA')
  const dimensions = [...(withAreas ? [layout.areas.dimension] : []), ...axes.flatMap((axis) => layout.dimensions[axis]?.dimension ?? [])]
  const chosen = layoutOf(dimensions)
  const wanted = withAreas ? layers : [layers[areaNode] ?? []]
  const places = chosenPlaces(layout.shape, dimensions.slice(withAreas ? 1 : 0), axes)
  const inner = chosen.size / wanted.length
  const dense: Dense = (measure) => {
    const found = new Float64Array(chosen.size)
    const aggregate = layout.aggregates.get(aggregateKey(id, measure))
    if (!aggregate) return found
    for (const [index, pages] of wanted.entries()) for (const page of pages) gather(found, index * inner, page, aggregate, places)
    // The areas have their totals already; the chosen dimensions get theirs here.
    addMargins(chosen, found, withAreas ? 1 : 0)
    if (aggregate.kind === 'sums') for (let place = 0; place < found.length; place++) found[place] = (found[place] as number) / valueScale
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

function gather(into: Float64Array, start: number, page: Page, { kind, index }: Aggregate, places: Int32Array): void {
  if (kind === 'counts') gatherCounts(into, start, page, index * page.room, places)
  else gatherSums(into, start, page, index * page.room, places)
}

function gatherCounts(into: Float64Array, start: number, { counts, places: own, used }: Page, first: number, places: Int32Array): void {
  for (let slot = 0; slot < used; slot++) {
    const place = start + (places[own[slot] as number] as number)
    into[place] = (into[place] as number) + (counts[first + slot] as number)
  }
}

function gatherSums(into: Float64Array, start: number, { sums, places: own, used }: Page, first: number, places: Int32Array): void {
  for (let slot = 0; slot < used; slot++) {
    const place = start + (places[own[slot] as number] as number)
    into[place] = (into[place] as number) + (sums[first + slot] as number)
  }
}
