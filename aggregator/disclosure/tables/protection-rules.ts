import type { PublishedRow } from './audit-problem.ts'
import type { System } from './system.ts'

export interface ProtectionRules {
  /** Smallest count that may be shown. */
  readonly minimum: number
  /** 1 for cells that the plan lets us print at all; the rest are withheld without being secret. */
  readonly publishable: Uint8Array
  /** 1 for cells that cannot hold anybody by definition; the attacker knows them to be 0. */
  readonly structural: Uint8Array
  /** 1 for cells that may become derivable although they are small: the plan never shows them and they describe nobody. */
  readonly unguarded?: Uint8Array
  /**
   * 1 for cells that are not small but differ from the release before by a few people only: they are withheld, and their interval
   * must reach the minimum to both sides, so that the difference of the two vintages is not those people.
   */
  readonly slightlyChanged?: Uint8Array
  /** How far above the truth the interval of such a cell can reach at all, where a figure printed earlier limits it. */
  readonly upperReach?: Float64Array
  /** Cells printed earlier: they stay printed. */
  readonly released?: Int32Array
  /** Base to which a cell is rounded, 0 for exact. */
  readonly rounding: Uint8Array
  /** Least count with which a cell is printed; the attacker knows it. */
  readonly floors: Float64Array
  /** What it costs the reader to lose a cell; its count when absent. Decides utility only, never safety. */
  readonly usefulness?: Float64Array
  /** Axis of the areas: regions of the audit are made along it; null audits everything at once. */
  readonly areaAxis: number | null
  readonly seed: number
  /** Also stand an attacker who is told which withheld figures are small. */
  readonly isStrict?: boolean
}

/** Rounds to the nearest multiple; ties cannot occur for whole counts and odd bases. */
export function roundTo(count: number, base: number): number {
  return base === 0 ? count : Math.round(count / base) * base
}

/** How far each interval must reach: a small cell from nobody to the minimum, a slightly changed one the minimum to both sides. */
export function needsOf(
  { counts }: System,
  { minimum, slightlyChanged, upperReach }: ProtectionRules,
): { lower: Float64Array; upper: Float64Array } {
  return {
    lower: counts.map((count, cell) => (slightlyChanged?.[cell] ? Math.max(0, count - minimum) : 0)),
    upper: counts.map((count, cell) => (slightlyChanged?.[cell] ? count + Math.min(minimum, upperReach?.[cell] ?? minimum) : minimum)),
  }
}

/** What each printed figure says about its count: itself, or the interval that rounds to it. */
export function publishedRows(system: System, cells: Int32Array, rules: ProtectionRules): PublishedRow[] {
  return Array.from(cells, (cell) => {
    const count = system.counts[cell] as number
    const base = rules.rounding[cell] as number
    if (base === 0 || rules.structural[cell]) return { cell, lower: count, upper: count }
    const shown = roundTo(count, base)
    const reach = Math.floor((base - 1) / 2)
    return { cell, lower: Math.max(shown - reach, rules.floors[cell] as number), upper: shown + reach }
  })
}

export function indicesOf(flags: Uint8Array): Int32Array {
  const found: number[] = []
  for (let at = 0; at < flags.length; at++) if (flags[at]) found.push(at)
  return Int32Array.from(found)
}
