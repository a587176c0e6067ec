import type { ProtectedTable } from '../disclosure/protected.ts'
import { recordsOf, type Selection } from './observations.ts'

/** The table as a list of records, with what a reader needs to cite it. */
export function toJson(table: ProtectedTable, selection: Selection = {}): Readonly<Record<string, unknown>> {
  return {
    schema: 'observations/1',
    table: table.id,
    release: table.release,
    indicator: table.indicator,
    indicatorVersion: table.indicatorVersion,
    round: table.round,
    unit: table.unit,
    rule: table.rule,
    observations: recordsOf(table, selection),
  }
}
