import { emptyPage, type Page, type PageShape } from './pages.ts'

/**
 * The sums of one area while rows are added. All sums of a combination of leaves lie together, so that a row touches one place of memory;
 * memory comes in blocks, so that nothing is copied when combinations are met. A page, where the same sum of all lies together, is made of it once.
 */
export interface Tally {
  /** Slot of each leaf combination; -1 where nobody is. */
  readonly slotOf: Int32Array
  /** Leaf combination of each slot. */
  readonly places: number[]
  /** Blocks of slots, each with all its counts. */
  readonly counts: Uint32Array[]
  readonly sums: Float64Array[]
}

export const slotsPerBlock = 128
/** Slot to block, and to its place in the block. */
export const blockShift = Math.log2(slotsPerBlock)
export const inBlock = slotsPerBlock - 1

export const emptyTally = ({ size }: PageShape): Tally => ({ slotOf: new Int32Array(size).fill(-1), places: [], counts: [], sums: [] })

/** The slot of a leaf combination, made when there is none. */
export function slotIn(tally: Tally, place: number, { counts, sums }: PageShape): number {
  const found = tally.slotOf[place] as number
  if (found >= 0) return found
  const slot = tally.places.push(place) - 1
  if ((slot & inBlock) === 0) {
    tally.counts.push(new Uint32Array(blockMemory(slotsPerBlock * counts * 4)))
    tally.sums.push(new Float64Array(blockMemory(slotsPerBlock * sums * 8)))
  }
  tally.slotOf[place] = slot
  return slot
}

/** Shared memory does not count as the heap of this thread: else filling the tallies alone would collect garbage every 64 MB, and find none. */
const blockMemory = (bytes: number) => new SharedArrayBuffer(bytes)

/** A page with room for just what was met. */
export function pageOf(tally: Tally, shape: PageShape): Page {
  const { places, slotOf } = tally
  const room = places.length
  const page = { ...emptyPage({ ...shape, size: 0 }, room), slotOf, places: Int32Array.from(places), used: room }
  for (const [block, counts] of tally.counts.entries()) turn(counts, page.counts, block * slotsPerBlock, room, shape.counts)
  for (const [block, sums] of tally.sums.entries()) turn(sums, page.sums, block * slotsPerBlock, room, shape.sums)
  return page
}

function turn(from: Uint32Array | Float64Array, into: Uint32Array | Float64Array, first: number, room: number, aggregates: number): void {
  const slots = Math.min(slotsPerBlock, room - first)
  for (let aggregate = 0; aggregate < aggregates; aggregate++) {
    const start = aggregate * room + first
    for (let slot = 0; slot < slots; slot++) into[start + slot] = from[slot * aggregates + aggregate] as number
  }
}
