import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A released table as its file says, read without any code of ours. */
export interface Published {
  readonly id: string
  readonly indicator: string
  readonly type: string
  /** person or household: what is counted. */
  readonly level: string
  readonly dimensions: readonly {
    readonly id: string
    readonly nodes: readonly { readonly code: string; readonly parent: number | null }[]
  }[]
  readonly cells: readonly PublishedCell[]
  readonly rule: { readonly minimum: number; readonly rounding: number | null }
}

export interface PublishedCell {
  readonly nodes: readonly number[]
  readonly value: number | null
  readonly numerator: number | null
  readonly denominator: number | null
  readonly status: string
}

/** True denominator and numerator per cell, by table: for the score only. */
export type Truth = ReadonlyMap<string, readonly (readonly [number, number | null])[]>

export interface Target {
  readonly folder: string | null
  readonly tables: readonly Published[]
  readonly truth: Truth
  readonly minimum: number
}

export function readTarget(folder: string, truthFile: string): Target {
  const tables = readdirSync(join(folder, 'tables'))
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => JSON.parse(readFileSync(join(folder, 'tables', name), 'utf8')) as Published)
  const truth = JSON.parse(readFileSync(truthFile, 'utf8')) as {
    minimum: number
    tables: { id: string; counts: [number, number | null][] }[]
  }
  return { folder, tables, truth: new Map(truth.tables.map(({ id, counts }) => [id, counts])), minimum: truth.minimum }
}

export function targetOf(
  tables: readonly unknown[],
  truth: { minimum: number; tables: readonly { id: string; counts: readonly (readonly [number, number | null])[] }[] },
): Target {
  return {
    folder: null,
    tables: JSON.parse(JSON.stringify(tables)) as Published[],
    truth: new Map(truth.tables.map(({ id, counts }) => [id, counts])),
    minimum: truth.minimum,
  }
}

/** Printed counts of a cell: a count table prints its count as the numerator. */
export function printedCounts(
  table: Published,
  cell: PublishedCell,
): { readonly denominator: number | null; readonly numerator: number | null } {
  if (table.type === 'count' || table.type === 'distribution') return { denominator: cell.numerator, numerator: null }
  return { denominator: cell.denominator, numerator: cell.numerator }
}

/** Figures of the smallest areas are rounded when the table says so. */
export function roundingOf(table: Published, cell: PublishedCell): number {
  const axis = table.dimensions.findIndex(({ id }) => id === 'REF_AREA')
  const nodes = table.dimensions[axis]?.nodes ?? []
  if (table.rule.rounding === null || nodes.length < 2) return 0
  const node = cell.nodes[axis] ?? 0
  return nodes.some(({ parent }) => parent === node) ? 0 : table.rule.rounding
}
