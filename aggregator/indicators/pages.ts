import type { PlacedDimension } from './dimensions.ts'

/**
 * The sums of one area: for each aggregate all combinations of the leaves of the other dimensions. Totals over those are formed
 * when a table is read, which costs microseconds. A page is never changed after it was published: a change copies the pages
 * it touches, so that whoever reads an older snapshot keeps it.
 */
export interface Page {
  /** Counts of people or homes, aggregate after aggregate. */
  readonly counts: Uint32Array
  /** Sums of numbers, in their unit. */
  readonly sums: Float64Array
}

/** How a page is laid out: aggregates outside, leaf combinations inside, the last dimension fastest. */
export interface PageShape {
  /** Leaf nodes of each dimension, and the place of each node among them. */
  readonly leaves: readonly (readonly number[])[]
  readonly leafOf: readonly Int32Array[]
  readonly strides: readonly number[]
  /** Leaf combinations. */
  readonly size: number
  readonly counts: number
  readonly sums: number
}

export function pageShape(dimensions: readonly PlacedDimension[], counts: number, sums: number): PageShape {
  const leaves = dimensions.map(({ dimension: { nodes } }) => {
    const parents = new Set(nodes.map(({ parent }) => parent))
    return [...nodes.keys()].filter((node) => !parents.has(node))
  })
  const leafOf = dimensions.map(({ dimension: { nodes } }, axis) =>
    Int32Array.from(nodes.keys(), (node) => leaves[axis]?.indexOf(node) ?? -1),
  )
  const strides = leaves.map((_, axis) => leaves.slice(axis + 1).reduce((product, each) => product * each.length, 1))
  return { leaves, leafOf, strides, size: leaves.reduce((product, each) => product * each.length, 1), counts, sums }
}

export const emptyPage = ({ size, counts, sums }: PageShape): Page => ({
  counts: new Uint32Array(counts * size),
  sums: new Float64Array(sums * size),
})

export const copyPage = ({ counts, sums }: Page): Page => ({ counts: counts.slice(), sums: sums.slice() })

/** Adds one page to another, both of the same shape. */
export function addPage(into: Page, from: Page): void {
  addCounts(into.counts, from.counts)
  addSums(into.sums, from.sums)
}

// Two functions, because a loop that sees both kinds of array is compiled for neither.
function addCounts(into: Uint32Array, from: Uint32Array): void {
  for (let at = 0; at < into.length; at++) into[at] = (into[at] as number) + (from[at] as number)
}

function addSums(into: Float64Array, from: Float64Array): void {
  for (let at = 0; at < into.length; at++) into[at] = (into[at] as number) + (from[at] as number)
}

/** Sums of some people: one combination of leaves of one area. */
export interface Contribution {
  readonly area: number
  /** Place among the leaf combinations. */
  readonly place: number
  /** Aggregate and amount in turn, without the zeros. */
  readonly counts: readonly number[]
  readonly sums: readonly number[]
}

/** Adds (sign 1) or takes away (sign -1) a contribution. */
export function contribute({ size }: PageShape, page: Page, { place, counts, sums }: Contribution, sign: 1 | -1): void {
  addPairs(page.counts, counts, size, place, sign)
  addPairs(page.sums, sums, size, place, sign)
}

function addPairs(into: Uint32Array | Float64Array, pairs: readonly number[], size: number, place: number, sign: 1 | -1): void {
  for (let at = 0; at < pairs.length; at += 2) {
    const cell = (pairs[at] ?? 0) * size + place
    into[cell] = (into[cell] ?? 0) + sign * (pairs[at + 1] ?? 0)
  }
}
