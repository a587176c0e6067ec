import type { Dimension } from '../indicators/working-table.ts'
import { addMargins, type Cube, emptyCube, leafPlaces } from './cube.ts'
import { seededRandom } from './tables/modular.ts'

/**
 * Counts the people of residual codes (another answer, not said) under another code of the dimension, drawn by lot, so that
 * `total minus women minus men` does not count the few who answered otherwise.
 * The lot is drawn per combination of the other dimensions and from their codes only: every table puts the same people in the
 * same place, and no two tables can be subtracted to find them.
 */
export function foldResidual(cube: Cube, folded: Readonly<Record<string, readonly string[] | undefined>>, seed: number): Cube {
  return cube.dimensions.reduce<Cube>((current, { id }, axis) => {
    const codes = folded[id]
    return codes ? foldAxis(current, axis, new Set(codes), seed) : current
  }, cube)
}

function foldAxis(cube: Cube, axis: number, codes: ReadonlySet<string>, seed: number): Cube {
  const dimension = cube.dimensions[axis] as Dimension
  const remaining = dimension.nodes.map((_, node) => node).filter((node) => !codes.has(dimension.nodes[node]?.code ?? ''))
  if (remaining.length === dimension.nodes.length) return cube
  const place = new Map(remaining.map((node, at) => [node, at]))
  const nodes = remaining.map((node) => {
    const { code, parent } = dimension.nodes[node] as Dimension['nodes'][number]
    return { code, parent: parent === null ? null : (place.get(parent) ?? 0) }
  })
  const dimensions = cube.dimensions.map((each, at) => (at === axis ? { id: each.id, nodes } : each))
  const next = emptyCube(dimensions)
  const stride = cube.strides[axis] ?? 1
  const parents = new Set(nodes.map(({ parent }) => parent))
  const leaves = remaining.filter((_, at) => !parents.has(at))
  const residual = dimension.nodes.map((_, node) => node).filter((node) => !place.has(node))
  for (const old of leafPlaces(cube)) {
    const node = Math.floor(old / stride) % dimension.nodes.length
    if (node !== leaves[0]) continue
    const base = old - node * stride
    const target = targetPlace(cube, next, axis, base)
    const lot = seededRandom(seed + hashOf(codesOf(cube, axis, base)))()
    const drawn = leaves[Math.floor(lot * leaves.length)] ?? 0
    for (const leaf of leaves) add(cube, next, base + leaf * stride, target + (place.get(leaf) ?? 0) * stride)
    for (const from of residual) add(cube, next, base + from * stride, target + (place.get(drawn) ?? 0) * stride)
  }
  addMargins(next)
  // A mean or a median is not a sum: that of a part stays as it was without the few who were added.
  for (const [at, value] of next.value.entries()) if (value === null) next.value[at] = valueBefore(cube, next, axis, remaining, at)
  return next
}

function valueBefore(cube: Cube, next: Cube, axis: number, remaining: readonly number[], at: number): number | null {
  const stride = next.strides[axis] ?? 1
  const node = Math.floor(at / stride) % remaining.length
  const before = targetPlace(next, cube, axis, at - node * stride) + (remaining[node] ?? 0) * stride
  return cube.value[before] ?? null
}

/** The same nodes of all other dimensions, node 0 of this one, in the layout of the other cube. */
function targetPlace(from: Cube, to: Cube, axis: number, base: number): number {
  let place = 0
  from.dimensions.forEach(({ nodes }, each) => {
    if (each === axis) return
    place += (Math.floor(base / (from.strides[each] ?? 1)) % nodes.length) * (to.strides[each] ?? 1)
  })
  return place
}

function add(cube: Cube, next: Cube, from: number, to: number): void {
  for (const measure of ['respondents', 'cases', 'numerator', 'denominator'] as const)
    next[measure][to] = (next[measure][to] ?? 0) + (cube[measure][from] ?? 0)
}

function codesOf(cube: Cube, except: number, place: number): string {
  return cube.dimensions
    .map(({ nodes }, axis) => (axis === except ? '*' : (nodes[Math.floor(place / (cube.strides[axis] ?? 1)) % nodes.length]?.code ?? '')))
    .join(' ')
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}
