import { valueScale } from './base-query.ts'
import { emptyPage, type Page, type PageShape, slotAt } from './pages.ts'
import type { ScanPlan } from './scan-plan.ts'
import { mostRows, type ScannedRows, wordsPerKind } from './scan-rows.ts'

/** Adds each row to the page of its area: for each indicator of the lattice its respondents, then those without answer, then its cases. */
export function addRows(
  rows: ScannedRows,
  pages: (Page | undefined)[],
  plan: ScanPlan,
  shape: PageShape,
  roomOf: (area: number) => number,
): void {
  const all = shape.counts / 3
  const perKind = wordsPerKind(plan)
  const indicators = plan.indicators.length
  const last = indicators % 32 === 0 ? -1 : (1 << (indicators % 32)) - 1
  const { words, count } = rows
  const emptied = emptyPage({ ...shape, counts: 0, sums: 0, size: 0 }, 0)
  clearWithoutNumber(rows, plan, perKind)
  for (let row = 0; row < count; row++) {
    let slot = -1
    let page = emptied
    for (let word = 0; word < perKind; word++) {
      const valid = word === perKind - 1 ? last : -1
      const at = word * mostRows + row
      const asked = (words[at] as number) & valid
      if (asked === 0) continue
      if (slot < 0) {
        page = pages[rows.areas[row] as number] ??= emptyPage(shape, roomOf(rows.areas[row] as number))
        slot = slotAt(page, rows.places[row] as number, shape)
      }
      const { counts, room } = page
      const universe = asked & (words[at + perKind * mostRows] as number)
      const first = plan.first + word * 32
      countBits(counts, universe, first * room + slot, room)
      countBits(counts, asked & ~universe, (all + first) * room + slot, room)
      countBits(counts, universe & (words[at + 2 * perKind * mostRows] as number), (2 * all + first) * room + slot, room)
    }
  }
  addNumbers(rows, pages, plan, perKind)
}

/** One more for each bit that is set; most are not. */
function countBits(counts: Uint32Array, bits: number, start: number, room: number): void {
  for (let left = bits; left !== 0; left &= left - 1) {
    const at = start + (31 - Math.clz32(left & -left)) * room
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

function addNumbers(rows: ScannedRows, pages: readonly (Page | undefined)[], plan: ScanPlan, perKind: number): void {
  const { words, count, areas, places } = rows
  for (const [index, { indicator }] of plan.numbers.entries()) {
    const column = rows.numbers[index] as Float64Array
    const bit = 1 << (indicator & 31)
    for (let row = 0, at = (indicator >> 5) * mostRows; row < count; row++, at++) {
      const number = column[row] as number
      if (((words[at] as number) & (words[at + perKind * mostRows] as number) & bit) === 0 || Number.isNaN(number)) continue
      const page = pages[areas[row] as number]
      if (!page) continue
      const cell = (plan.firstNumber + index) * page.room + (page.slotOf[places[row] as number] as number)
      page.sums[cell] = (page.sums[cell] as number) + Math.round(number * valueScale)
    }
  }
}
