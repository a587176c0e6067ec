import type { WorkingCell, WorkingTable } from './working-table.ts'

/** SDMX CL_OBS_STATUS of a change: A can be compared, D the definition differs, B the series is broken, U of low reliability. */
export type ChangeStatus = 'A' | 'B' | 'D' | 'U'

/** One combination of codes in two rounds. */
export interface Change {
  readonly codes: readonly string[]
  readonly earlier: number | null
  readonly later: number | null
  /** Later minus earlier, in the indicator's unit; null when one of them is missing or the series is broken. */
  readonly change: number | null
  /** Of rounds drawn apart; null in a census, which has no sampling error. */
  readonly standardError: number | null
  readonly low: number | null
  readonly high: number | null
  readonly status: ChangeStatus
}

/** 97.5th percentile of the normal distribution: intervals of a change are wide beside the error of its error. */
const normal95 = 1.959963984540054

/**
 * Two rounds side by side. Cells are matched by their codes, so that registers and categories may differ.
 * @param marks names of derived variables whose rule changed between the rounds, from `changedRules`.
 * @throws RangeError for tables of different indicators or dimensions.
 */
export function compareRounds(earlier: WorkingTable, later: WorkingTable, marks: readonly string[] = []): readonly Change[] {
  const ids = (table: WorkingTable) => table.dimensions.map(({ id }) => id).join(' ')
  if (earlier.indicator !== later.indicator || ids(earlier) !== ids(later)) throw new RangeError('Only tables of the same shape compare.')
  const definition = definitionStatus(earlier.indicatorVersion, later.indicatorVersion, marks)
  const [before, after] = [byCodes(earlier), byCodes(later)]
  return [...new Set([...before.keys(), ...after.keys()])].map((key) => changeOf(key, before.get(key), after.get(key), definition))
}

/** The first number of a version rises when the figure can no longer be compared; any other change, or a rule that differs, is told. */
function definitionStatus(earlier: string, later: string, marks: readonly string[]): 'A' | 'B' | 'D' {
  if (earlier.split('.')[0] !== later.split('.')[0]) return 'B'
  return earlier !== later || marks.length > 0 ? 'D' : 'A'
}

function byCodes({ dimensions, cells }: WorkingTable): ReadonlyMap<string, WorkingCell> {
  return new Map(cells.map((cell) => [JSON.stringify(cell.nodes.map((node, axis) => dimensions[axis]?.nodes[node]?.code ?? '')), cell]))
}

function changeOf(key: string, earlier: WorkingCell | undefined, later: WorkingCell | undefined, definition: 'A' | 'B' | 'D'): Change {
  const [from, to] = [earlier?.value ?? null, later?.value ?? null]
  const change = from === null || to === null || definition === 'B' ? null : to - from
  const errors = [earlier?.sampling?.standardError, later?.sampling?.standardError]
  const isSampled = change !== null && errors.some((each) => each !== undefined)
  const standardError = isSampled ? Math.hypot(...errors.map((each) => each ?? 0)) : null
  const isUnsure = earlier?.sampling?.status === 'U' || later?.sampling?.status === 'U'
  return {
    codes: JSON.parse(key) as string[],
    earlier: from,
    later: to,
    change,
    standardError,
    low: change === null || standardError === null ? null : change - normal95 * standardError,
    high: change === null || standardError === null ? null : change + normal95 * standardError,
    status: definition === 'A' && isUnsure ? 'U' : definition,
  }
}
