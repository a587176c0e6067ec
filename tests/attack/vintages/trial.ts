import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createRandom } from '../../simulation/random.ts'
import type { Solver } from '../attackers.ts'
import { differing, pinnedChanges, readPair } from './difference.ts'
import { type Change, copyOf, happen, openTown, release, removeTown, type Town } from './real-town.ts'

export interface TrialResult {
  /** Printed figures of the second release that are not those of the first. */
  readonly differing: number
  readonly asked: number
  readonly pinned: readonly string[]
  /** Areas whose old figures stand. */
  readonly carried: readonly string[]
}

export interface Trial {
  readonly town: Town
  readonly change: Change
  /** Which home; 0 is the family of thirteen. */
  readonly home: number
  readonly seed: number
  /** The mutant: the second release is made as if there had been no first one. */
  readonly forgets?: boolean
}

/** A copy of the town lives on, makes its next release, and both releases are laid side by side. */
export async function attackVintages(solver: Solver, { town, change, home, seed, forgets = false }: Trial): Promise<TrialResult> {
  const folder = await copyOf(town.folder)
  try {
    const office = await openTown(folder)
    const made = await (async () => {
      try {
        const visited = town.visited[home]
        if (!visited) throw new RangeError('There is no such home.')
        await happen(office, change, visited, createRandom(seed))
        if (forgets) await forgetFirst(folder)
        return await release(office)
      } finally {
        await office.close()
      }
    })()
    const pair = readPair({ folder: town.folder, id: '2026-11-r1' }, { folder, id: made.id })
    return { differing: differing(pair), ...pinnedChanges(solver, pair), carried: made.carried }
  } finally {
    await removeTown({ folder })
  }
}

/** Did the attacker learn that something happened to somebody? Where nothing else changed, any figure that differs tells it. */
export function learned({ differing: figures, pinned }: TrialResult, nothingElse: boolean): boolean {
  return pinned.length > 0 || (nothingElse && figures > 0)
}

async function forgetFirst(folder: string): Promise<void> {
  for (const place of ['releases', 'disclosure']) await rm(join(folder, place), { recursive: true })
}
