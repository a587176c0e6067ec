import type { WorkingTable } from '../indicators/working-table.ts'
import { type Cube, cubeOf, isAdditive, leafPlaces } from './cube.ts'
import { foldResidual } from './fold-residual.ts'
import { areaLevels, impossiblePlace, type PlannedTable, placesOf, plannedTables } from './planned-cells.ts'
import type { Breakdown, DisclosurePolicy, IndicatorRule } from './policy.ts'
import type { Axis } from './tables/axis.ts'
import { treeAxis } from './tables/axis.ts'
import type { ProtectionRules } from './tables/protect-system.ts'
import type { System } from './tables/system.ts'

/** What a count stands for inside one indicator; all of them are protected as one system. */
export type Part = 'denominator' | 'numerator' | 'complement'

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

const standard = new Set(['REF_AREA', 'SEX', 'AGE', 'MIG_STATUS', 'DISABILITY'])

/** @returns null when the plan holds nothing of this indicator, or a reason why it cannot be protected. */
export function indicatorSystem(
  table: WorkingTable,
  breakdowns: readonly Breakdown[],
  rule: IndicatorRule | undefined,
  frame: ReadonlyMap<string, number>,
  policy: DisclosurePolicy,
): IndicatorSystem | { readonly left: string } {
  const own = table.dimensions.find(({ id }) => !standard.has(id) && !breakdowns.some(({ by }) => by.includes(id)))?.id ?? null
  const wanted = ['REF_AREA', ...new Set(breakdowns.flatMap(({ by }) => by)), ...(own ? [own] : [])]
  const raw = cubeOf(table, wanted)
  if (!isAdditive(raw)) return { left: 'its categories overlap or leave people out, so that they do not add up to the total' }
  const cube = foldResidual(raw, policy.folded, policy.seed)
  const planned = plannedTables(cube.dimensions, own, breakdowns, policy)
  if (planned.length === 0) return { left: 'no planned table fits its areas and dimensions' }
  const parts = partsOf(table, own)
  const places = [...new Set(planned.flatMap((each) => [...placesOf(each, cube.strides)]))]
  return { table, rule, cube, planned, parts, ...assemble(table, cube, places, parts, rule, frame, policy) }
}

function partsOf(table: WorkingTable, own: string | null): readonly Part[] {
  if (own !== null) return ['denominator']
  const isShare = table.type === 'proportion' || table.type === 'rate' || table.type === 'ratio'
  if (!isShare) return ['denominator']
  return table.cells.every(({ cases, respondents }) => cases <= respondents)
    ? ['denominator', 'numerator', 'complement']
    : ['denominator', 'numerator']
}

