import type { Sampling, WorkingCell, WorkingTable } from './working-table.ts'

export const figureNames = ['respondents', 'withoutAnswer', 'cases', 'numerator', 'denominator', 'value'] as const
export type FigureName = (typeof figureNames)[number]

/**
 * A working table by columns: an object for each of a few thousand cells costs more than to compute them. Never leaves the office either.
 */
export interface ColumnTable extends Omit<WorkingTable, 'cells'> {
  /** Cells: the length of each column. */
  readonly rows: number
  /** The node of each cell, per dimension. */
  readonly nodes: readonly Int32Array[]
  /** NaN stands for no value. The same array may stand under several names. */
  readonly figures: Readonly<Record<FigureName, Float64Array>>
  /** Of a sample: per cell. */
  readonly sampling?: readonly Sampling[]
}

export function columnTable({ cells, ...heading }: WorkingTable): ColumnTable {
  const column = (of: (cell: WorkingCell) => number | null | undefined) => Float64Array.from(cells, (cell) => of(cell) ?? Number.NaN)
  const sampling = cells.flatMap((cell) => cell.sampling ?? [])
  return {
    ...heading,
    rows: cells.length,
    nodes: heading.dimensions.map((_, axis) => Int32Array.from(cells, ({ nodes }) => nodes[axis] ?? 0)),
    figures: Object.fromEntries(figureNames.map((name) => [name, column((cell) => cell[name])])) as Record<FigureName, Float64Array>,
    ...(sampling.length > 0 && { sampling }),
  }
}

/** The cells from one to before another. */
export function cellsOf({ nodes, figures, sampling, rows }: ColumnTable, first = 0, end = rows): readonly WorkingCell[] {
  const { respondents, withoutAnswer, cases, numerator, denominator, value } = figures
  const at = (column: Float64Array, row: number) => column[row] as number
  return Array.from({ length: Math.max(0, Math.min(end, rows) - first) }, (_, index) => {
    const row = first + index
    const own = sampling?.[row]
    return {
      nodes: nodes.map((column) => column[row] as number),
      respondents: at(respondents, row),
      withoutAnswer: at(withoutAnswer, row),
      cases: at(cases, row),
      numerator: at(numerator, row),
      denominator: at(denominator, row),
      value: Number.isNaN(value[row]) ? null : at(value, row),
      ...(own && { sampling: own }),
    }
  })
}

/** Only the cells whose node of a dimension is wanted. */
export function onlyNodes(table: ColumnTable, axis: number, isWanted: (node: number) => boolean): ColumnTable {
  const own = table.nodes[axis] ?? new Int32Array()
  const rows = Int32Array.from(own.keys()).filter((row) => isWanted(own[row] as number))
  const figures = Object.entries(table.figures).map(([name, column]) => [name, Float64Array.from(rows, (row) => column[row] as number)])
  return {
    ...table,
    rows: rows.length,
    nodes: table.nodes.map((column) => Int32Array.from(rows, (row) => column[row] as number)),
    figures: Object.fromEntries(figures) as Record<FigureName, Float64Array>,
    ...(table.sampling && { sampling: [...rows].flatMap((row) => table.sampling?.[row] ?? []) }),
  }
}
