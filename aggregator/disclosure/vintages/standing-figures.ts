import { codesAt, type Cube } from '../cube.ts'
import type { SystemInput } from '../indicator-system.ts'
import type { Part } from '../parts.ts'
import { grossChanges } from './gross-changes.ts'
import { countKey } from './memory.ts'

/** What the releases before say of the counts of an indicator. */
export interface StandingFigures {
  /** How the release just before showed a count behind which nothing has changed since: it stands that way. Null for any other count. */
  shownAs(place: number, part: Part): 'printed' | 'withheld' | null
  /** The largest count of an earlier release from which it differs by a few people only; null when it differs so from none. */
  slightlyChangedFrom(place: number, part: Part): number | null
}

export function standingFigures(
  { earlier = [], table, policy }: Pick<SystemInput, 'earlier' | 'table' | 'policy'>,
  cube: Cube,
): StandingFigures {
  const vintages = earlier.flatMap(({ table: old, shown }) => {
    const before = grossChanges(old, table, cube, policy)
    return before ? [{ before, printed: new Set(shown?.printed), withheld: new Set(shown?.withheld) }] : []
  })
  const [newest] = vintages
  return {
    shownAs(place, part) {
      if (!newest || newest.before(place, part).change > 0) return null
      const key = countKey(part, codesAt(cube, place))
      return newest.printed.has(key) ? 'printed' : newest.withheld.has(key) ? 'withheld' : null
    },
    slightlyChangedFrom(place, part) {
      const slight = vintages.map(({ before }) => before(place, part)).filter(({ change }) => change > 0 && change < policy.minimumCount)
      return slight.length === 0 ? null : Math.max(...slight.map(({ count }) => count))
    },
  }
}
