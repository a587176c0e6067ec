import type { WorkingTable } from '../indicators/working-table.ts'
import { type Cube, cubeOf, isAdditive, reducedCube } from './cube.ts'
import { foldResidual } from './fold-residual.ts'
import type { DisclosurePolicy } from './policy.ts'

/**
 * The figures of an indicator by some dimensions. Residual codes are shared out before any dimension is left out and in one order of the
 * dimensions, so that the same people are counted in the same place in every table of every indicator.
 * @returns null when categories overlap or leave people out.
 */
export function describedCube(table: WorkingTable, kept: readonly string[], policy: DisclosurePolicy): Cube | null {
  const own = table.dimensions.map(({ id }) => id).filter((id) => !policy.descriptions.includes(id) && kept.includes(id))
  const raw = cubeOf(table, [...policy.descriptions, ...own])
  return isAdditive(raw) ? reducedCube(foldResidual(raw, policy.folded, policy.seed), kept) : null
}
