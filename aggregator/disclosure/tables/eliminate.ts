import { prime } from './modular.ts'
import { type Reduced, ReducedStore } from './reduced-columns.ts'
import { SparseColumns } from './sparse-columns.ts'
import type { Columns } from './system.ts'

export interface EliminationInput {
  readonly columns: Columns
  /** Columns in the order in which they may be published; order decides utility, never safety. */
  readonly candidates: Int32Array
  /** 1 for every column that must not become derivable. */
  readonly protectedColumns: Uint8Array
  /** Columns that are published whatever follows (already released, structural zeros), before all candidates. */
  readonly forced?: Int32Array
  readonly modulus?: number
  readonly onProgress?: (done: number, total: number) => void
}

export interface Elimination {
  /** 1 for every candidate or forced column that may be published. */
  readonly published: Uint8Array
  /** Protected columns that the forced ones already determine; empty when the release is safe. */
  readonly determined: readonly number[]
  /** Independent published columns, in order. */
  readonly pivots: Int32Array
  /** For the certificate: the reduced pivot columns and the coordinate each one removed. */
  readonly reduced: Reduced
}

/**
 * Decides which candidates can be published so that no protected column lies in the span of the published ones:
 * sparse Gaussian elimination modulo a prime, pivot row by the shortest list (Markowitz).
 * Invariant: after every step no protected column is a combination of published columns.
 */
export function eliminate(input: EliminationInput): Elimination {
  const p = input.modulus ?? prime
  const sparse = new SparseColumns(input.columns, input.candidates, input.forced, input.protectedColumns, p)
  const published = new Uint8Array(input.columns.starts.length - 1)
  const pivots: number[] = []
  const reduced = new ReducedStore()
  const publish = (column: number) => {
    published[column] = 1
    if (sparse.length(column) > 0) {
      pivots.push(column)
      sparse.pivot(column, reduced)
    }
    if (!input.protectedColumns[column]) sparse.drop(column)
  }
  for (const column of input.forced ?? []) publish(column)
  const determined: number[] = []
  if (input.forced && input.forced.length > 0)
    for (let column = 0; column < published.length; column++)
      if (input.protectedColumns[column] && sparse.length(column) === 0) {
        determined.push(column)
        sparse.drop(column)
      }
  for (let at = 0; at < input.candidates.length; at++) {
    const column = input.candidates[at] as number
    if (published[column]) continue
    if (sparse.length(column) === 0) published[column] = 1
    else if (sparse.revealsProtected(column)) sparse.drop(column)
    else publish(column)
    if (input.onProgress && (at & 0x3ff) === 0) input.onProgress(at, input.candidates.length)
  }
  return { published, determined, pivots: Int32Array.from(pivots), reduced: reduced.finish() }
}
