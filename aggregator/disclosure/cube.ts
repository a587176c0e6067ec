import type { Dimension, WorkingTable } from '../indicators/working-table.ts'

/** Figures of one indicator for every combination of nodes of the chosen dimensions; last dimension fastest. */
export interface Cube {
  readonly dimensions: readonly Dimension[]
  readonly strides: readonly number[]
  readonly respondents: Float64Array
  readonly cases: Float64Array
  readonly numerator: Float64Array
  readonly denominator: Float64Array
  readonly value: (number | null)[]
}

const measures = ['respondents', 'cases', 'numerator', 'denominator'] as const
export type Measure = (typeof measures)[number]

/**
 * Cuts a working table down to some dimensions (the others at their total) and lays it out densely.
 * @param kept ids in the wanted order; dimensions the table does not have are left out.
 */
export function cubeOf(table: WorkingTable, kept: readonly string[]): Cube {
  const places = kept.map((id) => table.dimensions.findIndex((each) => each.id === id)).filter((place) => place >= 0)
  const dimensions = places.map((place) => table.dimensions[place] as Dimension)
  const cube = emptyCube(dimensions)
  const isKept = new Set(places)
  for (const cell of table.cells) {
    if (cell.nodes.some((node, place) => node !== 0 && !isKept.has(place))) continue
    const at = places.reduce((sum, place, axis) => sum + (cell.nodes[place] ?? 0) * (cube.strides[axis] ?? 0), 0)
    for (const measure of measures) cube[measure][at] = cell[measure]
    cube.value[at] = cell.value
  }
  return cube
}

/** The same figures with fewer dimensions, in another order; the others at their total. */
export function reducedCube(cube: Cube, kept: readonly string[]): Cube {
  const axes = kept.map((id) => cube.dimensions.findIndex((each) => each.id === id)).filter((axis) => axis >= 0)
  const next = emptyCube(axes.map((axis) => cube.dimensions[axis] as Dimension))
  for (let place = 0; place < next.respondents.length; place++) {
    const from = axes.reduce((sum, axis, at) => {
      const node = Math.floor(place / (next.strides[at] ?? 1)) % (next.dimensions[at]?.nodes.length ?? 1)
      return sum + node * (cube.strides[axis] ?? 0)
    }, 0)
    for (const measure of measures) next[measure][place] = cube[measure][from] as number
    next.value[place] = cube.value[from] ?? null
  }
  return next
}

export function emptyCube(dimensions: readonly Dimension[]): Cube {
  const sizes = dimensions.map(({ nodes }) => nodes.length)
  const strides = sizes.map((_, axis) => sizes.slice(axis + 1).reduce((product, each) => product * each, 1))
  const size = sizes.reduce((product, each) => product * each, 1)
  const zeros = () => new Float64Array(size)
  return {
    dimensions,
    strides,
    respondents: zeros(),
    cases: zeros(),
    numerator: zeros(),
    denominator: zeros(),
    value: Array.from({ length: size }, () => null),
  }
}

/** Codes of the dimensions that do not stand at their total. */
export function codesAt(cube: Cube, place: number): Readonly<Record<string, string>> {
  const codes: Record<string, string> = {}
  cube.dimensions.forEach(({ id, nodes }, axis) => {
    const node = Math.floor(place / (cube.strides[axis] ?? 1)) % nodes.length
    if (node !== 0) codes[id] = nodes[node]?.code ?? ''
  })
  return codes
}

export function leavesOf(dimension: Dimension): readonly number[] {
  const parents = new Set(dimension.nodes.map(({ parent }) => parent))
  return dimension.nodes.map((_, node) => node).filter((node) => !parents.has(node))
}

/** Places of all combinations of leaves, last dimension fastest. */
export function leafPlaces(cube: Cube): readonly number[] {
  return cube.dimensions.reduce<number[]>(
    (places, dimension, axis) => {
      const leaves = leavesOf(dimension)
      return places.flatMap((place) => leaves.map((leaf) => place + leaf * (cube.strides[axis] ?? 0)))
    },
    [0],
  )
}

/** Adds every child into its parent, one dimension after the other; leaf combinations must be filled, all others are overwritten. */
export function addMargins(cube: Cube, which: readonly Measure[] = measures): void {
  const isLeaf = cube.dimensions.map((dimension) => new Set(leavesOf(dimension)))
  const size = cube.respondents.length
  for (let place = 0; place < size; place++) if (!isLeafPlace(cube, isLeaf, place)) for (const measure of which) cube[measure][place] = 0
  cube.dimensions.forEach(({ nodes }, axis) => {
    const stride = cube.strides[axis] ?? 1
    for (let node = nodes.length - 1; node > 0; node--) {
      const up = (node - (nodes[node]?.parent ?? 0)) * stride
      for (let place = 0; place < size; place++)
        if (Math.floor(place / stride) % nodes.length === node)
          for (const measure of which) cube[measure][place - up] = (cube[measure][place - up] ?? 0) + (cube[measure][place] ?? 0)
    }
  })
}

function isLeafPlace(cube: Cube, leaves: readonly ReadonlySet<number>[], place: number): boolean {
  return cube.dimensions.every(({ nodes }, axis) => leaves[axis]?.has(Math.floor(place / (cube.strides[axis] ?? 1)) % nodes.length))
}

/** Do the leaves add up to the margins? They do not when categories overlap or people are missing from all of them. */
export function isAdditive(cube: Cube): boolean {
  const copy: Cube = { ...cube, respondents: cube.respondents.slice(), cases: cube.cases.slice() }
  addMargins(copy, ['respondents', 'cases'])
  return (
    copy.respondents.every((count, place) => count === cube.respondents[place]) &&
    copy.cases.every((count, place) => count === cube.cases[place])
  )
}
