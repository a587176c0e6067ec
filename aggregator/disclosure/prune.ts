import type { Dimension } from '../indicators/working-table.ts'

export interface Pruned {
  readonly dimension: Dimension
  /** Index in the original dimension of each kept node. */
  readonly originals: readonly number[]
}

/** Distance of each node from the root. */
export function depthsOf({ nodes }: Dimension): readonly number[] {
  const depths: number[] = []
  for (const { parent } of nodes) depths.push(parent === null ? 0 : (depths[parent] ?? 0) + 1)
  return depths
}

/** Distance of each node from its deepest leaf: areas are named by it, from the smallest up. */
export function heightsOf({ nodes }: Dimension): readonly number[] {
  const heights = nodes.map(() => 0)
  for (let node = nodes.length - 1; node > 0; node--) {
    const parent = nodes[node]?.parent ?? 0
    heights[parent] = Math.max(heights[parent] ?? 0, (heights[node] ?? 0) + 1)
  }
  return heights
}

/** The dimension with some nodes only; a node whose parent is gone hangs on its nearest kept ancestor, or on node 0. */
export function prune(dimension: Dimension, keeps: (node: number) => boolean): Pruned {
  const originals = dimension.nodes.map((_, node) => node).filter((node) => node === 0 || keeps(node))
  const place = new Map(originals.map((node, at) => [node, at]))
  const nodes = originals.map((original) => {
    const { code, parent } = dimension.nodes[original] ?? { code: '_T', parent: null }
    if (original === 0) return { code, parent: null }
    let ancestor = parent
    while (ancestor !== null && !place.has(ancestor)) ancestor = dimension.nodes[ancestor]?.parent ?? null
    return { code, parent: place.get(ancestor ?? 0) ?? 0 }
  })
  return { dimension: { id: dimension.id, nodes }, originals }
}
