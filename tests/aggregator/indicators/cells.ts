import { cellsOf, type ColumnTable } from '../../../aggregator/indicators/column-table.ts'
import type { WorkingCell, WorkingTable } from '../../../aggregator/indicators/working-table.ts'

type Table = WorkingTable | ColumnTable | undefined

/** The cells of a table of either form. */
export const cellsIn = (table: Table): readonly WorkingCell[] | undefined => table && ('rows' in table ? cellsOf(table) : table.cells)

/** A table as text, one line per cell, so that whole states compare. */
export const linesOf = (table: Table): string | undefined =>
  cellsIn(table)
    ?.map((cell) => `${table?.indicator ?? ''} ${JSON.stringify(cell)}`)
    .join('\n')
