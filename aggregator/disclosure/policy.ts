import defaults from '../../schemas/disclosure.json' with { type: 'json' }

/** One planned table of an indicator: which areas, crossed with which dimensions. */
export interface Breakdown {
  readonly id: string
  /** Names from `areaLevels`. */
  readonly levels: readonly string[]
  /** Dimensions crossed with the areas, and with an indicator's own distribution if it has one. */
  readonly by: readonly string[]
  /** How far down the tree of a dimension the table goes; all the way when not named. */
  readonly depth?: Readonly<Record<string, number | undefined>>
  /** Only areas with at least so many people in the frame: detail that would be mostly small elsewhere. */
  readonly minimumPersons?: number
}

/** What a round publishes, decided before anybody has seen a figure. */
export interface ReleasePlan {
  readonly id: string
  readonly title: string
  /** For every indicator that `special` does not name. */
  readonly breakdowns: readonly Breakdown[]
  readonly special: Readonly<Record<string, readonly Breakdown[] | undefined>>
}

/** Thresholds and defaults; docs/methods/disclosure.md says what each one is for. */
export interface DisclosurePolicy {
  readonly version: string
  readonly minimumCount: number
  readonly rounding: { readonly base: number; readonly levels: readonly string[] }
  readonly rates: { readonly withheldBelow: number; readonly lowReliabilityBelow: number; readonly decimalFrom: number }
  readonly weightedSignificantDigits: number
  readonly frame: { readonly level: string; readonly minimumPersons: number }
  readonly restricted: { readonly indicators: readonly string[]; readonly smallestLevel: string; readonly minimumRespondents: number }
  /** From the smallest area up. */
  readonly areaLevels: readonly string[]
  /** Codes whose people are shared out among the other codes of the dimension, see `fold-residual.ts`. */
  readonly folded: Readonly<Record<string, readonly string[] | undefined>>
  /** What a condition of a universe rules out, beyond ages: codes of a dimension that are then impossible, or the only possible ones. */
  readonly implications: readonly {
    readonly when: string
    readonly dimension: string
    readonly impossible?: readonly string[] | undefined
    readonly only?: readonly string[] | undefined
    /** Conditions that follow from it. */
    readonly implies?: readonly string[] | undefined
  }[]
  /** Dimensions that describe people or homes; any other dimension of a distribution is its own list of categories. */
  readonly descriptions: readonly string[]
  /** Indicator that counts everybody; figures of groups inside it are protected together with it. */
  readonly population: string
  readonly seed: number
  readonly plan: ReleasePlan
}

export const defaultPolicy: DisclosurePolicy = defaults

/** What disclosure control must know of an indicator's definition. */
export interface IndicatorRule {
  readonly id: string
  /** 'percent', 'per 100', 'per 1000', 'persons', 'days' ... */
  readonly unit: string
  /** Rates with fewer respondents are withheld. */
  readonly minimumRespondents: number
  /** Region and above only. */
  readonly restricted?: boolean | undefined
  /** Who is counted, as an expression: conditions joined by `and` tell what cannot be (`impossible.ts`) and which universe lies inside which. */
  readonly universe?: string | undefined
  /** Which of them are counted, as an expression: an indicator may ask of exactly those whom another one counts. */
  readonly numerator?: string | undefined
  /** A rate is given per 100, per 1000 ...; taken from the unit when absent. */
  readonly per?: number | undefined
  /** Codes that the definition rules out, by dimension (children under 5 cannot be in the labour force): printed as such, not as withheld. */
  readonly impossible?: Readonly<Record<string, readonly string[] | undefined>>
}

/** Is it about signs of force, detention or missing papers: shown for large areas only, and against an attacker who knows more? */
export function isRestricted(indicator: string, rule: IndicatorRule | undefined, policy: DisclosurePolicy): boolean {
  return rule?.restricted === true || policy.restricted.indicators.includes(indicator)
}

/** The planned tables of one indicator; a restricted one loses all levels below the smallest allowed. */
export function breakdownsOf(indicator: string, rule: IndicatorRule | undefined, policy: DisclosurePolicy): readonly Breakdown[] {
  const planned = policy.plan.special[indicator] ?? policy.plan.breakdowns
  if (!isRestricted(indicator, rule, policy)) return planned
  const smallest = policy.areaLevels.indexOf(policy.restricted.smallestLevel)
  return planned
    .map((breakdown) => ({ ...breakdown, levels: breakdown.levels.filter((level) => policy.areaLevels.indexOf(level) >= smallest) }))
    .filter(({ levels }) => levels.length > 0)
}
