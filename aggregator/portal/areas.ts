import type { PublishedRelease } from './published.ts'
import { everything } from './slices.ts'

export interface AreaNode {
  readonly code: string
  readonly parent: string | null
}

/** The tree of areas as the release's tables have it, parents before children, without the total. */
export function areaNodes(release: PublishedRelease): readonly AreaNode[] {
  const dimensions = release.tables.flatMap((table) => table.dimensions.filter(({ id }) => id === 'REF_AREA'))
  const [finest] = dimensions.toSorted((a, b) => b.nodes.length - a.nodes.length)
  const nodes = finest?.nodes ?? []
  return nodes
    .filter(({ code }) => code !== everything && code !== '_U')
    .map(({ code, parent }) => {
      const above = parent === null ? undefined : nodes[parent]?.code
      return { code, parent: above === undefined || above === everything ? null : above }
    })
}

export function childrenOf(nodes: readonly AreaNode[], code: string | null): readonly string[] {
  return nodes.filter(({ parent }) => parent === code).map((each) => each.code)
}

/** From the largest area down to the parent of this one. */
export function ancestorsOf(nodes: readonly AreaNode[], code: string): readonly string[] {
  const parent = nodes.find((each) => each.code === code)?.parent ?? null
  return parent === null ? [] : [...ancestorsOf(nodes, parent), parent]
}

/** Whoever looks at a map sees each place as long as there are at most this many. */
const mostOnMap = 48

/** The finest level that still fits on one map: children of the top, their children, and so on. */
export function areasForMap(nodes: readonly AreaNode[], within: string | null = null): readonly string[] {
  let level = childrenOf(nodes, within)
  for (;;) {
    const finer = level.flatMap((code) => {
      const children = childrenOf(nodes, code)
      return children.length > 0 ? children : [code]
    })
    if (finer.length > mostOnMap || finer.every((code, index) => code === level[index])) return level
    level = finer
  }
}
