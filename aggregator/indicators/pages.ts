import { addMargins, ancestorPlaces, type Layout } from './roll-up.ts'

/**
 * The sums of one area: for each aggregate all combinations of the other dimensions. A page is never changed after it was
 * published: a change copies the pages it touches, so that whoever reads an older snapshot keeps it.
 */
export interface Page {
  /** Counts of people or homes, aggregate after aggregate. */
  readonly counts: Uint32Array
  /** Sums of numbers, in whole billionths of their unit as far as a double holds them. */
  readonly sums: Float64Array
}

/** Where each aggregate lies: counts and sums have their own arrays. */
export interface PageShape {
  readonly layout: Layout
  readonly counts: number
  readonly sums: number
}

export const emptyPage = ({ layout, counts, sums }: PageShape): Page => ({
  counts: new Uint32Array(counts * layout.size),
  sums: new Float64Array(sums * layout.size),
})

export const copyPage = ({ counts, sums }: Page): Page => ({ counts: counts.slice(), sums: sums.slice() })

/** Adds one page to another, both of the same shape. */
export function addPage(into: Page, from: Page): void {
  addInto(into.counts, from.counts)
  addInto(into.sums, from.sums)
}

function addInto(into: Uint32Array | Float64Array, from: Uint32Array | Float64Array): void {
  for (let at = 0; at < into.length; at++) into[at] = (into[at] ?? 0) + (from[at] ?? 0)
}

/** Fills in the totals of every aggregate of a page whose leaves are filled. */
export function totalPage({ layout }: PageShape, page: Page): void {
  for (const array of [page.counts, page.sums]) {
    for (let start = 0; start < array.length; start += layout.size) addMargins(layout, array.subarray(start, start + layout.size))
  }
}

/** Sums of some people, for one combination of leaves of one area. */
export interface Contribution {
  readonly area: number
  readonly nodes: readonly number[]
  /** Pairs of aggregate and amount, without the zeros. */
  readonly counts: readonly (readonly [number, number])[]
  readonly sums: readonly (readonly [number, number])[]
}

/** Adds (sign 1) or takes away (sign -1) a contribution in its leaves and all their totals. */
export function contribute({ layout }: PageShape, page: Page, { nodes, counts, sums }: Contribution, sign: 1 | -1): void {
  for (const place of ancestorPlaces(layout, nodes)) {
    for (const [aggregate, amount] of counts) {
      const at = aggregate * layout.size + place
      page.counts[at] = (page.counts[at] ?? 0) + sign * amount
    }
    for (const [aggregate, amount] of sums) {
      const at = aggregate * layout.size + place
      page.sums[at] = (page.sums[at] ?? 0) + sign * amount
    }
  }
}
