import type { Solver } from './solver.ts'
import type { Bounds, Failure } from './audit-problem.ts'
import { type Certificate, makeCertificate } from './certificate.ts'
import { eliminate } from './eliminate.ts'
import { giveBack, giveBackUpTo } from './give-back.ts'
import { indicesOf, needsOf, type ProtectionRules, publishedRows } from './protection-rules.ts'
import { prime, secondPrime } from './modular.ts'
import { primaryCells, virtualSums } from './primary.ts'
import { Propagation, relationsOf } from './propagate.ts'
import { createRegionAudit } from './audit-regions.ts'
import { narrowWhenTold } from './told-status.ts'
import { appendSums, type Columns, cellAtoms, cellColumns, cellCount, type System, transposed } from './system.ts'

export interface Protection {
  readonly published: Uint8Array
  /** 1 for published cells whose figure is the count itself; the certificates are about these. */
  readonly exact: Uint8Array
  readonly primary: Uint8Array
  readonly bounds: Bounds
  readonly rounds: number
  readonly linearPrograms: number
  readonly virtualSums: number
  /** One per prime. */
  readonly certificates: readonly Certificate[]
  /** Small cells that the attacker can still bound; empty unless figures released earlier already give them away. */
  readonly unsafe: readonly Failure[]
}

/**
 * Protects one system of tables: small cells, then the cells that would give them away exactly (elimination), then the
 * cells that would give them away within bounds (linear programs), until nothing fails; then proves the result.
 */
export function protectSystem(highs: Solver, system: System, rules: ProtectionRules): Protection {
  const cells = cellCount(system)
  const atoms = cellAtoms(system)
  const small = primaryCells(system, rules.minimum, rules.structural)
  const primary = small.map((flag, cell) => (rules.slightlyChanged?.[cell] || (flag && !rules.unguarded?.[cell]) ? 1 : 0))
  const sums = virtualSums(system, primary, rules.minimum)
  const columns = appendSums(cellColumns(system), sums)
  const guarded = new Uint8Array(cells + sums.length)
  guarded.set(primary)
  guarded.fill(1, cells)
  const isExact = (cell: number) => rules.rounding[cell] === 0
  const standing = Int32Array.from([...indicesOf(rules.structural), ...(rules.released ?? [])])
  const forced = standing.filter((cell) => rules.structural[cell] || isExact(cell))
  const isForced = new Uint8Array(cells)
  for (const cell of standing) isForced[cell] = 1
  const bounds = { lower: system.counts.slice(), upper: system.counts.slice() }
  const needs = needsOf(system, rules)
  const problem = {
    cellsOfAtoms: transposed(atoms),
    atomsOfCells: atoms,
    counts: system.counts,
    truth: system.inner,
    targets: indicesOf(primary),
    minimum: rules.minimum,
    needs,
    impossible: impossibleAtoms(system.inner.length, atoms, rules.structural),
  }
  const isRounded = rules.rounding.some((base) => base > 0)
  const relations = relationsOf(system)
  const usefulness = rules.usefulness ?? system.counts
  const giveUp = (pinnedBy: readonly number[]) => cheapest(pinnedBy, usefulness, isForced)
  const auditAgain = createRegionAudit(highs, system, rules.areaAxis, problem)
  const told = (printed: Uint8Array) => {
    if (!rules.isStrict) return []
    const rows = publishedRows(system, indicesOf(printed), rules)
    return narrowWhenTold(highs, { ...problem, rows }, { printed, publishable: rules.publishable }).map(asFailure)
  }
  let candidates = startOrder(usefulness, guarded, rules.publishable, isForced)
  let linearPrograms = 0
  for (let round = 1; ; round++) {
    const elimination = eliminate({ columns, candidates: candidates.filter(isExact), protectedColumns: guarded, forced })
    // A rounded figure is an interval: it can bound a small cell but never give it away exactly, so only the bounds decide.
    const printed = elimination.published.slice(0, cells)
    for (const cell of candidates) if (!isExact(cell) && !guarded[cell]) printed[cell] = 1
    for (const cell of standing) printed[cell] = 1
    const everything = publishedRows(system, indicesOf(printed), rules)
    const obvious = new Propagation(relations, cells, everything).failures(problem.targets, needs)
    let marks = cellsToWithhold(obvious, usefulness, isForced)
    let failures = obvious
    if (marks.length === 0) {
      const rows = isRounded ? everything : publishedRows(system, elimination.pivots, rules)
      const outcome = auditAgain({ ...problem, rows, ...(isRounded ? { giveUp } : {}) }, bounds, printed, rules.seed + round)
      linearPrograms += outcome.linearPrograms
      failures = outcome.failures
      marks = isRounded ? [...outcome.givenUp] : cellsToWithhold(failures, usefulness, isForced)
    }
    if (marks.length === 0) {
      const isUnsafe = failures.length > 0 || elimination.determined.length > 0
      const larger =
        isUnsafe || cells > giveBackUpTo
          ? null
          : giveBack(highs, system, columns, printed, primary, sums.length, { rules, problem, forced })
      const published = larger?.printed ?? printed
      const exact = published.map((flag, cell) => (flag && isExact(cell) ? 1 : 0))
      return {
        published,
        exact,
        primary,
        bounds: larger?.bounds ?? bounds,
        rounds: round,
        linearPrograms,
        virtualSums: sums.length,
        certificates: certify(system, columns, exact, rules.seed),
        unsafe: [...failures, ...elimination.determined.filter((cell) => cell < cells).map(asFailure), ...told(published)],
      }
    }
    for (const mark of marks) guarded[mark] = 1
    // Only what was printed before may be printed again: every alternative table found so far then stays one.
    candidates = candidates.filter((cell) => printed[cell] && !guarded[cell])
  }
}

