import { type Measure, valueScale } from './base-query.ts'
import { columnsOf, type Dense, figureOf, headingOf } from './cells-of.ts'
import type { ColumnTable } from './column-table.ts'
import { type Gather, measuresOf } from './gather.ts'
import type { LatticeLayout } from './lattice-layout.ts'
import type { Layers } from './layers.ts'
import { addMargins } from './roll-up.ts'
import type { TableShape } from './table-shape.ts'

/** All figures at one moment. */
export interface LatticeSnapshot {
  /** Rises with every change. */
  readonly version: number
  /** The table of an indicator over some dimensions (all others at their total), of all areas or of one. Undefined when the lattice does not hold it. */
  table(indicator: string, by: readonly string[], area?: string): ColumnTable | undefined
}

/** What all snapshots of a lattice read with. */
export interface SnapshotReader {
  readonly layout: LatticeLayout
  readonly shapeOf: (by: readonly string[]) => TableShape
  readonly gather: Gather
}

export function snapshotOf(reader: SnapshotReader, layers: Layers, version: number): LatticeSnapshot {
  return {
    version,
    table: (indicator, by, area) => tableOf(reader, layers, indicator, by, area),
  }
}

function tableOf(
  { layout, shapeOf, gather }: SnapshotReader,
  layers: Layers,
  id: string,
  by: readonly string[],
  area?: string,
): ColumnTable | undefined {
  const definition = layout.indicators.get(id)?.definition
  if (!definition || definition.type === 'pipeline') return undefined
  const areaNode = area === undefined ? 0 : layout.areas.dimension.nodes.findIndex(({ code }) => code === area)
  if (areaNode < 0) return undefined
  const shape = shapeOf(by)
  const sums = gather(id, shape, shape.withAreas ? layers : [layers[areaNode] ?? []])
  const found = new Map<Measure, Float64Array>()
  for (const [place, measure] of measuresOf(layout, id).entries()) {
    const own = sums[place]
    if (!own) continue
    // The areas have their totals already; the chosen dimensions get theirs here.
    addMargins(shape.layout, own, shape.withAreas ? 1 : 0)
    if (measure === 'numerator' || measure === 'denominator') scaleDown(own)
    found.set(measure, own)
  }
  const dense: Dense = (measure) => found.get(measure) ?? new Float64Array(shape.layout.size)
  const { dimensions } = shape.layout
  return {
    ...headingOf(definition, layout.round, dimensions),
    ...columnsOf(shape.layout, dense, figureOf(definition, shape.layout, dense)),
  }
}

/** Sums are kept in whole parts, so that they are exact. */
function scaleDown(sums: Float64Array): void {
  for (let place = 0; place < sums.length; place++) sums[place] = (sums[place] as number) / valueScale
}
