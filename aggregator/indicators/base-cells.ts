import type { DuckDBConnection } from '@duckdb/node-api'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { baseQuery, type Measure } from './base-query.ts'
import type { Indicator } from './definition.ts'
import type { PlacedDimension } from './dimensions.ts'

/** Sums of all indicators for every combination of leaves that occurs. */
export interface BaseCells {
  readonly dimensions: readonly PlacedDimension[]
  readonly count: number
  /** Leaf node of each cell, per dimension. */
  readonly nodes: readonly Int32Array[]
  sums(indicator: string, measure: Measure): Float64Array
  /** Values of a quantile indicator, per cell. */
  values(indicator: string): readonly (readonly number[])[]
}

/** Reads the base cells of one level in one scan. */
export async function readBaseCells(
  connection: DuckDBConnection,
  level: 'person' | 'household',
  indicators: readonly Indicator[],
  dimensions: readonly PlacedDimension[],
  questionnaire: Questionnaire,
  round: string,
): Promise<BaseCells> {
  const { sql, columns } = baseQuery(level, indicators, dimensions, questionnaire)
  const read = (await (await connection.run(sql, { round })).getColumnsJS()) as readonly (readonly unknown[])[]
  const count = read[0]?.length ?? 0
  const nodes = dimensions.map((dimension, index) => Int32Array.from(read[index] ?? [], (key) => nodeOf(dimension, key)))
  const sums = new Map<string, Float64Array>()
  const values = new Map<string, readonly (readonly number[])[]>()
  for (const [index, { indicator, measure, scale }] of columns.entries()) {
    const column = read[dimensions.length + index] ?? []
    if (measure === 'values')
      values.set(
        indicator,
        column.map((each) => (each as readonly number[] | null) ?? []),
      )
    else
      sums.set(
        `${indicator} ${measure}`,
        Float64Array.from(column, (each) => Number(each ?? 0) / scale),
      )
  }
  return {
    dimensions,
    count,
    nodes,
    sums: (indicator, measure) => sums.get(`${indicator} ${measure}`) ?? new Float64Array(count),
    values: (indicator) => values.get(indicator) ?? [],
  }
}

function nodeOf({ bands, nodeOf: lookup, unknownNode }: PlacedDimension, key: unknown): number {
  return bands ? Number(key) : (lookup.get(typeof key === 'string' ? key : '') ?? unknownNode)
}