/** Inner cells of a structural zero. */
function impossibleAtoms(count: number, atoms: Columns, structural: Uint8Array): Uint8Array {
  const impossible = new Uint8Array(count)
  for (const cell of indicesOf(structural))
    for (let at = atoms.starts[cell] as number; at < (atoms.starts[cell + 1] as number); at++) impossible[atoms.indices[at] as number] = 1
  return impossible
}

function asFailure(cell: number): Failure {
  return { cell, side: 'lower', bound: Number.NaN, pinnedBy: [], isProven: true }
}

/** Proves with two primes, so that an unlucky determinant cannot hide a leak. */
function certify(system: System, columns: Columns, exact: Uint8Array, seed: number): readonly Certificate[] {
  const protectedColumns = new Uint8Array(columns.starts.length - 1)
  return [prime, secondPrime].map((modulus, at) => {
    const { reduced } = eliminate({ columns, candidates: indicesOf(exact), protectedColumns, modulus })
    return makeCertificate(system, reduced, modulus, seed + at)
  })
}

/** The cheapest published cell behind each failure, unless one behind it is already given up. */
function cellsToWithhold(failures: readonly Failure[], usefulness: Float64Array, isForced: Uint8Array): number[] {
  const marks = new Set<number>()
  for (const { pinnedBy } of failures) {
    if (pinnedBy.some((cell) => marks.has(cell))) continue
    const mark = cheapest(pinnedBy, usefulness, isForced)
    if (mark !== null) marks.add(mark)
  }
  return [...marks]
}

/** The least useful published cell that may still be withheld; null when all of them are out already. */
function cheapest(cells: readonly number[], usefulness: Float64Array, isForced: Uint8Array): number | null {
  const free = cells.filter((cell) => !isForced[cell])
  if (free.length === 0) return null
  return free.reduce((least, each) => ((usefulness[each] as number) < (usefulness[least] as number) ? each : least))
}

/** Most useful first: a margin that is printed early leaves more room for the rest. */
function startOrder(usefulness: Float64Array, guarded: Uint8Array, publishable: Uint8Array, isForced: Uint8Array): Int32Array {
  return Int32Array.from(
    Array.from(usefulness.keys())
      .filter((cell) => publishable[cell] && !guarded[cell] && !isForced[cell])
      .sort((a, b) => (usefulness[b] as number) - (usefulness[a] as number) || a - b),
  )
}
