import type { ProtectedTable } from '../../disclosure/protected.ts'
import type { Labels } from '../labels.ts'
import { observationsOf } from '../observations.ts'

/** The one data structure of all releases; a table without a dimension stands at its total there. */
export const structureDimensions = [
  'FREQ',
  'REF_AREA',
  'INDICATOR',
  'SEX',
  'AGE',
  'MIG_STATUS',
  'DISABILITY',
  'CATEGORY',
  'TIME_PERIOD',
] as const
export const attributes = ['UNIT_MEASURE', 'OBS_STATUS', 'CONF_STATUS'] as const

export const agency = 'TALA'
export const dataflow = { id: 'DF_TALA', version: '1.0.0' } as const
export const structure = { id: 'DSD_TALA', version: '1.0.0' } as const

export interface SdmxObservation {
  /** One code per dimension, in the order of structureDimensions. */
  readonly key: readonly string[]
  readonly value: number | null
  readonly unit: string
  readonly status: string
  /** F free, C confidential: primary and secondary suppression look alike on purpose. */
  readonly confidentiality: 'F' | 'C'
}

export interface SdmxCode {
  readonly id: string
  readonly name: string
}

export interface SdmxDataset {
  readonly prepared: string
  readonly observations: readonly SdmxObservation[]
  /** Codes in use per dimension, with names. */
  readonly codes: ReadonlyMap<string, readonly SdmxCode[]>
}

export interface SdmxSource {
  readonly tables: readonly ProtectedTable[]
  readonly period: string
  readonly published: string
  readonly indicatorNames: Readonly<Record<string, string>>
}

/** All tables of a release as one data set: each key once, published rather than withheld where two tables have it. */
export function sdmxDataset({ tables, period, published, indicatorNames }: SdmxSource, labels: Labels): SdmxDataset {
  const byKey = new Map<string, SdmxObservation>()
  const names = new Map<string, Map<string, string>>(structureDimensions.map((id) => [id, new Map()]))
  names.get('FREQ')?.set('A', 'Annual')
  names.get('TIME_PERIOD')?.set(period, period)
  for (const table of tables) {
    const own = table.dimensions.map(({ id }) => id).find((id) => !(structureDimensions as readonly string[]).includes(id))
    names.get('INDICATOR')?.set(table.indicator, indicatorNames[table.indicator] ?? table.indicator)
    for (const { codes, value, status } of observationsOf(table)) {
      const fixed: Readonly<Record<string, string>> = { FREQ: 'A', INDICATOR: table.indicator, TIME_PERIOD: period }
      const key = structureDimensions.map((id) => fixed[id] ?? codes[id === 'CATEGORY' && own ? own : id] ?? '_T')
      structureDimensions.forEach((id, index) => {
        const code = key[index] ?? '_T'
        const list = names.get(id)
        if (list && !list.has(code)) list.set(code, labels.code(id === 'CATEGORY' && own ? own : id, code))
      })
      const text = key.join('.')
      const before = byKey.get(text)
      if (before && (before.value !== null || value === null)) continue
      byKey.set(text, { key, value, unit: table.unit, status, confidentiality: status === 'Q' ? 'C' : 'F' })
    }
  }
  return {
    prepared: published,
    observations: [...byKey.values()],
    codes: new Map([...names].map(([id, list]) => [id, [...list].map(([code, name]) => ({ id: code, name }))])),
  }
}
