import type { BaseCells } from './base-cells.ts'
import type { Measure } from './base-query.ts'
import { cellsOf, type ColumnTable } from './column-table.ts'
import type { Indicator, IndicatorDefinition } from './definition.ts'
import { quantile7 } from './quantile.ts'
import { ancestorPlaces, type Layout, layoutOf, nodeColumns, placesOf, rollUp } from './roll-up.ts'
import type { Dimension, WorkingCell, WorkingTable } from './working-table.ts'

/** Beyond this many combinations of nodes a table is not laid out at once. */
const mostCombinations = 30_000_000

/** The table of one indicator over all dimensions of its base cells. Its cells are built when first read. */
export function workingTable({ definition }: Indicator, base: BaseCells, round: string): WorkingTable {
  const heading = headingOf(
    definition,
    round,
    base.dimensions.map(({ dimension }) => dimension),
  )
  let cells: readonly WorkingCell[] | undefined
  return {
    ...heading,
    get cells() {
      cells ??= cellsOf({ ...heading, ...baseColumns(definition, base) })
      return cells
    },
  }
}

/** What a table says of itself before its figures. */
export const headingOf = (
  definition: IndicatorDefinition,
  round: string,
  dimensions: readonly Dimension[],
): Omit<WorkingTable, 'cells'> => ({
  marking: 'not for release',
  indicator: definition.id,
  indicatorVersion: definition.version,
  round,
  level: definition.level,
  type: tableType(definition),
  dimensions,
})

export function tableType({ id, type }: IndicatorDefinition): WorkingTable['type'] {
  if (type === 'pipeline') throw new RangeError(`${id} is measured by the programs and has no table of answers.`)
  return type
}

function baseColumns(definition: IndicatorDefinition, base: BaseCells): Columns {
  const layout = layoutOf(base.dimensions.map(({ dimension }) => dimension))
  if (layout.size > mostCombinations)
    throw new RangeError(`${definition.id}: ${layout.size} combinations are too many at once; choose fewer dimensions.`)
  const places = placesOf(layout, base.nodes, base.count)
  const known = new Map<Measure, Float64Array>()
  const dense: Dense = (measure) => {
    const sums = known.get(measure) ?? rollUp(layout, places, base.sums(definition.id, measure))
    known.set(measure, sums)
    return sums
  }
  return columnsOf(
    layout,
    dense,
    definition.type === 'quantile' ? quantileOf(definition, base, layout, dense) : figureOf(definition, layout, dense),
  )
}

type Columns = Pick<ColumnTable, 'rows' | 'nodes' | 'figures'>

/** All places with a respondent, with their figures. */
export function columnsOf(layout: Layout, dense: Dense, { cases, numerator, denominator, valueAt }: Figure): Columns {
  const respondents = dense('respondents')
  const places = occupied(respondents)
  // One array may be several figures: it is read once.
  const read = new Map<Float64Array, Float64Array>()
  const column = (sums: Float64Array) => {
    const found = read.get(sums) ?? columnOf(places, (place) => sums[place] as number)
    read.set(sums, found)
    return found
  }
  return {
    rows: places.length,
    nodes: nodeColumns(layout, places),
    figures: {
      respondents: column(respondents),
      withoutAnswer: column(dense('withoutAnswer')),
      cases: column(cases),
      numerator: column(numerator),
      denominator: column(denominator),
      value: columnOf(places, valueAt),
    },
  }
}

/** A loop: Float64Array.from takes ten times as long. */
function columnOf(places: Int32Array, at: (place: number) => number): Float64Array {
  const column = new Float64Array(places.length)
  for (let row = 0; row < places.length; row++) column[row] = at(places[row] as number)
  return column
}

function occupied(respondents: Float64Array): Int32Array {
  const places = new Int32Array(respondents.length)
  let rows = 0
  for (let place = 0; place < respondents.length; place++) if ((respondents[place] as number) > 0) places[rows++] = place
  return places.slice(0, rows)
}

/** Sums over all places of a layout, and the value at a place; NaN is none. */
export interface Figure {
  readonly cases: Float64Array
  readonly numerator: Float64Array
  readonly denominator: Float64Array
  readonly valueAt: (place: number) => number
}
/** Sums of a measure over all places of a layout. */
export type Dense = (measure: Measure) => Float64Array

/** How the sums of a place become its figure. */
export function figureOf({ type, per = 1 }: IndicatorDefinition, layout: Layout, dense: Dense): Figure {
  const respondents = dense('respondents')
  const share = (cases: Float64Array, numerator: Float64Array, denominator: Float64Array): Figure => ({
    cases,
    numerator,
    denominator,
    valueAt: (place) => (denominator[place] === 0 ? Number.NaN : (per * (numerator[place] as number)) / (denominator[place] as number)),
  })
  switch (type) {
    case 'proportion':
      return share(dense('cases'), dense('cases'), respondents)
    case 'mean':
      return share(respondents, dense('numerator'), respondents)
    case 'ratio':
    case 'rate':
      return share(dense('cases'), dense('numerator'), dense('denominator'))
    case 'distribution': {
      // The categories are the last dimension, so that the total over them is the place with the same other nodes.
      const categories = layout.dimensions.at(-1)?.nodes.length ?? 1
      return share(
        respondents,
        respondents,
        respondents.map((_, place) => respondents[place - (place % categories)] as number),
      )
    }
    default:
      return { cases: respondents, numerator: respondents, denominator: respondents, valueAt: (place) => respondents[place] as number }
  }
}

function quantileOf(definition: IndicatorDefinition, base: BaseCells, layout: Layout, dense: Dense): Figure {
  const [respondents, values] = [dense('respondents'), valuesByPlace(definition, base, layout)]
  const valueAt = (place: number) => quantile7(values.get(place) ?? [], definition.quantile ?? 0.5) ?? Number.NaN
  return { cases: respondents, numerator: respondents, denominator: respondents, valueAt }
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
