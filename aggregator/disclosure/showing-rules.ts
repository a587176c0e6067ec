import type { WorkingTable } from '../indicators/working-table.ts'
import type { Cube } from './cube.ts'
import type { Part } from './parts.ts'
import { areaLevels } from './planned-cells.ts'
import type { DisclosurePolicy, IndicatorRule } from './policy.ts'

export interface Showing {
  readonly publishable: boolean
  /** Base, 0 for exact. */
  readonly rounding: number
  /** Least count with which it is printed. */
  readonly floor: number
}

/** What the plan's quality rules let us print, apart from secrecy: enough respondents, a frame large enough for detail, rounding. */
export function showingRules(
  table: WorkingTable,
  cube: Cube,
  rule: IndicatorRule | undefined,
  frame: ReadonlyMap<string, number>,
  policy: DisclosurePolicy,
): (place: number, part: Part) => Showing {
  const levels = areaLevels(cube.dimensions, policy)
  const areaAxis = cube.dimensions.findIndex(({ id }) => id === 'REF_AREA')
  const areas = cube.dimensions[areaAxis]
  const stride = cube.strides[areaAxis] ?? 1
  const least = leastRespondents(table, rule, policy)
  return (place, part) => {
    const area = areas ? Math.floor(place / stride) % areas.nodes.length : 0
    const level = levels[area] ?? ''
    const isTotal = place === area * (areas ? stride : 0)
    const isSmall =
      level === policy.frame.level && (frame.get(areas?.nodes[area]?.code ?? '') ?? Number.POSITIVE_INFINITY) < policy.frame.minimumPersons
    const enough = table.type === 'distribution' || (cube.respondents[place] ?? 0) >= least
    const isFloored = part === 'denominator' && table.type !== 'distribution' && table.type !== 'ratio'
    return {
      publishable: enough && (isTotal || !isSmall) && part !== 'complement',
      rounding: policy.rounding.levels.includes(level) ? policy.rounding.base : 0,
      floor: isFloored ? Math.max(policy.minimumCount, least) : policy.minimumCount,
    }
  }
}

/** Fewest respondents behind a printed figure; a rate of few people is noise, whoever they are. */
function leastRespondents(table: WorkingTable, rule: IndicatorRule | undefined, policy: DisclosurePolicy): number {
  const isRestricted = policy.restricted.indicators.includes(table.indicator)
  const own = Math.max(rule?.minimumRespondents ?? 0, isRestricted ? policy.restricted.minimumRespondents : 0)
  const isCount = table.type === 'count' || table.type === 'distribution'
  return Math.max(own, isCount ? policy.minimumCount : policy.rates.withheldBelow)
}
