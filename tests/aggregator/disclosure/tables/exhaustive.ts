import type { PublishedRow } from '../../../../aggregator/disclosure/tables/audit-problem.ts'
import { cellAtoms, type System } from '../../../../aggregator/disclosure/tables/system.ts'

export interface WholeBounds {
  readonly lower: readonly number[]
  readonly upper: readonly number[]
  /** How many tables agree with what is printed; beyond 2^53 not to the last one. */
  readonly tables: number
}

/** Most people in an inner cell that no printed figure bounds. */
const most = 40

/**
 * Least and greatest count of every cell over ALL tables of whole counts that agree with the printed figures. Every table is looked at;
 * beginnings that leave the same remainder for the rest are continued once. Shares nothing with the linear programs.
 */
export function exhaustiveBounds(system: System, printed: readonly PublishedRow[]): WholeBounds {
  const count = system.inner.length
  const { cellsOf, rowsOf, left, slack, isLastOf } = layout(system, printed)
  const known = Array.from({ length: count }, () => new Map<string, WholeBounds>())
  const cells = system.counts.length
  const finished: WholeBounds = { lower: filled(cells, 0), upper: filled(cells, 0), tables: 1 }
  /** Bounds of what the inner cells from this one on add to each cell. */
  const from = (atom: number): WholeBounds => {
    if (atom === count) return finished
    const key = left.join()
    const before = known[atom]?.get(key)
    if (before) return before
    const rows = rowsOf[atom] ?? []
    const found = { lower: filled(cells, Number.POSITIVE_INFINITY), upper: filled(cells, -1), tables: 0 }
    const highest = Math.min(most, ...rows.map((row) => left[row] ?? 0))
    for (let value = 0; value <= highest; value++) {
      // A figure whose last inner cell this is must come out as it was printed.
      if (rows.some((row) => isLastOf[row] === atom && (left[row] ?? 0) - value > (slack[row] ?? 0))) continue
      for (const row of rows) left[row] = (left[row] ?? 0) - value
      widen(found, from(atom + 1), value, cellsOf[atom] ?? [])
      for (const row of rows) left[row] = (left[row] ?? 0) + value
    }
    known[atom]?.set(key, found)
    return found
  }
  return from(0)
}

const filled = (length: number, value: number) => Array.from({ length }, () => value)

/** Which printed figures hold an inner cell, how much is left of each and may stay over, which inner cell is its last. */
function layout(system: System, printed: readonly PublishedRow[]) {
  const atoms = cellAtoms(system)
  const members = Array.from(system.counts, (_, cell) => Array.from(atoms.indices.subarray(atoms.starts[cell], atoms.starts[cell + 1])))
  const rows = printed.map(({ cell }) => members[cell] ?? [])
  const holders = (cells: readonly (readonly number[])[]) =>
    Array.from(system.inner, (_, atom) => [...cells.keys()].filter((at) => cells[at]?.includes(atom)))
  return {
    cellsOf: holders(members),
    rowsOf: holders(rows),
    left: printed.map(({ upper }) => upper),
    slack: printed.map(({ lower, upper }) => upper - lower),
    isLastOf: rows.map((inside) => Math.max(...inside)),
  }
}

function widen(found: { lower: number[]; upper: number[]; tables: number }, rest: WholeBounds, value: number, inside: readonly number[]) {
  if (rest.tables === 0) return
  found.tables += rest.tables
  for (const [cell, lower] of rest.lower.entries()) {
    const own = inside.includes(cell) ? value : 0
    found.lower[cell] = Math.min(found.lower[cell] as number, lower + own)
    found.upper[cell] = Math.max(found.upper[cell] as number, (rest.upper[cell] as number) + own)
  }
}
