import { valueScale } from './base-query.ts'
import type { PageShape } from './pages.ts'
import type { ScanPlan } from './scan-plan.ts'
import { mostRows, type ScannedRows, wordsPerKind } from './scan-rows.ts'
import { blockShift, emptyTally, inBlock, slotIn, type Tally } from './tallies.ts'

/** Adds each row to the tally of its area: for each indicator of the lattice its respondents, then those without answer, then its cases. */
export function addRows(rows: ScannedRows, tallies: (Tally | undefined)[], plan: ScanPlan, shape: PageShape): void {
  const all = shape.counts / 3
  const perKind = wordsPerKind(plan)
  const indicators = plan.indicators.length
  const last = indicators % 32 === 0 ? -1 : (1 << (indicators % 32)) - 1
  const { words, count } = rows
  clearWithoutNumber(rows, plan, perKind)
  for (let row = 0; row < count; row++) {
    let at = -1
    let counts: Uint32Array = nothing
    for (let word = 0; word < perKind; word++) {
      const valid = word === perKind - 1 ? last : -1
      const own = word * mostRows + row
      const asked = (words[own] as number) & valid
      if (asked === 0) continue
      if (at < 0) {
        const tally = (tallies[rows.areas[row] as number] ??= emptyTally(shape))
        const slot = slotIn(tally, rows.places[row] as number, shape)
        counts = tally.counts[slot >> blockShift] as Uint32Array
        at = (slot & inBlock) * shape.counts
      }
      const universe = asked & (words[own + perKind * mostRows] as number)
      const first = at + plan.first + word * 32
      countBits(counts, universe, first)
      countBits(counts, asked & ~universe, first + all)
      countBits(counts, universe & (words[own + 2 * perKind * mostRows] as number), first + 2 * all)
    }
  }
  addNumbers(rows, tallies, plan, shape, perKind)
}

const nothing = new Uint32Array(0)

/** One more for each bit that is set; most are not. */
function countBits(counts: Uint32Array, bits: number, first: number): void {
  for (let left = bits; left !== 0; left &= left - 1) {
    const at = first + (31 - Math.clz32(left & -left))
    counts[at] = (counts[at] as number) + 1
  }
}

/** Whoever lacks the number that a mean is made of did not answer. */
function clearWithoutNumber({ words, count, numbers }: ScannedRows, plan: ScanPlan, perKind: number): void {
  for (const [index, { indicator, needed }] of plan.numbers.entries()) {
    if (!needed) continue
    const column = numbers[index] as Float64Array
    const bit = ~(1 << (indicator & 31))
    for (let row = 0, at = (perKind + (indicator >> 5)) * mostRows; row < count; row++, at++)
      if (Number.isNaN(column[row])) words[at] = (words[at] as number) & bit
  }
}

function addNumbers(rows: ScannedRows, tallies: readonly (Tally | undefined)[], plan: ScanPlan, shape: PageShape, perKind: number): void {
  const { words, count, areas, places } = rows
  for (const [index, { indicator }] of plan.numbers.entries()) {
    const column = rows.numbers[index] as Float64Array
    const bit = 1 << (indicator & 31)
    for (let row = 0, at = (indicator >> 5) * mostRows; row < count; row++, at++) {
      const number = column[row] as number
      if (((words[at] as number) & (words[at + perKind * mostRows] as number) & bit) === 0 || Number.isNaN(number)) continue
      const tally = tallies[areas[row] as number]
      if (!tally) continue
      const slot = tally.slotOf[places[row] as number] as number
      const sums = tally.sums[slot >> blockShift] as Float64Array
      const cell = (slot & inBlock) * shape.sums + plan.firstNumber + index
      sums[cell] = (sums[cell] as number) + Math.round(number * valueScale)
    }
  }
}
