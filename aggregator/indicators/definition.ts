import type { Expression } from '../../schemas/language/expression.ts'
import type { Texts } from '../../schemas/questionnaire.ts'

/** One file of schemas/indicators, as definition.schema.json describes it. Expressions are XLSForm source. */
export interface IndicatorDefinition {
  readonly id: string
  readonly version: string
  readonly title: Texts
  readonly label: Texts
  readonly level: 'person' | 'household'
  readonly type: 'proportion' | 'mean' | 'quantile' | 'ratio' | 'rate' | 'distribution' | 'count' | 'pipeline'
  readonly unit: string
  readonly universeLabel: Texts
  readonly asked?: string
  readonly universe?: string
  readonly numerator?: string
  readonly denominator?: string
  readonly value?: string
  readonly weight?: string
  readonly by?: string
  readonly quantile?: number
  readonly per?: number
  readonly breakdowns: readonly string[]
  readonly minimumRespondents: number
  readonly restricted?: true
  readonly gcm: readonly number[]
  readonly sdg?: string
  readonly source: string
  readonly class: 'official' | 'proxy' | 'CBMS' | 'own'
  readonly period?: string
  readonly notes?: string
  readonly impossible?: Readonly<Record<string, readonly string[]>>
}

/** A definition with its expressions parsed; `pipeline` indicators have no universe and are not tabulated. */
export interface Indicator {
  readonly definition: IndicatorDefinition
  readonly asked?: Expression
  readonly universe?: Expression
  readonly numerator?: Expression
  readonly denominator?: Expression
  readonly value?: Expression
  readonly weight?: Expression
}
