import type { DuckDBConnection } from '@duckdb/node-api'
import type { Round } from '../../schemas/generated/records.ts'
import type { Questionnaire } from '../../schemas/questionnaire.ts'
import { type BaseCells, readBaseCells } from './base-cells.ts'
import type { Indicator } from './definition.ts'
import { dimensionIds, dimensionOf, type PlacedDimension } from './dimensions.ts'
import type { WorkingTable } from './working-table.ts'
import { workingTable } from './cells-of.ts'

export interface TabulateOptions {
  readonly indicators: readonly Indicator[]
  readonly questionnaire: Questionnaire
  readonly round: Round
  /** Dimensions to cross; each indicator takes those its definition lists. All when absent. */
  readonly by?: readonly string[]
}

/**
 * Figures of a round before protection: one table per indicator, over every combination of the nodes of its dimensions.
 * Reads `current_<questionnaire>` and `current_<questionnaire>_<repeat>` with one scan per level and set of dimensions.
 * Cells are built when a table is first looked at.
 */
export async function tabulate(connection: DuckDBConnection, options: TabulateOptions): Promise<readonly WorkingTable[]> {
  const { questionnaire, round, by = dimensionIds } = options
  const tables: WorkingTable[] = []
  for (const { level, ids, indicators } of scansOf(options.indicators, by)) {
    const dimensions = ids.map((id) => dimensionOf(id, questionnaire, round.areas))
    const cells = await readBaseCells(connection, level, indicators, dimensions, questionnaire, round.id)
    tables.push(...indicators.map((indicator) => workingTable(indicator, pick(cells, idsOf(indicator, by)), round.id)))
  }
  return tables.sort((a, b) => a.indicator.localeCompare(b.indicator))
}

interface Scan {
  readonly level: 'person' | 'household'
  readonly ids: readonly string[]
  readonly indicators: Indicator[]
}

/** Dimensions of one indicator: its breakdowns that are wanted, in the order of tables, then the categories of its own distribution. */
function idsOf({ definition }: Indicator, by: readonly string[]): readonly string[] {
  const listed = dimensionIds.filter((id) => by.includes(id) && definition.breakdowns.includes(id))
  return definition.type === 'distribution' && definition.by ? [...listed, definition.by] : listed
}

/** As few scans as possible: an indicator joins a scan of its level whose dimensions include its own. */
function scansOf(indicators: readonly Indicator[], by: readonly string[]): readonly Scan[] {
  const scans: Scan[] = []
  const widestFirst = indicators
    .filter(({ universe }) => universe !== undefined)
    .map((indicator) => ({ indicator, ids: idsOf(indicator, by) }))
    .sort((a, b) => b.ids.length - a.ids.length)
  for (const { indicator, ids } of widestFirst) {
    const { level } = indicator.definition
    const found = scans.find((scan) => scan.level === level && ids.every((id) => scan.ids.includes(id)))
    if (found) found.indicators.push(indicator)
    else scans.push({ level, ids, indicators: [indicator] })
  }
  return scans
}

/** The base cells seen along some of their dimensions only. */
function pick(cells: BaseCells, ids: readonly string[]): BaseCells {
  const places = ids.map((id) => cells.dimensions.findIndex(({ dimension }) => dimension.id === id))
  return {
    ...cells,
    dimensions: places.flatMap((place): PlacedDimension[] => (cells.dimensions[place] ? [cells.dimensions[place]] : [])),
    nodes: places.flatMap((place) => (cells.nodes[place] ? [cells.nodes[place]] : [])),
  }
}
