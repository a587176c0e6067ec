import { audit } from './audit.ts'
import type { AuditProblem, Bounds } from './audit-problem.ts'
import { eliminate } from './eliminate.ts'
import { indicesOf, type ProtectionRules, publishedRows } from './protection-rules.ts'
import type { Solver } from './solver.ts'
import type { Columns, System } from './system.ts'

/** Systems up to this many cells get the time to look for figures that need not have been withheld. */
export const giveBackUpTo = 400

interface GiveBackContext {
  readonly rules: ProtectionRules
  readonly problem: Omit<AuditProblem, 'rows'>
  readonly forced: Int32Array
}

/** Tries every withheld figure that is not small, the largest first, and prints those that can be printed after all; null when there are none. */
export function giveBack(
  highs: Solver,
  system: System,
  columns: Columns,
  printed: Uint8Array,
  primary: Uint8Array,
  sums: number,
  { rules, problem, forced }: GiveBackContext,
): { readonly printed: Uint8Array; readonly bounds: Bounds } | null {
  const guarded = new Uint8Array(primary.length + sums)
  guarded.set(primary)
  guarded.fill(1, primary.length)
  const trial = printed.slice()
  const secondary = Array.from(trial.keys()).filter((cell) => !trial[cell] && !primary[cell] && rules.publishable[cell])
  let found: Bounds | null = null
  for (const cell of secondary.sort((a, b) => (system.counts[b] as number) - (system.counts[a] as number) || a - b)) {
    trial[cell] = 1
    const exact = indicesOf(trial).filter((each) => rules.rounding[each] === 0)
    const all = Int32Array.from([...forced, ...exact])
    const bounds = { lower: system.counts.slice(), upper: system.counts.slice() }
    const isSafe =
      eliminate({ columns, candidates: new Int32Array(), protectedColumns: guarded, forced: all }).determined.length === 0 &&
      audit(highs, { ...problem, rows: publishedRows(system, indicesOf(trial), rules) }, bounds, null, rules.seed).failures.length === 0
    if (isSafe) found = bounds
    else trial[cell] = 0
  }
  return found ? { printed: trial, bounds: found } : null
}
