import { treeAxis } from '../../../../aggregator/disclosure/tables/axis.ts'
import { seededRandom } from '../../../../aggregator/disclosure/tables/modular.ts'
import type { PublishedRow } from '../../../../aggregator/disclosure/tables/audit-problem.ts'
import type { ProtectionRules } from '../../../../aggregator/disclosure/tables/protection-rules.ts'
import type { System } from '../../../../aggregator/disclosure/tables/system.ts'

export type Parents = readonly (number | null)[]

/** A total and `count` children. */
export function flatTree(count: number): Parents {
  return [null, ...Array.from({ length: count }, () => 0)]
}

/** A tree of areas with the given number of children at each level. */
export function areaTree(levels: readonly number[]): Parents {
  const parents: (number | null)[] = [null]
  let layer = [0]
  for (const count of levels) {
    const next: number[] = []
    for (const parent of layer)
      for (let each = 0; each < count; each++) {
        next.push(parents.length)
        parents.push(parent)
      }
    layer = next
  }
  return parents
}

export function leavesOfTree(parents: Parents): readonly number[] {
  const isParent = new Set(parents)
  return parents.map((_, node) => node).filter((node) => !isParent.has(node))
}

/**
 * The cells of a plan over dimensions given as trees, counted from inner cells.
 * @param inner one count per combination of leaves, last dimension fastest.
 * @param holds which combinations of nodes the plan publishes; all when left out.
 */
export function systemOf(
  trees: readonly Parents[],
  inner: ArrayLike<number>,
  holds: (nodes: readonly number[]) => boolean = () => true,
): System {
  const sizes = trees.map(({ length }) => length)
  const strides = sizes.map((_, axis) => sizes.slice(axis + 1).reduce((product, each) => product * each, 1))
  const size = sizes.reduce((product, each) => product * each, 1)
  const all = new Float64Array(size)
  const places = trees.reduce<number[]>(
    (found, tree, axis) => found.flatMap((place) => leavesOfTree(tree).map((leaf) => place + leaf * (strides[axis] ?? 1))),
    [0],
  )
  places.forEach((place, at) => {
    all[place] = inner[at] ?? 0
  })
  trees.forEach((tree, axis) => {
    const stride = strides[axis] ?? 1
    for (let node = tree.length - 1; node > 0; node--) {
      const up = (node - (tree[node] ?? 0)) * stride
      for (let place = 0; place < size; place++)
        if (Math.floor(place / stride) % tree.length === node) all[place - up] = (all[place - up] as number) + (all[place] as number)
    }
  })
  const cells: number[] = []
  const counts: number[] = []
  for (let place = 0; place < size; place++) {
    const nodes = sizes.map((count, axis) => Math.floor(place / (strides[axis] ?? 1)) % count)
    if (!holds(nodes)) continue
    cells.push(...nodes)
    counts.push(all[place] as number)
  }
  const margins = trees.map((tree, axis) => tree.map((_, node) => all[node * (strides[axis] ?? 1)] ?? 0))
  return {
    axes: trees.map((tree, axis) => treeAxis(String(axis), tree, margins[axis])),
    nodes: Int32Array.from(cells),
    counts: Float64Array.from(counts),
    inner: Float64Array.from(inner),
  }
}

/** Everything may be printed exactly, nothing is impossible. */
export function openRules(system: System, minimum: number, change: Partial<ProtectionRules> = {}): ProtectionRules {
  const cells = system.counts.length
  return {
    minimum,
    publishable: new Uint8Array(cells).fill(1),
    structural: new Uint8Array(cells),
    rounding: new Uint8Array(cells),
    floors: new Float64Array(cells).fill(minimum),
    areaAxis: null,
    seed: 1,
    ...change,
  }
}

/** What a reader learns from the printed figures: the count, or the counts that round to the figure and may be printed at all. */
export function readFigures(
  { counts }: System,
  printed: Uint8Array,
  { rounding, minimum }: Pick<ProtectionRules, 'rounding' | 'minimum'>,
): readonly PublishedRow[] {
  return Array.from(counts.keys())
    .filter((cell) => printed[cell])
    .map((cell) => {
      const count = counts[cell] ?? 0
      const base = rounding[cell] ?? 0
      const alike = Array.from({ length: 2 * base + 1 }, (_, at) => count - base + at).filter(
        (each) => each === count || (each >= minimum && Math.round(each / base) === Math.round(count / base)),
      )
      return { cell, lower: Math.min(...alike), upper: Math.max(...alike) }
    })
}

/** People of made-up areas (5 to 5000 each, log-uniform) by area, sex, age and status; few have another status than the first. */
export function madeUpInner(areas: number, sexes: number, ages: number, statuses: number, seed: number): Float64Array {
  const random = seededRandom(seed)
  const inner = new Float64Array(areas * sexes * ages * statuses)
  const usual = [0.7, 0.1, 0.08, 0.06, 0.04, 0.02].slice(0, statuses)
  for (let area = 0; area < areas; area++) {
    const persons = Math.round(5 * 1000 ** random())
    const local = usual.map((share) => share * Math.exp(2 * (random() - 0.5)))
    const total = local.reduce((sum, each) => sum + each, 0)
    for (let person = 0; person < persons; person++) {
      let left = random() * total
      let status = 0
      while (status < statuses - 1 && left > (local[status] ?? 0)) left -= local[status++] ?? 0
      const sex = Math.floor(random() * sexes)
      const age = Math.floor(random() ** 1.4 * ages)
      const place = ((area * sexes + sex) * ages + age) * statuses + status
      inner[place] = (inner[place] ?? 0) + 1
    }
  }
  return inner
}
