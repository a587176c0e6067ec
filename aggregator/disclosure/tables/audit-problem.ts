import type { Columns } from './system.ts'

/** What an attacker knows, and what he must not be able to conclude. */
export interface AuditProblem {
  /** For each inner cell, the cells that hold it: `transposed(cellAtoms(system))`. */
  readonly cellsOfAtoms: Columns
  /** For each cell, its inner cells: `cellAtoms(system)`. */
  readonly atomsOfCells: Columns
  /** True counts of the cells. */
  readonly counts: Float64Array
  /** True inner cells. Only a starting point: every alternative table is found from the published figures. */
  readonly truth: Float64Array
  /** Published cells, with what their printed figure says about the count. */
  readonly rows: readonly PublishedRow[]
  /** Cells whose interval must reach from 0 to the minimum. */
  readonly targets: Int32Array
  readonly minimum: number
  /** Per cell, how low and how high its interval must reach, where that is not 0 and the minimum. */
  readonly needs?: { readonly lower: Float64Array; readonly upper: Float64Array }
  /** 1 for inner cells that cannot hold anybody, which the attacker knows too. */
  readonly impossible?: Uint8Array
  /** 1 for targets that are known to fail and not tried again. */
  readonly excluded?: Uint8Array
  /**
   * Chooses which published cell to give up when one is pinned for good; its row is then dropped and the attack goes on.
   * Only when `rows` holds every published cell: otherwise another one could say the same and the alternatives would be false.
   */
  readonly giveUp?: (pinnedBy: readonly number[]) => number | null
  /** Does a failure of this cell count although a larger region might clear it? */
  readonly isFinal?: (cell: number) => boolean
}

export interface PublishedRow {
  readonly cell: number
  readonly lower: number
  readonly upper: number
}

/** Widest interval of each cell over all alternative tables seen so far; starts at the truth. */
export interface Bounds {
  readonly lower: Float64Array
  readonly upper: Float64Array
}

export interface Failure {
  readonly cell: number
  readonly side: 'lower' | 'upper'
  readonly bound: number
  /** Published cells that pin this one: rows of the linear program with a dual value. */
  readonly pinnedBy: readonly number[]
  /** The same published cells bound it even when everything outside the region may vary: no larger region can clear it. */
  readonly isProven: boolean
}

export interface AuditOutcome {
  /** What stays bounded, as far as nothing could be given up for it. */
  readonly failures: readonly Failure[]
  /** Published cells whose rows were dropped. */
  readonly givenUp: readonly number[]
  readonly linearPrograms: number
}

/** Of a count, against the rounding of a linear program. */
export const tolerance = 1e-6
type Needs = Pick<AuditProblem, 'needs' | 'minimum'>

export function isLowerSafe({ needs }: Needs, bounds: Bounds, cell: number): boolean {
  return (bounds.lower[cell] as number) <= (needs?.lower[cell] ?? 0) + tolerance
}

export function isUpperSafe({ needs, minimum }: Needs, bounds: Bounds, cell: number): boolean {
  return (bounds.upper[cell] as number) >= (needs?.upper[cell] ?? minimum) - tolerance
}

/** Is it still to be shown that this target is not bounded? */
export function isOpenTarget(problem: Needs & Pick<AuditProblem, 'excluded'>, bounds: Bounds, cell: number): boolean {
  return !problem.excluded?.[cell] && !(isLowerSafe(problem, bounds, cell) && isUpperSafe(problem, bounds, cell))
}
