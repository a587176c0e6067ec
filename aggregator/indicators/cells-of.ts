import type { BaseCells } from './base-cells.ts'
import type { Measure } from './base-query.ts'
import type { Indicator, IndicatorDefinition } from './definition.ts'
import { quantile7 } from './quantile.ts'
import { ancestorPlaces, type Layout, layoutOf, nodesAt, placesOf, rollUp } from './roll-up.ts'
import type { WorkingCell, WorkingTable } from './working-table.ts'

/** Beyond this many combinations of nodes a table is not laid out at once. */
const mostCombinations = 30_000_000

/** The table of one indicator over all dimensions of its base cells. Its cells are built when first read. */
export function workingTable({ definition }: Indicator, base: BaseCells, round: string): WorkingTable {
  const dimensions = base.dimensions.map(({ dimension }) => dimension)
  let cells: readonly WorkingCell[] | undefined
  return {
    marking: 'not for release',
    indicator: definition.id,
    indicatorVersion: definition.version,
    round,
    level: definition.level,
    type: tableType(definition),
    dimensions,
    get cells() {
      cells ??= cellsOf(definition, base)
      return cells
    },
  }
}

export function tableType({ id, type }: IndicatorDefinition): WorkingTable['type'] {
  if (type === 'pipeline') throw new RangeError(`${id} is measured by the programs and has no table of answers.`)
  return type
}

function cellsOf(definition: IndicatorDefinition, base: BaseCells): readonly WorkingCell[] {
  const layout = layoutOf(base.dimensions.map(({ dimension }) => dimension))
  if (layout.size > mostCombinations)
    throw new RangeError(`${definition.id}: ${layout.size} combinations are too many at once; choose fewer dimensions.`)
  const places = placesOf(layout, base.nodes, base.count)
  const dense: Dense = (measure) => rollUp(layout, places, base.sums(definition.id, measure))
  const figure = definition.type === 'quantile' ? quantileFigure(definition, base, layout) : figureOf(definition, layout, dense)
  return cellsFrom(layout, dense, figure)
}

/** All places with a respondent, with their figures. */
export function cellsFrom(layout: Layout, dense: Dense, figure: (place: number, respondents: number) => Figure): readonly WorkingCell[] {
  const respondents = dense('respondents')
  const withoutAnswer = dense('withoutAnswer')
  const cells: WorkingCell[] = []
  for (let place = 0; place < layout.size; place++) {
    const count = respondents[place] ?? 0
    if (count <= 0) continue
    // Written out: spread, the figure would cost ten times as much as it took to compute.
    const { cases, numerator, denominator, value } = figure(place, count)
    const nodes = nodesAt(layout, place)
    cells.push({ nodes, respondents: count, withoutAnswer: withoutAnswer[place] ?? 0, cases, numerator, denominator, value })
  }
  return cells
}

export type Figure = Pick<WorkingCell, 'cases' | 'numerator' | 'denominator' | 'value'>
/** Sums of a measure over all places of a layout. */
export type Dense = (measure: Measure) => Float64Array

/** How the sums of a place become its figure. */
export function figureOf(definition: IndicatorDefinition, layout: Layout, dense: Dense): (place: number, respondents: number) => Figure {
  const { per = 1 } = definition
  const share = (numerator: number, denominator: number) => (denominator === 0 ? null : (per * numerator) / denominator)
  switch (definition.type) {
    case 'proportion': {
      const cases = dense('cases')
      return (place, respondents) => {
        const numerator = cases[place] ?? 0
        return { cases: numerator, numerator, denominator: respondents, value: share(numerator, respondents) }
      }
    }
    case 'mean': {
      const sums = dense('numerator')
      return (place, respondents) => {
        const numerator = sums[place] ?? 0
        return { cases: respondents, numerator, denominator: respondents, value: share(numerator, respondents) }
      }
    }
    case 'ratio':
    case 'rate': {
      const [cases, numerators, denominators] = [dense('cases'), dense('numerator'), dense('denominator')]
      return (place) => {
        const [numerator, denominator] = [numerators[place] ?? 0, denominators[place] ?? 0]
        return { cases: cases[place] ?? 0, numerator, denominator, value: share(numerator, denominator) }
      }
    }
    case 'distribution': {
      // The categories are the last dimension, so that the total over them is the place with the same other nodes.
      const categories = layout.dimensions.at(-1)?.nodes.length ?? 1
      const respondents = dense('respondents')
      return (place, count) => {
        const denominator = respondents[place - (place % categories)] ?? 0
        return { cases: count, numerator: count, denominator, value: share(count, denominator) }
      }
    }
    default:
      return (_, count) => ({ cases: count, numerator: count, denominator: count, value: count })
  }
}

function quantileFigure(definition: IndicatorDefinition, base: BaseCells, layout: Layout): (place: number, respondents: number) => Figure {
  const values = valuesByPlace(definition, base, layout)
  return (place, respondents) => ({
    cases: respondents,
    numerator: respondents,
    denominator: respondents,
    value: quantile7(values.get(place) ?? [], definition.quantile ?? 0.5),
  })
}

/** Quantiles cannot be added up: each value is handed to every combination it counts in. */
function valuesByPlace(definition: IndicatorDefinition, base: BaseCells, layout: Layout): ReadonlyMap<number, number[]> {
  const found = new Map<number, number[]>()
  for (const [cell, values] of base.values(definition.id).entries()) {
    if (values.length === 0) continue
    for (const place of ancestorPlaces(
      layout,
      base.nodes.map((column) => column[cell] ?? 0),
    )) {
      const list = found.get(place)
      if (list) list.push(...values)
      else found.set(place, [...values])
    }
  }
  return found
}
