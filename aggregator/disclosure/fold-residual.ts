import type { Dimension } from '../indicators/working-table.ts'
import { addMargins, type Cube, emptyCube, leafPlaces } from './cube.ts'
import { seededRandom } from './tables/modular.ts'

/**
 * Shares the people of residual codes (another answer, not said) out among the other codes of the dimension, at random in
 * proportion to their size, so that `total minus women minus men` does not count the few who answered otherwise.
 * The same is done, and said so, by Statistics Canada with "men+" and "women+".
 * Leaves of the cube are whole numbers before and after; margins are added up anew.
 */
export function foldResidual(cube: Cube, folded: Readonly<Record<string, readonly string[] | undefined>>, seed: number): Cube {
  return cube.dimensions.reduce<Cube>((current, { id }, axis) => {
    const codes = folded[id]
    return codes ? foldAxis(current, axis, new Set(codes), seed + axis) : current
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
  const random = seededRandom(seed)
  const parents = new Set(nodes.map(({ parent }) => parent))
  const leaves = remaining.filter((_, at) => !parents.has(at))
  const residual = dimension.nodes.map((_, node) => node).filter((node) => !place.has(node))
  for (const old of leafPlaces(cube)) {
    const node = Math.floor(old / stride) % dimension.nodes.length
    if (node !== leaves[0]) continue
    const base = old - node * stride
    const target = targetPlace(cube, next, axis, base)
    const sizes = leaves.map((leaf) => cube.respondents[base + leaf * stride] ?? 0)
    for (const leaf of leaves) move(cube, next, base + leaf * stride, target + (place.get(leaf) ?? 0) * stride, 1)
    for (const from of residual)
      shareOut(
        cube,
        next,
        base + from * stride,
        leaves.map((leaf) => target + (place.get(leaf) ?? 0) * stride),
        sizes,
        random,
      )
  }
  addMargins(next)
  // A mean or a median of a folded group is not a sum: the figure of the total stays, those of the parts are near enough only as they were.
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

function move(cube: Cube, next: Cube, from: number, to: number, share: number): void {
  for (const measure of ['respondents', 'cases', 'numerator', 'denominator'] as const)
    next[measure][to] = (next[measure][to] ?? 0) + (cube[measure][from] ?? 0) * share
}

/** Person by person, so that counts stay whole: first those with the property, then those without. */
function shareOut(cube: Cube, next: Cube, from: number, targets: readonly number[], sizes: readonly number[], random: () => number): void {
  const respondents = cube.respondents[from] ?? 0
  const cases = cube.cases[from] ?? 0
  const total = sizes.reduce((sum, each) => sum + each, 0)
  const draw = () => {
    if (total === 0) return targets[Math.floor(random() * targets.length)] ?? from
    let left = random() * total
    for (const [at, size] of sizes.entries()) {
      left -= size
      if (left < 0) return targets[at] ?? from
    }
    return targets.at(-1) ?? from
  }
  for (let person = 0; person < Math.max(respondents, cases); person++) {
    const to = draw()
    if (person < respondents) {
      next.respondents[to] = (next.respondents[to] ?? 0) + 1
      next.denominator[to] = (next.denominator[to] ?? 0) + (cube.denominator[from] ?? 0) / respondents
    }
    if (person < cases) {
      next.cases[to] = (next.cases[to] ?? 0) + 1
      next.numerator[to] = (next.numerator[to] ?? 0) + (cube.numerator[from] ?? 0) / cases
    }
  }
}
