/** Sparse linear form with small integer coefficients; indices ascend. */
export interface Form {
  readonly indices: readonly number[]
  readonly values: readonly number[]
}

/**
 * One dimension of a system of tables, seen as linear algebra: what each node is in terms of independent coordinates
 * (for elimination) and of atoms that cannot be negative (for bounds).
 */
export interface Axis {
  readonly id: string
  readonly coordinates: number
  readonly atoms: number
  /** One per node. */
  readonly forms: readonly Form[]
  /** One per node, over the atoms. */
  readonly atomForms: readonly Form[]
  /** Node of each atom, the children of each node: what the certificate and the virtual sums walk along. */
  readonly atomNodes: readonly number[]
  readonly children: readonly (readonly number[])[]
}

/**
 * A tree as an axis, in a reference-child basis: one child of every inner node is dropped and written as
 * parent minus siblings, so a margin is a single coordinate instead of a sum over all leaves.
 * @param parents index of each node's parent, null for node 0; children come after their parent.
 * @param sizes optional; the smallest child is the one that is dropped, which keeps the forms of large cells short.
 */
export function treeAxis(id: string, parents: readonly (number | null)[], sizes?: ArrayLike<number>): Axis {
  const children = childrenOf(parents)
  const dropped = new Set<number>()
  for (const siblings of children)
    if (siblings.length > 0)
      dropped.add(siblings.reduce((least, each) => ((sizes?.[each] ?? 0) < (sizes?.[least] ?? 0) ? each : least), siblings.at(-1) ?? 0))
  const coordinateOf = parents.map(() => -1)
  let coordinates = 0
  parents.forEach((_, node) => {
    if (!dropped.has(node)) coordinateOf[node] = coordinates++
  })
  const forms: Form[] = []
  parents.forEach((parent, node) => {
    const own = coordinateOf[node] ?? -1
    if (own >= 0 || parent === null) {
      forms.push({ indices: [own], values: [1] })
      return
    }
    const siblings = (children[parent] ?? []).filter((each) => each !== node)
    const sum = new Map((forms[parent] as Form).indices.map((index, at) => [index, (forms[parent] as Form).values[at] ?? 0]))
    for (const sibling of siblings) sum.set(coordinateOf[sibling] ?? -1, (sum.get(coordinateOf[sibling] ?? -1) ?? 0) - 1)
    forms.push(formOf(sum))
  })
  const leaves = parents.map((_, node) => node).filter((node) => (children[node] ?? []).length === 0)
  return { id, coordinates, atoms: leaves.length, forms, atomForms: leafSums(parents, leaves), atomNodes: leaves, children }
}

/** Sparse form of a map from index to coefficient; zeros are left out. */
export function formOf(sum: ReadonlyMap<number, number>): Form {
  const entries = [...sum].filter(([, value]) => value !== 0).sort(([a], [b]) => a - b)
  return { indices: entries.map(([index]) => index), values: entries.map(([, value]) => value) }
}

export function childrenOf(parents: readonly (number | null)[]): readonly (readonly number[])[] {
  const children: number[][] = parents.map(() => [])
  parents.forEach((parent, node) => {
    if (parent !== null) children[parent]?.push(node)
  })
  return children
}

function leafSums(parents: readonly (number | null)[], leaves: readonly number[]): readonly Form[] {
  const below: number[][] = parents.map(() => [])
  leaves.forEach((leaf, atom) => {
    for (let node: number | null = leaf; node !== null; node = parents[node] ?? null) below[node]?.push(atom)
  })
  return below.map((indices) => ({ indices, values: indices.map(() => 1) }))
}
