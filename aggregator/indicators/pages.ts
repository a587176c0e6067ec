import type { PlacedDimension } from './dimensions.ts'

/**
 * The sums of one area over the combinations of leaves that occur in it; totals over those are formed when a table is read, which costs
 * microseconds. A page is never changed after it was published, so that whoever reads an older snapshot keeps it.
 */
export interface Page {
  /** Slot of each leaf combination; -1 where nobody is. */
  slotOf: Int32Array
  /** Leaf combination of each slot in use. */
  places: Int32Array
  used: number
  /** Slots there is room for: the distance between two aggregates. */
  room: number
  /** Counts of people or homes, aggregate after aggregate. */
  counts: Uint32Array
  /** Sums of numbers, in whole parts of `valueScale`. */
  sums: Float64Array
}

/** How the leaf combinations of a page are numbered, the last dimension fastest, and how many aggregates there are. */
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

const firstRoom = 32

export const emptyPage = ({ size, counts, sums }: PageShape, room = Math.min(firstRoom, size)): Page => ({
  slotOf: new Int32Array(size).fill(-1),
  places: new Int32Array(room),
  used: 0,
  room,
  counts: new Uint32Array(counts * room),
  sums: new Float64Array(sums * room),
})

/** A copy that may be changed, with room for `least` slots at least. */
export function copyPage(page: Page, shape: PageShape, least = page.room): Page {
  const copy = { ...page, slotOf: page.slotOf.slice() }
  if (least > page.room) widen(copy, shape, least)
  else Object.assign(copy, { places: page.places.slice(), counts: page.counts.slice(), sums: page.sums.slice() })
  return copy
}

/** How many leaf combinations of some pages another page lacks. */
export function missingIn(page: Page, others: readonly Page[]): number {
  const missing = new Set<number>()
  for (const { places, used } of others)
    for (let slot = 0; slot < used; slot++) {
      const place = places[slot] as number
      if ((page.slotOf[place] as number) < 0) missing.add(place)
    }
  return missing.size
}

/** The slot of a leaf combination, made when there is none. */
export function slotAt(page: Page, place: number, shape: PageShape): number {
  const found = page.slotOf[place] as number
  if (found >= 0) return found
  if (page.used === page.room) widen(page, shape)
  page.slotOf[place] = page.used
  page.places[page.used] = place
  return page.used++
}

/** Room for as many slots, at once instead of step by step. */
function reserve(page: Page, slots: number, shape: PageShape): void {
  if (page.room < Math.min(slots, shape.size)) widen(page, shape, slots)
}

/** Half as much room again: pages are many, and what they do not use is lost. */
function widen(page: Page, { size, counts, sums }: PageShape, least = Math.ceil(page.room * 1.5)): void {
  const room = Math.min(size, least)
  const places = new Int32Array(room)
  places.set(page.places)
  const wider = { counts: new Uint32Array(counts * room), sums: new Float64Array(sums * room) }
  for (let each = 0; each < counts; each++) wider.counts.set(page.counts.subarray(each * page.room, (each + 1) * page.room), each * room)
  for (let each = 0; each < sums; each++) wider.sums.set(page.sums.subarray(each * page.room, (each + 1) * page.room), each * room)
  Object.assign(page, { places, room, ...wider })
}

/** Adds a page to another (sign 1), or takes it away (-1). */
export function addPage(into: Page, from: Page, shape: PageShape, sign: 1 | -1 = 1): void {
  const slots = new Int32Array(from.used)
  reserve(into, from.used, shape)
  for (let slot = 0; slot < from.used; slot++) slots[slot] = slotAt(into, from.places[slot] as number, shape)
  for (let each = 0; each < shape.counts; each++) addCounts(into, from, slots, each, sign)
  for (let each = 0; each < shape.sums; each++) addSums(into, from, slots, each, sign)
}

// Two functions, because a loop that sees both kinds of array is compiled for neither.
function addCounts(into: Page, from: Page, slots: Int32Array, aggregate: number, sign: 1 | -1): void {
  const [target, source] = [into.counts, from.counts]
  const [start, origin] = [aggregate * into.room, aggregate * from.room]
  for (let slot = 0; slot < slots.length; slot++) {
    const amount = source[origin + slot] as number
    // Most combinations have nobody of an indicator: reading is cheaper than writing.
    if (amount === 0) continue
    const at = start + (slots[slot] as number)
    target[at] = (target[at] as number) + sign * amount
  }
}

function addSums(into: Page, from: Page, slots: Int32Array, aggregate: number, sign: 1 | -1): void {
  const [target, source] = [into.sums, from.sums]
  const [start, origin] = [aggregate * into.room, aggregate * from.room]
  for (let slot = 0; slot < slots.length; slot++) {
    const at = start + (slots[slot] as number)
    target[at] = (target[at] as number) + sign * (source[origin + slot] as number)
  }
}
