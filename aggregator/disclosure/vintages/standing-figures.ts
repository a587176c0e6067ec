import { codesAt, type Cube } from '../cube.ts'
import type { SystemInput } from '../indicator-system.ts'
import type { Part } from '../parts.ts'
import { grossChanges } from './gross-changes.ts'
import { countKey } from './memory.ts'

/** What the releases before say of the counts of an indicator. */
export interface StandingFigures {
  /** How the release just before showed a count behind which nothing has changed since: it stands that way. Null for any other count. */
  shownAs(place: number, part: Part): 'printed' | 'withheld' | null
  /** Does it differ from any earlier release by a few people only? */
  isSlightlyChanged(place: number, part: Part): boolean
}

export function standingFigures(
  { earlier = [], table, policy }: Pick<SystemInput, 'earlier' | 'table' | 'policy'>,
  cube: Cube,
): StandingFigures {
  const vintages = earlier.flatMap(({ table: old, shown }) => {
    const changedBy = grossChanges(old, table, cube, policy)
    return changedBy ? [{ changedBy, printed: new Set(shown?.printed), withheld: new Set(shown?.withheld) }] : []
  })
  const [newest] = vintages
  return {
    shownAs(place, part) {
      if (!newest || newest.changedBy(place, part) > 0) return null
      const key = countKey(part, codesAt(cube, place))
      return newest.printed.has(key) ? 'printed' : newest.withheld.has(key) ? 'withheld' : null
    },
    isSlightlyChanged: (place, part) =>
      vintages.some(({ changedBy }) => {
        const change = changedBy(place, part)
        return change > 0 && change < policy.minimumCount
      }),
  }
}
