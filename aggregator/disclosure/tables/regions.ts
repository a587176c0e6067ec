import type { Axis } from './axis.ts'
import type { System } from './system.ts'

/** Below this number of inner cells everything is audited at once. */
const small = 2000
/** Above this number no linear program sees everything. */
const large = 10_000

/**
 * The order of the audit: first each smallest group of areas alone, then pairs of neighbours, then the next level,
 * at last everything. What is proved safe in a small region is safe for good, so the large programs see little.
 * @returns steps of regions; a region lists its inner cells, null means all of them.
 */
export function auditRegions(system: System, areaAxis: number | null, isGivingUp = false): readonly (readonly (Int32Array | null)[])[] {
  const axis = areaAxis === null ? undefined : system.axes[areaAxis]
  if (!axis || areaAxis === null || system.inner.length <= small) return [[null]]
  const steps: (readonly (Int32Array | null)[])[] = []
  for (const group of groupsByHeight(axis)) {
    if (group.some(({ atoms }) => atoms.length === axis.atoms)) break
    steps.push(group.map(({ atoms }) => innerCells(system, areaAxis, atoms)))
    steps.push(pairs(group).map((atoms) => innerCells(system, areaAxis, atoms)))
  }
  // Beyond a size nobody waits for, the largest groups have the last word: stricter than the real attacker, so safe, and withholding
  // a little more. Where figures are given up on the spot they come twice: not for one that another group would have cleared.
  const last = steps.at(-1)
  return last && system.inner.length > large ? [...steps, ...(isGivingUp ? [last] : [])] : [...steps, [null]]
}

interface Group {
  readonly parent: number
  readonly atoms: readonly number[]
}

/** Inner nodes of the tree by their height over the leaves, each with the leaves below it. */
function groupsByHeight(axis: Axis): readonly (readonly Group[])[] {
  const heights = axis.children.map(() => 0)
  const parents = axis.children.map(() => -1)
  axis.children.forEach((children, node) => {
    for (const child of children) parents[child] = node
  })
  for (let node = heights.length - 1; node > 0; node--) {
    const parent = parents[node] as number
    heights[parent] = Math.max(heights[parent] as number, (heights[node] as number) + 1)
  }
  const groups: Group[][] = []
  heights.forEach((height, node) => {
    if (height > 0) (groups[height - 1] ??= []).push({ parent: parents[node] as number, atoms: axis.atomForms[node]?.indices ?? [] })
  })
  return groups.map((group) => group ?? [])
}

/** Neighbours under the same parent, overlapping: (1,2), (2,3), ... */
function pairs(groups: readonly Group[]): readonly (readonly number[])[] {
  return groups.flatMap((group, at) => {
    const next = groups[at + 1]
    return next && next.parent === group.parent ? [[...group.atoms, ...next.atoms].sort((a, b) => a - b)] : []
  })
}

function innerCells(system: System, areaAxis: number, areas: readonly number[]): Int32Array {
  const before = system.axes.slice(0, areaAxis).reduce((product, axis) => product * axis.atoms, 1)
  const after = system.axes.slice(areaAxis + 1).reduce((product, axis) => product * axis.atoms, 1)
  const all = system.axes[areaAxis]?.atoms ?? 1
  const cells: number[] = []
  for (let left = 0; left < before; left++)
    for (const area of areas) for (let right = 0; right < after; right++) cells.push((left * all + area) * after + right)
  return Int32Array.from(cells)
}
