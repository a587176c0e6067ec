import { primaryCells } from '../../../../aggregator/disclosure/tables/primary.ts'
import type { System } from '../../../../aggregator/disclosure/tables/system.ts'
import { areaTree, flatTree, leavesOfTree, madeUpInner, systemOf } from './made-up-system.ts'

export interface ReferenceTable {
  readonly name: string
  readonly system: System
  readonly primary: Uint8Array
  /** Largest count first, ties by place. */
  readonly candidates: Int32Array
}

const shapes = [
  { levels: [2, 2], sexes: 2, ages: 17, statuses: 6, seed: 7 },
  { levels: [3, 4], sexes: 2, ages: 4, statuses: 6, seed: 3 },
  { levels: [4, 5], sexes: 2, ages: 17, statuses: 6, seed: 7 },
  { levels: [5, 4], sexes: 1, ages: 9, statuses: 5, seed: 21 },
] as const

/** Made-up areas by sex, age and status, all margins, ten as the least count that may be shown. */
export function referenceTables(): readonly ReferenceTable[] {
  return shapes.map(({ levels, sexes, ages, statuses, seed }) => {
    const area = areaTree(levels)
    const system = systemOf(
      [area, flatTree(sexes), flatTree(ages), flatTree(statuses)],
      madeUpInner(leavesOfTree(area).length, sexes, ages, statuses, seed),
    )
    const primary = primaryCells(system, 10, new Uint8Array(system.counts.length))
    const candidates = Int32Array.from(
      [...system.counts.keys()].filter((cell) => !primary[cell]).sort((a, b) => (system.counts[b] ?? 0) - (system.counts[a] ?? 0) || a - b),
    )
    return { name: `areas ${levels.join('x')}, sex ${sexes}, age ${ages}, status ${statuses}`, system, primary, candidates }
  })
}
