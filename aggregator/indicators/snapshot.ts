import { type Measure, valueScale } from './base-query.ts'
import { cellsFrom, type Dense, figureOf } from './cells-of.ts'
import { type Gather, measuresOf, type Target } from './gather.ts'
import type { LatticeLayout } from './lattice-layout.ts'
import type { Layers } from './layers.ts'
import type { PageShape } from './pages.ts'
import { addMargins, layoutOf } from './roll-up.ts'
import type { Dimension, WorkingTable } from './working-table.ts'

/** All figures at one moment. */
export interface LatticeSnapshot {
  /** Rises with every change. */
  readonly version: number
  /** The table of an indicator over some dimensions (all others at their total), of all areas or of one. Undefined when the lattice does not hold it. */
  table(indicator: string, by: readonly string[], area?: string): WorkingTable | undefined
}

export function snapshotOf(layout: LatticeLayout, layers: Layers, version: number, gather: Gather): LatticeSnapshot {
  return {
    version,
    table: (indicator, by, area) => tableOf(layout, layers, gather, indicator, by, area),
  }
}

function tableOf(
  layout: LatticeLayout,
  layers: Layers,
  gather: Gather,
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
  const wanted = withAreas ? layers : [layers[areaNode] ?? []]
  const places = chosenPlaces(layout.shape, dimensions.slice(withAreas ? 1 : 0), axes)
  const inner = chosen.size / wanted.length
  const target: Target = { key: axes.join(' '), size: inner, places }
  const measures = measuresOf(layout, id)
  const found = new Map<Measure, Float64Array>(measures.map((measure) => [measure, new Float64Array(chosen.size)]))
  const gathered = gather(id, target)
  for (const [node, pages] of wanted.entries()) {
    if (pages.length === 0) continue
    const sums = gathered(pages)
    for (const [place, measure] of measures.entries()) copyInto(found.get(measure), node * inner, sums, place * inner, inner)
  }
  for (const [measure, sums] of found) {
    // The areas have their totals already; the chosen dimensions get theirs here.
    addMargins(chosen, sums, withAreas ? 1 : 0)
    if (measure === 'numerator' || measure === 'denominator') scaleDown(sums)
  }
  const dense: Dense = (measure) => found.get(measure) ?? new Float64Array(chosen.size)
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

/** A few numbers: a view of them would cost more than the copy. */
function copyInto(into: Float64Array | undefined, start: number, from: Float64Array, first: number, count: number): void {
  if (into) for (let each = 0; each < count; each++) into[start + each] = from[first + each] as number
}

/** Where each leaf combination of a page counts in a table that has only some of the dimensions. */
function chosenPlaces({ leaves, strides, size }: PageShape, dimensions: readonly Dimension[], axes: readonly number[]): Int32Array {
  const places = new Int32Array(size)
  const { strides: chosen } = layoutOf(dimensions)
  for (const [index, axis] of axes.entries()) {
    const [own, stride, step] = [leaves[axis] ?? [], strides[axis] ?? 1, chosen[index] ?? 1]
    for (let place = 0; place < size; place++)
      places[place] = (places[place] as number) + (own[Math.floor(place / stride) % own.length] ?? 0) * step
  }
  return places
}

/** Sums are kept in whole parts, so that they are exact. */
function scaleDown(sums: Float64Array): void {
  for (let place = 0; place < sums.length; place++) sums[place] = (sums[place] as number) / valueScale
}
