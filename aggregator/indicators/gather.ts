import type { Measure } from './base-query.ts'
import { aggregateKey, type LatticeLayout } from './lattice-layout.ts'
import type { Page } from './pages.ts'

/** Where the leaf combinations of a page count in a table that has only some of the dimensions. */
export interface Target {
  /** Names the dimensions. */
  readonly key: string
  /** Combinations of nodes of these dimensions. */
  readonly size: number
  readonly places: Int32Array
}

const counted = ['respondents', 'withoutAnswer', 'cases'] as const
const summed = ['numerator', 'denominator'] as const

/** What is kept of an indicator. */
export const measuresOf = ({ aggregates }: LatticeLayout, id: string): readonly Measure[] => [
  ...counted,
  ...summed.filter((measure) => aggregates.has(aggregateKey(id, measure))),
]

/** Sums of an indicator in one area after the other: measure after measure, `target.size` apart. */
export type Gather = (id: string, target: Target) => (pages: readonly Page[]) => Float64Array

/** Larger tables are rarely asked for twice. */
const largestKept = 64
const mostKept = 64

/**
 * Gathers from pages, and remembers it with them: they do not change, and a change of the lattice gives only the areas it touches others. A table
 * of all areas then costs what has changed since somebody asked for it.
 */
export function createGather(layout: LatticeLayout): Gather {
  const known = new WeakMap<readonly Page[], Map<string, Float64Array>>()
  return (id, target) => {
    const gathered = gatherer(layout, id, target)
    if (target.size > largestKept) return gathered
    const key = `${id} ${target.key}`
    return (pages) => {
      let own = known.get(pages)
      if (!own) known.set(pages, (own = new Map<string, Float64Array>()))
      const found = own.get(key)
      if (found) return found
      const sums = gathered(pages)
      own.set(key, sums)
      if (own.size > mostKept) for (const oldest of [...own.keys()].slice(0, mostKept / 2)) own.delete(oldest)
      return sums
    }
  }
}

function gatherer(layout: LatticeLayout, id: string, target: Target): (pages: readonly Page[]) => Float64Array {
  const measures = measuresOf(layout, id)
  const indexes = measures.map((measure) => layout.aggregates.get(aggregateKey(id, measure))?.index ?? 0)
  const [respondents = 0, withoutAnswer = 0, cases = 0] = indexes
  return (pages) => {
    const into = new Float64Array(measures.length * target.size)
    for (const page of pages) {
      gatherCounts(into, page, target, respondents, withoutAnswer, cases)
      for (let place = counted.length; place < indexes.length; place++)
        gatherSums(into, page, target, indexes[place] as number, place * target.size)
    }
    return into
  }
}

/** The three counts at once: of most combinations an indicator asked nobody, and those are passed over. */
function gatherCounts(
  into: Float64Array,
  { counts, places: own, used, room }: Page,
  { places, size }: Target,
  first: number,
  second: number,
  third: number,
): void {
  for (let slot = 0; slot < used; slot++) {
    const respondents = counts[first * room + slot] as number
    const withoutAnswer = counts[second * room + slot] as number
    if (respondents === 0 && withoutAnswer === 0) continue
    const place = places[own[slot] as number] as number
    into[place] = (into[place] as number) + respondents
    into[size + place] = (into[size + place] as number) + withoutAnswer
    into[2 * size + place] = (into[2 * size + place] as number) + (counts[third * room + slot] as number)
  }
}

function gatherSums(into: Float64Array, { sums, places: own, used, room }: Page, { places }: Target, index: number, start: number): void {
  for (let slot = 0; slot < used; slot++) {
    const place = start + (places[own[slot] as number] as number)
    into[place] = (into[place] as number) + (sums[index * room + slot] as number)
  }
}
