import type { WorkingTable } from '../indicators/working-table.ts'
import { codesAt, type Cube, leafPlaces } from './cube.ts'
import { describedCube } from './described-cube.ts'
import { standingFigures } from './vintages/standing-figures.ts'
import type { ShownCounts } from './vintages/memory.ts'
import { conditionsOf, impossibleCodes } from './impossible.ts'
import { countsOf, type Part, partsOf, partTree } from './parts.ts'
import { impossiblePlace, type PlannedTable, placesOf, plannedTables } from './planned-cells.ts'
import { type Breakdown, type DisclosurePolicy, type IndicatorRule, isRestricted } from './policy.ts'
import { showingRules } from './showing-rules.ts'
import { treeAxis } from './tables/axis.ts'
import type { ProtectionRules } from './tables/protection-rules.ts'
import type { System } from './tables/system.ts'
import { usefulnessIn } from './usefulness.ts'

/** One indicator as a system of equations, and the way back from its cells to the tables of the plan. */
export interface IndicatorSystem {
  readonly table: WorkingTable
  readonly rule: IndicatorRule | undefined
  readonly cube: Cube
  readonly planned: readonly PlannedTable[]
  readonly parts: readonly Part[]
  readonly system: System
  readonly rules: ProtectionRules
  /** Parent lists of the axes, for the independent verifier. */
  readonly hierarchies: readonly { readonly parents: readonly (number | null)[] }[]
  /** Cell of the system for a place of the cube and a part; undefined when the plan does not hold it. */
  cellAt(place: number, part: Part): number | undefined
}

/** The protected count of everybody, which every indicator inside that population is protected together with. */
export interface ProtectedPopulation {
  readonly rule: IndicatorRule | undefined
  readonly table: WorkingTable
  /** Was the count of this combination of codes printed? Undefined when the plan does not hold it. */
  isPrinted(codes: Readonly<Record<string, string>>): boolean | undefined
}

/** One indicator as an earlier release had it. */
export interface EarlierVintage {
  readonly table: WorkingTable
  readonly shown: ShownCounts | undefined
}

export interface SystemInput {
  readonly table: WorkingTable
  readonly breakdowns: readonly Breakdown[]
  readonly rule: IndicatorRule | undefined
  /** People in the frame by area code. */
  readonly frame: ReadonlyMap<string, number>
  readonly population: ProtectedPopulation | null
  /** The same indicator in the releases before, the newest first. */
  readonly earlier?: readonly EarlierVintage[]
  readonly policy: DisclosurePolicy
}

/** @returns the system, or the reason why the indicator cannot be in the release. */
export function indicatorSystem(input: SystemInput): IndicatorSystem | { readonly left: string } {
  const { table, breakdowns, policy } = input
  const own = table.type === 'distribution' ? (table.dimensions.find(({ id }) => !policy.descriptions.includes(id))?.id ?? null) : null
  // A dimension that no area is large enough for is left out: fewer inner cells, the same figures.
  const used = new Set(plannedTables(table.dimensions, own, breakdowns, policy, input.frame).flatMap(({ breakdown }) => breakdown.by))
  const wanted = ['REF_AREA', ...used, ...(own ? [own] : [])]
  const cube = describedCube(table, wanted, policy)
  if (!cube) return { left: 'its categories overlap or leave people out, so that they do not add up to the total' }
  const planned = plannedTables(cube.dimensions, own, breakdowns, policy, input.frame)
  if (planned.length === 0) return { left: 'no planned table fits its areas and dimensions' }
  const around = populationCube(input, cube, wanted)
  const parts = partsOf(table, around !== null)
  const places = [...new Set(planned.flatMap((each) => [...placesOf(each, cube.strides)]))].sort((a, b) => a - b)
  return { table, rule: input.rule, cube, planned, parts, ...assemble(input, cube, around, places, parts) }
}

/** Everybody, laid out like the indicator; null when the indicator does not lie inside that population or has other dimensions. */
function populationCube({ population, table, rule, policy }: SystemInput, cube: Cube, wanted: readonly string[]): Cube | null {
  if (!population || table.level !== 'person' || table.type === 'distribution' || table.type === 'ratio') return null
  const inner = conditionsOf(rule?.universe ?? '', policy)
  const outer = conditionsOf(population.rule?.universe ?? '', policy)
  if (outer.size === 0 || ![...outer].every((each) => inner.has(each))) return null
  const around = describedCube(population.table, wanted, policy)
  const isAlike = around !== null && JSON.stringify(around.dimensions) === JSON.stringify(cube.dimensions)
  return isAlike && around.respondents.every((count, place) => count >= (cube.respondents[place] ?? 0)) ? around : null
}