function assemble(
  table: WorkingTable,
  cube: Cube,
  places: readonly number[],
  parts: readonly Part[],
  rule: IndicatorRule | undefined,
  frame: ReadonlyMap<string, number>,
  policy: DisclosurePolicy,
): Pick<IndicatorSystem, 'system' | 'rules' | 'hierarchies' | 'cellAt'> {
  const counted = table.type === 'distribution' ? cube.cases : cube.respondents
  const width = cube.dimensions.length + 1
  const count = places.length * parts.length
  const nodes = new Int32Array(count * width)
  const counts = new Float64Array(count)
  const flags = {
    publishable: new Uint8Array(count),
    structural: new Uint8Array(count),
    rounding: new Uint8Array(count),
    floors: new Float64Array(count),
  }
  const isImpossible = impossiblePlace(cube.dimensions, cube.strides, rule)
  const showing = showingRules(table, cube, parts, rule, frame, policy)
  const cellOf = new Map<number, number>()
  places.forEach((place, at) =>
    parts.forEach((part, partAt) => {
      const cell = at * parts.length + partAt
      cellOf.set(place * parts.length + partAt, cell)
      cube.dimensions.forEach((dimension, axis) => {
        nodes[cell * width + axis] = Math.floor(place / (cube.strides[axis] ?? 1)) % dimension.nodes.length
      })
      nodes[cell * width + width - 1] = partAt
      counts[cell] = countOf(cube, counted, place, part)
      flags.structural[cell] = isImpossible(place) ? 1 : 0
      const { publishable, rounding, floor } = showing(place, part)
      flags.publishable[cell] = publishable ? 1 : 0
      flags.rounding[cell] = rounding
      flags.floors[cell] = floor
    }),
  )
  const parentLists = cube.dimensions.map((dimension) => dimension.nodes.map(({ parent }) => parent))
  const axes = [
    ...cube.dimensions.map((dimension, axis) => treeAxis(dimension.id, parentLists[axis] ?? [], margin(cube, counted, axis))),
    partAxis(parts),
  ]
  const partParents = parts.length === 3 ? [null, 0, 0] : parts.map(() => null)
  const inner = Float64Array.from(leafPlaces(cube).flatMap((place) => innerParts(parts).map((part) => countOf(cube, counted, place, part))))
  const areaAxis = cube.dimensions.findIndex(({ id }) => id === 'REF_AREA')
  return {
    system: { axes, nodes, counts, inner },
    rules: { minimum: policy.minimumCount, ...flags, areaAxis: areaAxis < 0 ? null : areaAxis, seed: policy.seed },
    hierarchies: [...parentLists.map((parents) => ({ parents })), { parents: partParents }],
    cellAt: (place, part) => cellOf.get(place * parts.length + parts.indexOf(part)),
  }
}

const innerParts = (parts: readonly Part[]): readonly Part[] => (parts.length === 3 ? ['numerator', 'complement'] : parts)

function countOf(cube: Cube, counted: Float64Array, place: number, part: Part): number {
  if (part === 'denominator') return counted[place] ?? 0
  if (part === 'numerator') return cube.cases[place] ?? 0
  return (cube.respondents[place] ?? 0) - (cube.cases[place] ?? 0)
}

/** Denominator = numerator + complement; of a ratio of two different things, two counts that say nothing of each other. */
function partAxis(parts: readonly Part[]): Axis {
  if (parts.length === 3) return treeAxis('PART', [null, 0, 0])
  const unit = parts.map((_, at) => ({ indices: [at], values: [1] }))
  return {
    id: 'PART',
    coordinates: parts.length,
    atoms: parts.length,
    forms: unit,
    atomForms: unit,
    atomNodes: parts.map((_, at) => at),
    children: parts.map(() => []),
  }
}

function margin(cube: Cube, counted: Float64Array, axis: number): number[] {
  return (cube.dimensions[axis]?.nodes ?? []).map((_, node) => counted[node * (cube.strides[axis] ?? 1)] ?? 0)
}

/** What the plan's quality rules let us print, apart from secrecy: enough respondents, a frame large enough for detail, rounding. */
function showingRules(
  table: WorkingTable,
  cube: Cube,
  parts: readonly Part[],
  rule: IndicatorRule | undefined,
  frame: ReadonlyMap<string, number>,
  policy: DisclosurePolicy,
): (place: number, part: Part) => { publishable: boolean; rounding: number; floor: number } {
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
    const floor = part === 'denominator' && table.type !== 'distribution' ? Math.max(policy.minimumCount, least) : policy.minimumCount
    return {
      publishable: enough && (isTotal || !isSmall) && (part !== 'complement' || parts.length < 3),
      rounding: policy.rounding.levels.includes(level) ? policy.rounding.base : 0,
      floor,
    }
  }
}

function leastRespondents(table: WorkingTable, rule: IndicatorRule | undefined, policy: DisclosurePolicy): number {
  const own = Math.max(
    rule?.minimumRespondents ?? 0,
    policy.restricted.indicators.includes(table.indicator) ? policy.restricted.minimumRespondents : 0,
  )
  return table.type === 'count' || table.type === 'distribution'
    ? Math.max(own, policy.minimumCount)
    : Math.max(own, policy.rates.withheldBelow)
}
