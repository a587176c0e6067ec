import { canonicalJson } from '../../../schemas/canonical.ts'
import type { WorkingTable } from '../../indicators/working-table.ts'
import { addMargins, type Cube, emptyCube, leafPlaces } from '../cube.ts'
import { describedCube } from '../described-cube.ts'
import { countsOf, type Part } from '../parts.ts'
import type { DisclosurePolicy } from '../policy.ts'

/** What an earlier release had in place of a count. */
export interface EarlierCount {
  /** People by whom it differs, joiners and leavers added and not set off. */
  readonly change: number
  readonly count: number
}

/**
 * By how many people each count differs from the release before, joiners and leavers added and not set off: the change of the
 * finest cells, summed. Null where the two cannot be compared cell by cell.
 */
export function grossChanges(
  previous: WorkingTable,
  table: WorkingTable,
  cube: Cube,
  policy: DisclosurePolicy,
): ((place: number, part: Part) => EarlierCount) | null {
  const old = describedCube(
    previous,
    cube.dimensions.map(({ id }) => id),
    policy,
  )
  if (!old || canonicalJson(old.dimensions) !== canonicalJson(cube.dimensions)) return null
  const [now, before] = [countsOf(table, cube, null), countsOf(previous, old, null)]
  const changes = new Map<Part, Float64Array>(
    (['denominator', 'numerator', 'complement'] as const).map((part) => {
      const sums = emptyCube(cube.dimensions)
      for (const place of leafPlaces(cube)) sums.respondents[place] = Math.abs(now(place, part) - before(place, part))
      addMargins(sums, ['respondents'])
      return [part, sums.respondents] as const
    }),
  )
  return (place, part) => ({ change: changes.get(part)?.[place] ?? 0, count: before(place, part) })
}