function assemble(
  input: SystemInput,
  cube: Cube,
  around: Cube | null,
  places: readonly number[],
  parts: readonly Part[],
): Pick<IndicatorSystem, 'system' | 'rules' | 'hierarchies' | 'cellAt'> {
  const { rule, policy } = input
  const width = cube.dimensions.length + 1
  const count = places.length * parts.length
  const nodes = new Int32Array(count * width)
  const counts = new Float64Array(count)
  const flags = {
    publishable: new Uint8Array(count),
    structural: new Uint8Array(count),
    rounding: new Uint8Array(count),
    floors: new Float64Array(count),
    unguarded: new Uint8Array(count),
    slightlyChanged: new Uint8Array(count),
    upperReach: new Float64Array(count).fill(policy.minimumCount),
    usefulness: new Float64Array(count),
  }
  const standing = standingFigures(input, cube)
  const usefulnessOf = usefulnessIn(cube)
  const released: number[] = []
  const countOf = countsOf(input.table, cube, around)
  const isImpossible = impossiblePlace(cube.dimensions, cube.strides, impossibleCodes(rule, cube.dimensions, policy))
  const showing = showingRules(input.table, cube, rule, input.frame, policy)
  const cellOf = new Map<number, number>()
  places.forEach((place, at) =>
    parts.forEach((part, partAt) => {
      const cell = at * parts.length + partAt
      cellOf.set(place * parts.length + partAt, cell)
      cube.dimensions.forEach((dimension, axis) => {
        nodes[cell * width + axis] = Math.floor(place / (cube.strides[axis] ?? 1)) % dimension.nodes.length
      })
      nodes[cell * width + width - 1] = partAt
      counts[cell] = countOf(place, part)
      flags.usefulness[cell] = usefulnessOf(place, counts[cell] ?? 0)
      const shown = showing(place, part)
      flags.rounding[cell] = shown.rounding
      flags.floors[cell] = shown.floor
      if (part === 'population') {
        const printed = input.population?.isPrinted(codesAt(cube, place))
        if (printed === true) released.push(cell)
        // What was printed as impossible is known to hold nobody, in every part.
        if (printed === true && counts[cell] === 0) flags.structural[cell] = 1
        // A combination that the population's own tables do not show needs no guard here.
        flags.unguarded[cell] = printed === undefined ? 1 : 0
      } else if (part === 'outside') flags.unguarded[cell] = 1
      else {
        flags.structural[cell] = isImpossible(place) && counts[cell] === 0 ? 1 : 0
        const before = standing.shownAs(place, part)
        const from = before === null ? standing.slightlyChangedFrom(place, part) : null
        const isSmall = (counts[cell] ?? 0) < policy.minimumCount
        const isSlight = from !== null && !isSmall
        // A count that fell under the minimum may as well be what it was before: else it is certain that somebody left.
        const hasFallen = from !== null && isSmall && from > policy.minimumCount
        flags.slightlyChanged[cell] = isSlight || hasFallen ? 1 : 0
        if (before === 'printed' && !flags.structural[cell]) released.push(cell)
        // Nobody can think the group larger than the printed population around it, whatever is withheld here.
        if (around) flags.upperReach[cell] = countOf(place, 'population') - (counts[cell] ?? 0)
        if (hasFallen) flags.upperReach[cell] = from - (counts[cell] ?? 0)
        flags.publishable[cell] = shown.publishable && !isSlight && before !== 'withheld' ? 1 : 0
      }
    }),
  )
  const parentLists = cube.dimensions.map((dimension) => dimension.nodes.map(({ parent }) => parent))
  const tree = partTree(parts)
  const axes = [...cube.dimensions.map(({ id }, axis) => treeAxis(id, parentLists[axis] ?? [], margin(cube, axis))), tree.axis]
  const inner = Float64Array.from(leafPlaces(cube).flatMap((place) => tree.leaves.map((part) => countOf(place, part))))
  const areaAxis = cube.dimensions.findIndex(({ id }) => id === 'REF_AREA')
  return {
    system: { axes, nodes, counts, inner },
    rules: {
      minimum: policy.minimumCount,
      ...flags,
      released: Int32Array.from(released),
      areaAxis: areaAxis < 0 ? null : areaAxis,
      seed: policy.seed,
      isStrict: isRestricted(input.table.indicator, rule, policy),
    },
    hierarchies: [...parentLists.map((parents) => ({ parents })), { parents: tree.parents }],
    cellAt: (place, part) => (parts.includes(part) ? cellOf.get(place * parts.length + parts.indexOf(part)) : undefined),
  }
}

function margin(cube: Cube, axis: number): number[] {
  return (cube.dimensions[axis]?.nodes ?? []).map((_, node) => cube.respondents[node * (cube.strides[axis] ?? 1)] ?? 0)
}
