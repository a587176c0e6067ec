import type { ProtectedCell, ProtectedTable } from '../disclosure/protected.ts'

/** One line of a published table; the columns follow SDMX. */
export interface Observation {
  readonly codes: Readonly<Record<string, string>>
  readonly value: number | null
  readonly numerator: number | null
  readonly denominator: number | null
  readonly status: ProtectedCell['status']
}

/** Codes wanted per dimension; a dimension that is not named keeps all its codes. */
export type Selection = Readonly<Record<string, readonly string[]>>

export function observationsOf(table: ProtectedTable, selection: Selection = {}): readonly Observation[] {
  const wanted = table.dimensions.map(({ id }) => (selection[id] ? new Set(selection[id]) : null))
  return table.cells
    .map(({ nodes, ...figures }) => ({ codes: nodes.map((node, index) => table.dimensions[index]?.nodes[node]?.code ?? ''), ...figures }))
    .filter(({ codes }) => codes.every((code, index) => wanted[index]?.has(code) ?? true))
    .map(({ codes, ...figures }) => ({
      ...figures,
      codes: Object.fromEntries(codes.map((code, index) => [table.dimensions[index]?.id ?? '', code])),
    }))
}

/** The columns of every flat format, in order. */
export function columnsOf(table: ProtectedTable): readonly string[] {
  return [
    'INDICATOR',
    ...table.dimensions.map(({ id }) => id),
    'TIME_PERIOD',
    'OBS_VALUE',
    'NUMERATOR',
    'DENOMINATOR',
    'UNIT_MEASURE',
    'OBS_STATUS',
    'CONF_STATUS',
  ]
}

/** The same columns filled; a withheld figure is null, never 0. CONF_STATUS C says confidential without telling primary from secondary. */
export function recordsOf(table: ProtectedTable, selection: Selection = {}): readonly Readonly<Record<string, string | number | null>>[] {
  return observationsOf(table, selection).map(({ codes, value, numerator, denominator, status }) => ({
    INDICATOR: table.indicator,
    ...codes,
    TIME_PERIOD: table.round,
    OBS_VALUE: value,
    NUMERATOR: numerator,
    DENOMINATOR: denominator,
    UNIT_MEASURE: table.unit,
    OBS_STATUS: status,
    CONF_STATUS: status === 'Q' ? 'C' : 'F',
  }))
}
