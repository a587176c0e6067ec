import type { LatticeLayout } from './lattice-layout.ts'
import { addPage, copyPage, emptyPage, missingIn, type Page } from './pages.ts'

/**
 * The pages of each node of the area tree, by node: their sum holds. Published pages are never changed: what a change brings lies above them as
 * a thin page of its own, so that a change costs what it brings and not what is there.
 */
export type Layers = readonly (readonly Page[])[]

/** When more lie upon each other, reading costs more than laying them together once. */
const mostLayers = 8

/** To be awaited often: lets others have their turn when a slice is over. */
export type Rest = () => Promise<void> | undefined

/** Longest time that a change keeps readers waiting, ms. */
const sliceMs = 2

export function inSlices(): Rest {
  let began = performance.now()
  return () => {
    if (performance.now() - began < sliceMs) return undefined
    return new Promise((resolve) =>
      setImmediate(() => {
        began = performance.now()
        resolve()
      }),
    )
  }
}

/** The pages of leaves, and the sums of all areas above them. */
export function layersOf({ areas, shape }: LatticeLayout, leaves: readonly (Page | undefined)[]): Layers {
  const pages = [...leaves]
  const { nodes } = areas.dimension
  // The smallest first.
  for (let node = nodes.length - 1; node > 0; node--) {
    const page = pages[node]
    if (page) addPage((pages[nodes[node]?.parent ?? 0] ??= emptyPage(shape, page.room)), page, shape)
  }
  return pages.map((page) => (page ? [page] : []))
}

/** Lays pages of new records above those of their areas and of all areas around. */
export async function layOver(
  layout: LatticeLayout,
  layers: (readonly Page[])[],
  added: readonly (Page | undefined)[],
  rest: Rest,
): Promise<void> {
  const thin = new Map<number, Page>()
  const sums = new Set<Page>()
  for (const [leaf, page] of added.entries()) {
    if (!page) continue
    for (const node of lineOf(layout, leaf)) {
      const there = thin.get(node)
      // Where only one area below has changed, its page serves above too.
      if (!there) thin.set(node, page)
      else {
        const sum = sums.has(there) ? there : copyPage(there, layout.shape)
        sums.add(sum)
        thin.set(node, sum)
        addPage(sum, page, layout.shape)
        await rest()
      }
    }
  }
  for (const [node, page] of thin) {
    const all = [...(layers[node] ?? []), page]
    layers[node] = all.length > mostLayers ? [await laidTogether(layout, all, rest)] : all
    await rest()
  }
}

/** Puts areas that were summed again in place, and the difference into all above. */
export async function replaceAreas(
  layout: LatticeLayout,
  layers: (readonly Page[])[],
  fresh: readonly (Page | undefined)[],
  codes: readonly string[],
  rest: Rest,
): Promise<void> {
  const { areas, shape } = layout
  const own = new Map<number, Page>()
  for (const code of new Set(codes)) {
    const leaf = areas.nodeOf.get(code) ?? areas.unknownNode
    const now = fresh[leaf]
    for (const node of lineOf(layout, leaf).slice(1)) {
      const page = own.get(node) ?? (await laidTogether(layout, layers[node] ?? [], rest))
      own.set(node, page)
      for (const old of layers[leaf] ?? []) addPage(page, old, shape, -1)
      if (now) addPage(page, now, shape)
      layers[node] = [page]
      await rest()
    }
    layers[leaf] = now ? [now] : []
  }
}

/** One page of its own that holds what several hold together. */
async function laidTogether({ shape }: LatticeLayout, pages: readonly Page[], rest: Rest): Promise<Page> {
  const [first, ...others] = pages
  if (!first) return emptyPage(shape)
  const together = copyPage(first, shape, first.used + missingIn(first, others))
  for (const other of others) {
    addPage(together, other, shape)
    await rest()
  }
  return together
}

/** A node and all above it. */
function lineOf({ areas }: LatticeLayout, leaf: number): readonly number[] {
  const { nodes } = areas.dimension
  const line: number[] = []
  for (let node: number | null = leaf; node !== null; node = nodes[node]?.parent ?? null) line.push(node)
  return line
}
