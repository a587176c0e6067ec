import type { Axis } from './axis.ts'
import type { System } from './system.ts'

/** Below this number of inner cells everything is audited at once. */
const small = 2000
/** Above this number no linear program sees everything. */
const large = 10_000

/** Regions that are looked at one after the other; each lists its inner cells, null means all of them. */
export interface AuditStep {
  readonly regions: readonly (Int32Array | null)[]
  /** Cells of areas up to this height above the smallest ones are tried here: a cell cannot move where all its siblings stand still. */
  readonly tries: number
  /** What fails here up to this height stays failed; -1 when a larger region may still clear it. */
  readonly finalUpTo: number
}

/**
 * The order of the audit: first each smallest group of areas alone, then pairs of neighbours, then the next level, at last everything.
 * What is proved safe in a small region is safe for good, so the large programs see little. Of a cell whose whole next level but one may
 * vary and which stays bounded we do not hope any more: stricter than the real attacker, so safe, and withholding a little more.
 */
export function auditRegions(system: System, areaAxis: number | null): readonly AuditStep[] {
  const axis = areaAxis === null ? undefined : system.axes[areaAxis]
  const everything: AuditStep = { regions: [null], tries: Number.POSITIVE_INFINITY, finalUpTo: Number.POSITIVE_INFINITY }
  if (!axis || areaAxis === null || system.inner.length <= small) return [everything]
  const heights = groupsByHeight(axis)
  const thin = thinner(system, areaAxis, heights[0] ?? [])
  const step = (lists: readonly (readonly number[])[], tries: number, finalUpTo = -1): AuditStep => ({
    regions: lists.map((atoms) => innerCells(system, areaAxis, atoms)),
    tries,
    finalUpTo,
  })
  const steps: AuditStep[] = []
  for (const [at, group] of heights.entries()) {
    if (group.some(({ atoms }) => atoms.length === axis.atoms)) break
    const height = at + 1
    const [alone, twins] = [group.map(({ atoms }) => atoms), pairs(group)]
    if (height > 1) steps.push(step(alone.map(thin), height - 1))
    steps.push(step(alone, height - 1, height > 1 ? height - 1 : -1))
    if (height > 1) steps.push(step(twins.map(thin), height))
    steps.push(step(twins, height))
  }
  const last = steps.at(-1)
  // The last one counts for all that is left, so it comes twice: not for what another pair would have cleared. An area without a
  // neighbour is in no pair, so everything together still stands at the end.
  return last && system.inner.length > large ? [...steps, { ...everything, regions: last.regions }, everything] : [...steps, everything]
}

/** How many of the areas of a smallest group vary where many groups are looked at together. */
const varying = 2

/** Keeps the most populous areas of each smallest group: a region that is thin but wide finds most of what a full one would, in a tenth of the time. */
function thinner(system: System, areaAxis: number, groups: readonly Group[]): (areas: readonly number[]) => readonly number[] {
  const persons = personsByArea(system, areaAxis)
  const kept = new Set(
    groups.flatMap(({ atoms }) => atoms.toSorted((a, b) => (persons[b] as number) - (persons[a] as number) || a - b).slice(0, varying)),
  )
  return (areas) => areas.filter((area) => kept.has(area))
}

function personsByArea(system: System, areaAxis: number): Float64Array {
  const areas = system.axes[areaAxis]?.atoms ?? 1
  const after = system.axes.slice(areaAxis + 1).reduce((product, axis) => product * axis.atoms, 1)
  const persons = new Float64Array(areas)
  system.inner.forEach((count, place) => {
    const area = Math.floor(place / after) % areas
    persons[area] = (persons[area] as number) + count
  })
  return persons
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
