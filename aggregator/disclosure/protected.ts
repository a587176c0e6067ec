import type { Dimension, WorkingTable } from '../indicators/working-table.ts'

declare const protectedBrand: unique symbol

/** Made only in this folder: formats/, releases/ and portal/ accept nothing else. */
export interface ProtectedTable {
  readonly [protectedBrand]: 'table'
  readonly schema: 'table/1'
  /** Unique within a release: `<indicator>.<breakdown>`, e.g. MIG01.area-sex-status. */
  readonly id: string
  readonly release: string
  readonly indicator: string
  readonly indicatorVersion: string
  readonly round: string
  readonly level: WorkingTable['level']
  readonly type: WorkingTable['type']
  readonly unit: string
  readonly dimensions: readonly Dimension[]
  /** Every planned cell, published or not, in the order of its nodes. */
  readonly cells: readonly ProtectedCell[]
  readonly rule: { readonly minimum: number; readonly rounding: number | null; readonly version: string }
}

export interface ProtectedCell {
  readonly nodes: readonly number[]
  /** In the indicator's unit; null when withheld. */
  readonly value: number | null
  /** Published (rounded) counts behind the value; null when withheld. */
  readonly numerator: number | null
  readonly denominator: number | null
  /** SDMX CL_OBS_STATUS: A normal, Q withheld, U low reliability, M cannot exist. One symbol for every withheld cell. */
  readonly status: 'A' | 'Q' | 'U' | 'M'
}

/** Anonymized records, one row per person or household, ready to be written as a file. */
export interface ProtectedExtract {
  readonly [protectedBrand]: 'extract'
  readonly schema: 'extract/1'
  readonly release: string
  readonly level: 'person' | 'household'
  readonly columns: readonly { readonly name: string; readonly type: 'integer' | 'decimal' | 'text' | 'code'; readonly label: string }[]
  readonly rows: readonly (readonly (string | number | null)[])[]
}
