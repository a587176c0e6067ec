import type { Measure } from './base-query.ts'
import { aggregateKey, type LatticeLayout } from './lattice-layout.ts'
import type { Layers } from './layers.ts'
import type { Page } from './pages.ts'
import type { TableShape } from './table-shape.ts'

const counted = ['respondents', 'withoutAnswer', 'cases'] as const
const summed = ['numerator', 'denominator'] as const

/** What is kept of an indicator. */
export const measuresOf = ({ aggregates }: LatticeLayout, id: string): readonly Measure[] => [
  ...counted,
  ...summed.filter((measure) => aggregates.has(aggregateKey(id, measure))),
]

/** Sums of an indicator in one area after the other, `shape.size` apart: an array per measure, which the caller may change. */
export type Gather = (id: string, shape: TableShape, areas: Layers) => readonly Float64Array[]

/** Numbers that are kept of tables of all areas, 8 bytes each; of larger tables nothing is kept. */
const mostKept = 8_000_000
const largestKept = 1_000_000

interface Kept {
  /** Which pages were summed last, per area. */
  readonly seen: Float64Array
  readonly sums: readonly Float64Array[]
}

/**
 * Gathers from pages, and keeps what tables of all areas were made of: pages do not change, and a change of the lattice gives only the areas it
 * touches others. Such a table then costs what has changed since somebody asked for it.
 */
export function createGather(layout: LatticeLayout): Gather {
  const kept = new Map<string, Kept>()
  const stampOf = createStamps()
  return (id, shape, areas) => {
    const measures = measuresOf(layout, id)
    const add = gatherer(layout, id, measures, shape)
    const empty = () => measures.map(() => new Float64Array(areas.length * shape.size))
    const numbers = measures.length * areas.length * shape.size
    if (!shape.withAreas || numbers > largestKept) {
      const sums = empty()
      for (const [node, pages] of areas.entries()) add(sums, node * shape.size, pages)
      return sums
    }
    const key = `${id} ${shape.key}`
    const { seen, sums } = kept.get(key) ?? { seen: new Float64Array(areas.length), sums: empty() }
    for (let node = 0; node < areas.length; node++) {
      const pages = areas[node] ?? []
      const stamp = stampOf(pages)
      if (seen[node] === stamp) continue
      const start = node * shape.size
      if (seen[node] !== 0) for (const each of sums) each.fill(0, start, start + shape.size)
      add(sums, start, pages)
      seen[node] = stamp
    }
    // The one asked for longest ago makes room.
    kept.delete(key)
    kept.set(key, { seen, sums })
    let all = 0
    for (const [older, own] of [...kept].toReversed()) {
      all += own.sums.reduce((total, { length }) => total + length, 0)
      if (all > mostKept) kept.delete(older)
    }
    return sums.map((each) => each.slice())
  }
}

/** A number for each set of pages, from 1: they are told apart without being kept. */
function createStamps(): (pages: readonly Page[]) => number {
  const stamps = new WeakMap<readonly Page[], number>()
  let last = 0
  return (pages) => {
    const found = stamps.get(pages)
    if (found !== undefined) return found
    stamps.set(pages, ++last)
    return last
  }
}

type Add = (into: readonly Float64Array[], start: number, pages: readonly Page[]) => void

function gatherer(layout: LatticeLayout, id: string, measures: readonly Measure[], { places }: TableShape): Add {
  const indexes = measures.map((measure) => layout.aggregates.get(aggregateKey(id, measure))?.index ?? 0)
  return (into, start, pages) => {
    for (const page of pages) {
      gatherCounts(into, start, page, places, indexes)
      for (let measure = counted.length; measure < indexes.length; measure++)
        gatherSums(into[measure] as Float64Array, start, page, places, indexes[measure] as number)
    }
  }
}

/** The three counts at once: of most combinations an indicator asked nobody, and those are passed over. */
function gatherCounts(
  into: readonly Float64Array[],
  start: number,
  { counts, places: own, used, room }: Page,
  places: Int32Array,
  indexes: readonly number[],
): void {
  const [asked, without, cases] = into as [Float64Array, Float64Array, Float64Array]
  const [first, second, third] = [(indexes[0] ?? 0) * room, (indexes[1] ?? 0) * room, (indexes[2] ?? 0) * room]
  for (let slot = 0; slot < used; slot++) {
    const respondents = counts[first + slot] as number
    const withoutAnswer = counts[second + slot] as number
    if (respondents === 0 && withoutAnswer === 0) continue
    const place = start + (places[own[slot] as number] as number)
    asked[place] = (asked[place] as number) + respondents
    without[place] = (without[place] as number) + withoutAnswer
    cases[place] = (cases[place] as number) + (counts[third + slot] as number)
  }
}

function gatherSums(into: Float64Array, start: number, { sums, places: own, used, room }: Page, places: Int32Array, index: number): void {
  for (let slot = 0; slot < used; slot++) {
    const place = start + (places[own[slot] as number] as number)
    into[place] = (into[place] as number) + (sums[index * room + slot] as number)
  }
}
