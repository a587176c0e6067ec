import type { Cube } from './cube.ts'

/** More than any count: what is worth more by this is worth more whatever is counted. */
const step = 1e9
const mostDetail = 99

/**
 * What a reader loses with a figure: one of everybody is worth more than any of a group, a group more than a group of a group, the whole
 * more than a barangay, and among alike ones the larger. Decides which figures are given up first, never whether the rest is safe.
 */
export function usefulnessIn({ dimensions, strides }: Pick<Cube, 'dimensions' | 'strides'>): (place: number, count: number) => number {
  const details = dimensions.map(({ id, nodes }) => {
    const hasParts = new Set(nodes.map(({ parent }) => parent))
    const depths: number[] = []
    for (const { parent } of nodes) depths.push(parent === null ? 0 : (depths[parent] ?? 0) + 1)
    // A municipality is no detail of its province, as long as the survey is of one municipality; a barangay is.
    return id === 'REF_AREA' ? nodes.map((_, node) => (hasParts.has(node) || nodes.length === 1 ? 0 : 1)) : depths
  })
  const nodeAt = (place: number, axis: number) => Math.floor(place / (strides[axis] ?? 1)) % (dimensions[axis]?.nodes.length ?? 1)
  return (place, count) => step * (mostDetail - details.reduce((sum, depths, axis) => sum + (depths[nodeAt(place, axis)] ?? 0), 0)) + count
}

/** Among figures of one detail: the fewer conditions a group has to meet, the more other figures are read against it. */
export function usefulnessOfSet(usefulness: number, conditions: number): number {
  return usefulness - conditions * 1e6
}
