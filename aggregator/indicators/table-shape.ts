import type { LatticeLayout } from './lattice-layout.ts'
import type { PageShape } from './pages.ts'
import { type Layout, layoutOf } from './roll-up.ts'
import type { Dimension } from './working-table.ts'

/** What a table over some dimensions of the lattice looks like. */
export interface TableShape {
  /** Names the dimensions. */
  readonly key: string
  readonly layout: Layout
  /** Whether the areas are its first dimension; they have their totals already. */
  readonly withAreas: boolean
  /** Combinations of nodes of its other dimensions. */
  readonly size: number
  /** Where each leaf combination of a page counts among them. */
  readonly places: Int32Array
}

/** Shapes by the dimensions wanted. There are few, and making one costs as much as a small table. */
export function createShapes({ areas, dimensions, shape }: LatticeLayout): (by: readonly string[]) => TableShape {
  const known = new Map<string, TableShape>()
  const make = (by: readonly string[]): TableShape => {
    const axes = dimensions.flatMap(({ dimension }, axis) => (by.includes(dimension.id) ? [axis] : []))
    const chosen = axes.flatMap((axis) => dimensions[axis]?.dimension ?? [])
    const withAreas = by.includes('REF_AREA')
    return {
      key: by.join(' '),
      layout: layoutOf(withAreas ? [areas.dimension, ...chosen] : chosen),
      withAreas,
      size: layoutOf(chosen).size,
      places: chosenPlaces(shape, chosen, axes),
    }
  }
  return (by) => {
    const wanted = [areas, ...dimensions].flatMap(({ dimension: { id } }) => (by.includes(id) ? [id] : []))
    const found = known.get(wanted.join(' ')) ?? make(wanted)
    known.set(found.key, found)
    return found
  }
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
