import { type Measure, valueScale } from './base-query.ts'
import { cellsFrom, type Dense, figureOf } from './cells-of.ts'
import { aggregateKey, type LatticeLayout } from './lattice-layout.ts'
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
  const found = new Map<Measure, Float64Array>(kept.map((measure) => [measure, new Float64Array(chosen.size)]))
  gatherCounts(layout, id, found, wanted, inner, places)
  for (const measure of ['numerator', 'denominator'] as const) gatherSums(layout, id, found, measure, wanted, inner, places)
  // The areas have their totals already; the chosen dimensions get theirs here.
  for (const measure of kept) addMargins(chosen, sumsOf(found, measure), withAreas ? 1 : 0)
  for (const measure of ['numerator', 'denominator'] as const) scaleDown(sumsOf(found, measure))
  const dense: Dense = (measure) => sumsOf(found, measure)
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

const kept = ['respondents', 'withoutAnswer', 'cases', 'numerator', 'denominator'] as const satisfies readonly Measure[]
type Sums = ReadonlyMap<Measure, Float64Array>

function sumsOf(found: Sums, measure: Measure): Float64Array {
  const sums = found.get(measure)
  if (!sums) throw new RangeError(`${measure} is not kept as a sum.`)
  return sums
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

/** The three counts at once: of most combinations an indicator asked nobody, and those are passed over. */
function gatherCounts({ aggregates }: LatticeLayout, id: string, found: Sums, layers: Layers, inner: number, places: Int32Array): void {
  const [respondents, withoutAnswer, cases] = [sumsOf(found, 'respondents'), sumsOf(found, 'withoutAnswer'), sumsOf(found, 'cases')]
  const indexOf = (measure: Measure) => aggregates.get(aggregateKey(id, measure))?.index ?? 0
  const [first, second, third] = [indexOf('respondents'), indexOf('withoutAnswer'), indexOf('cases')]
  for (const [node, pages] of layers.entries()) {
    const start = node * inner
    for (const { counts, places: own, used, room } of pages) {
      for (let slot = 0; slot < used; slot++) {
        const answered = counts[first * room + slot] as number
        const missing = counts[second * room + slot] as number
        if (answered === 0 && missing === 0) continue
        const place = start + (places[own[slot] as number] as number)
        respondents[place] = (respondents[place] as number) + answered
        withoutAnswer[place] = (withoutAnswer[place] as number) + missing
        cases[place] = (cases[place] as number) + (counts[third * room + slot] as number)
      }
    }
  }
}

/** Sums are kept in whole parts, so that they are exact. */
function scaleDown(sums: Float64Array): void {
  for (let place = 0; place < sums.length; place++) sums[place] = (sums[place] as number) / valueScale
}

function gatherSums(
  { aggregates }: LatticeLayout,
  id: string,
  found: Sums,
  measure: 'numerator' | 'denominator',
  layers: Layers,
  inner: number,
  places: Int32Array,
): void {
  const aggregate = aggregates.get(aggregateKey(id, measure))
  if (aggregate?.kind !== 'sums') return
  const into = sumsOf(found, measure)
  for (const [node, pages] of layers.entries()) {
    for (const { sums, places: own, used, room } of pages) {
      const first = aggregate.index * room
      for (let slot = 0; slot < used; slot++) {
        const place = node * inner + (places[own[slot] as number] as number)
        into[place] = (into[place] as number) + (sums[first + slot] as number)
      }
    }
  }
}
