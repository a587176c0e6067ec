import type { IndicatorSystem } from './indicator-system.ts'
import type { Part } from './parts.ts'
import { type PlannedTable, placesOf } from './planned-cells.ts'
import type { DisclosurePolicy } from './policy.ts'
import type { ProtectedCell, ProtectedTable } from './protected.ts'
import { prune } from './prune.ts'
import type { Protection } from './tables/protect-system.ts'
import { roundTo } from './tables/protection-rules.ts'

/** The tables of one indicator as they may be printed: rates from published counts only, one symbol for all that is withheld. */
export function protectedTables(
  source: IndicatorSystem,
  protection: Protection,
  release: string,
  policy: DisclosurePolicy,
): readonly ProtectedTable[] {
  return source.planned.map((planned) => {
    const { table } = source
    const shown = planned.axes.map((axis, at) => {
      const nodes = new Set(planned.nodes[at])
      const dimension = source.cube.dimensions[axis] ?? { id: '', nodes: [] }
      const pruned = prune(dimension, (node) => nodes.has(node))
      return { ...pruned, wanted: nodes }
    })
    return brandTable({
      schema: 'table/1',
      id: `${table.indicator}.${planned.breakdown.id}`,
      release,
      indicator: table.indicator,
      indicatorVersion: table.indicatorVersion,
      round: table.round,
      level: table.level,
      type: table.type,
      unit: source.rule?.unit ?? defaultUnit(table.type, table.level),
      dimensions: shown.map(({ dimension }) => dimension),
      cells: cellsOf(source, planned, shown, protection, policy),
      rule: {
        minimum: policy.minimumCount,
        rounding: planned.breakdown.levels.some((level) => policy.rounding.levels.includes(level)) ? policy.rounding.base : null,
        version: policy.version,
      },
    })
  })
}

/** The only place where a table becomes a protected one. */
export function brandTable(table: object): ProtectedTable {
  return Object.freeze(table) as unknown as ProtectedTable
}

function cellsOf(
  source: IndicatorSystem,
  planned: PlannedTable,
  shown: readonly { readonly originals: readonly number[] }[],
  protection: Protection,
  policy: DisclosurePolicy,
): readonly ProtectedCell[] {
  const { strides, dimensions } = source.cube
  return placesOf(planned, strides).map((place) => {
    const nodes = planned.axes.map((axis, at) => {
      const original = Math.floor(place / (strides[axis] ?? 1)) % (dimensions[axis]?.nodes.length ?? 1)
      return shown[at]?.originals.indexOf(original) ?? 0
    })
    return { nodes, ...figureOf(source, place, protection, policy) }
  })
}

type Figure = Omit<ProtectedCell, 'nodes'>
const withheld: Figure = { value: null, numerator: null, denominator: null, status: 'Q' }

function figureOf(source: IndicatorSystem, place: number, protection: Protection, policy: DisclosurePolicy): Figure {
  const cell = source.cellAt(place, 'denominator')
  if (cell !== undefined && source.rules.structural[cell]) return { value: null, numerator: null, denominator: null, status: 'M' }
  const printed = (part: Part) => printedCount(source, protection, place, part)
  const denominator = printed('denominator')
  const { table, cube } = source
  if (table.type === 'count')
    return denominator === null
      ? withheld
      : { value: weighted(source, place, denominator, policy), numerator: denominator, denominator: null, status: 'A' }
  if (table.type === 'distribution') return shareOfOwn(source, protection, place, denominator, policy)
  if (table.type === 'mean' || table.type === 'quantile') {
    const value = cube.value[place] ?? null
    if (denominator === null || value === null) return withheld
    return {
      value: significant(value, policy.weightedSignificantDigits),
      numerator: null,
      denominator,
      status: reliability(denominator, policy),
    }
  }
  const numerator = printed('numerator')
  if (denominator === null || numerator === null || denominator === 0) return { ...withheld, denominator }
  return {
    value: rate(numerator / denominator, denominator, source, policy),
    numerator,
    denominator,
    status: reliability(denominator, policy),
  }
}

/** The printed count of a part: rounded where the plan says so, null when withheld. */
function printedCount(source: IndicatorSystem, protection: Protection, place: number, part: Part): number | null {
  const cell = source.cellAt(place, part)
  if (cell === undefined || !protection.published[cell] || !source.rules.publishable[cell]) return null
  return roundTo(source.system.counts[cell] ?? 0, source.rules.rounding[cell] ?? 0)
}

/** Share of one category of an indicator's own distribution: its printed count over the printed count of all categories. */
function shareOfOwn(
  source: IndicatorSystem,
  protection: Protection,
  place: number,
  count: number | null,
  policy: DisclosurePolicy,
): Figure {
  const axis = source.cube.dimensions.length - 1
  const all =
    place -
    (Math.floor(place / (source.cube.strides[axis] ?? 1)) % (source.cube.dimensions[axis]?.nodes.length ?? 1)) *
      (source.cube.strides[axis] ?? 1)
  const denominator = printedCount(source, protection, all, 'denominator')
  if (count === null || denominator === null || denominator < policy.rates.withheldBelow) return { ...withheld, denominator }
  return {
    value: rate(count / denominator, denominator, source, policy),
    numerator: count,
    denominator,
    status: reliability(denominator, policy),
  }
}

function rate(share: number, denominator: number, source: IndicatorSystem, policy: DisclosurePolicy): number {
  const value = share * (source.rule?.per ?? unitFactor(source.rule?.unit ?? defaultUnit(source.table.type, source.table.level)))
  const steps = denominator >= policy.rates.decimalFrom ? 10 : 1
  return Math.round(value * steps) / steps
}

function reliability(denominator: number, policy: DisclosurePolicy): 'A' | 'U' {
  return denominator < policy.rates.lowReliabilityBelow ? 'U' : 'A'
}

/** Weighted totals have few digits, so that a weight does not give the count away; in a census it is the count itself. */
function weighted(source: IndicatorSystem, place: number, count: number, policy: DisclosurePolicy): number {
  const { numerator, respondents } = source.cube
  const isCensus = numerator.every((sum, at) => sum === respondents[at])
  return isCensus ? count : significant(numerator[place] ?? 0, policy.weightedSignificantDigits)
}

function significant(value: number, digits: number): number {
  return Number(value.toPrecision(digits))
}

function unitFactor(unit: string): number {
  const per = /per\s*1,?000/.test(unit) ? 1000 : /percent|per\s*100/.test(unit) ? 100 : 1
  return per
}

function defaultUnit(type: string, level: string): string {
  return type === 'proportion' || type === 'distribution' ? 'percent' : level === 'household' ? 'homes' : 'persons'
}
