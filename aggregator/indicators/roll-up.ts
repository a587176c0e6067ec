import type { Dimension } from './working-table.ts'

/** Where a combination of nodes lies in a dense array; the last dimension varies fastest. */
export interface Layout {
  readonly dimensions: readonly Dimension[]
  readonly strides: readonly number[]
  readonly size: number
}

export function layoutOf(dimensions: readonly Dimension[]): Layout {
  const sizes = dimensions.map(({ nodes }) => nodes.length)
  const strides = sizes.map((_, axis) => sizes.slice(axis + 1).reduce((product, each) => product * each, 1))
  return { dimensions, strides, size: sizes.reduce((product, each) => product * each, 1) }
}

/** Place of each base cell, whose leaf nodes are given per dimension. */
export function placesOf({ strides }: Layout, nodes: readonly Int32Array[], count: number): Int32Array {
  const places = new Int32Array(count)
  nodes.forEach((column, axis) => {
    const stride = strides[axis] ?? 1
    for (let cell = 0; cell < count; cell++) places[cell] = (places[cell] ?? 0) + (column[cell] ?? 0) * stride
  })
  return places
}

/** Sums of base cells for every combination of nodes: leaves are scattered, then each dimension adds its children into their parents. */
export function rollUp(layout: Layout, places: Int32Array, sums: Float64Array): Float64Array {
  const dense = new Float64Array(layout.size)
  for (let cell = 0; cell < places.length; cell++) {
    const place = places[cell] ?? 0
    dense[place] = (dense[place] ?? 0) + (sums[cell] ?? 0)
  }
  addMargins(layout, dense)
  return dense
}

/**
 * Adds every child into its parent, one dimension after the other. Children come after their parents, so the last node goes first.
 * @param first the first dimension that has no totals yet.
 */
export function addMargins({ dimensions, strides, size }: Layout, dense: Float64Array, first = 0): void {
  dimensions.forEach(({ nodes }, axis) => {
    if (axis < first) return
    const stride = strides[axis] ?? 1
    const block = stride * nodes.length
    for (let node = nodes.length - 1; node > 0; node--) {
      const up = (node - (nodes[node]?.parent ?? 0)) * stride
      for (let start = node * stride; start < size; start += block) {
        for (let place = start; place < start + stride; place++) dense[place - up] = (dense[place - up] ?? 0) + (dense[place] ?? 0)
      }
    }
  })
}

/** The node of each dimension at a place. */
export function nodesAt({ strides }: Layout, place: number): readonly number[] {
  const nodes: number[] = []
  let left = place
  for (const stride of strides) {
    const node = Math.floor(left / stride)
    left -= node * stride
    nodes.push(node)
  }
  return nodes
}

/** The node of each place, per dimension. */
export function nodeColumns({ strides, dimensions }: Layout, places: Int32Array): readonly Int32Array[] {
  return strides.map((stride, axis) => {
    const nodes = dimensions[axis]?.nodes.length ?? 1
    const column = new Int32Array(places.length)
    for (let row = 0; row < places.length; row++) column[row] = Math.floor((places[row] as number) / stride) % nodes
    return column
  })
}

/** Every place a base cell counts in: all combinations of its nodes and their ancestors. */
export function ancestorPlaces({ dimensions, strides }: Layout, nodes: readonly number[]): readonly number[] {
  return dimensions.reduce<readonly number[]>(
    (places, { nodes: tree }, axis) => {
      const line: number[] = []
      for (let node: number | null = nodes[axis] ?? 0; node !== null; node = tree[node]?.parent ?? null) line.push(node)
      return places.flatMap((place) => line.map((node) => place + node * (strides[axis] ?? 1)))
    },
    [0],
  )
}
