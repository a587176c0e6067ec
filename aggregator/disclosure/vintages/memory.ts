import { canonicalJson } from '../../../schemas/canonical.ts'
import type { WorkingCell, WorkingTable } from '../../indicators/working-table.ts'
import type { Part } from '../parts.ts'

/**
 * The figures behind a release, before protection, as they were released (with what was carried forward).
 * Kept in the office only: without it the next vintage cannot tell which figures a comparison would give away.
 */
export interface VintageMemory {
  readonly schema: 'vintage/1'
  readonly release: string
  readonly round: string
  readonly tables: readonly RememberedTable[]
  /** What was shown, by indicator; absent in releases made before it was kept. */
  readonly shown?: Readonly<Record<string, ShownCounts | undefined>>
  /** Absent in releases made before it was kept, and where figures do not come from a warehouse. */
  readonly homes?: CountedHomes
}

/** The interviews behind the standing figures of each smallest area, as numbers only: homes, and the place of the last one in the order of arrival. */
export type CountedHomes = Readonly<Record<string, { readonly homes: number; readonly arrived: number } | undefined>>

/** Keys (`countKey`) of the planned counts that were printed and of those that were withheld. */
export interface ShownCounts {
  readonly printed: readonly string[]
  readonly withheld: readonly string[]
}

/** Names a count of an indicator for good: its part and the codes that do not stand at their total. */
export function countKey(part: Part, codes: Readonly<Record<string, string>>): string {
  return `${part} ${canonicalJson(codes)}`
}

export interface RememberedTable extends Omit<WorkingTable, 'cells'> {
  /** nodes..., respondents, cases, numerator, denominator, withoutAnswer, value */
  readonly cells: readonly (readonly (number | null)[])[]
}

export function remember(release: string, tables: readonly WorkingTable[], shown?: VintageMemory['shown']): VintageMemory {
  return {
    ...(shown ? { shown } : {}),
    schema: 'vintage/1',
    release,
    round: tables[0]?.round ?? '',
    tables: tables.map(({ marking, indicator, indicatorVersion, round, level, type, dimensions, cells }) => ({
      marking,
      indicator,
      indicatorVersion,
      round,
      level,
      type,
      dimensions,
      cells: cells.map((cell) => [
        ...cell.nodes,
        cell.respondents,
        cell.cases,
        cell.numerator,
        cell.denominator,
        cell.withoutAnswer,
        cell.value,
      ]),
    })),
  }
}

export function recall(table: RememberedTable): WorkingTable {
  const width = table.dimensions.length
  const number = (cell: readonly (number | null)[], at: number) => cell[width + at] ?? 0
  return {
    ...table,
    cells: table.cells.map(
      (cell): WorkingCell => ({
        nodes: cell.slice(0, width).map((node) => node ?? 0),
        respondents: number(cell, 0),
        cases: number(cell, 1),
        numerator: number(cell, 2),
        denominator: number(cell, 3),
        withoutAnswer: number(cell, 4),
        value: cell[width + 5] ?? null,
      }),
    ),
  }
}
