import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { audit } from '../../../../aggregator/disclosure/tables/audit.ts'
import type { AuditProblem, Bounds } from '../../../../aggregator/disclosure/tables/audit-problem.ts'
import { Propagation, relationsOf } from '../../../../aggregator/disclosure/tables/propagate.ts'
import { auditRegions } from '../../../../aggregator/disclosure/tables/regions.ts'
import { loadSolver, type Solver } from '../../../../aggregator/disclosure/tables/solver.ts'
import { cellAtoms, type System, transposed } from '../../../../aggregator/disclosure/tables/system.ts'
import { exhaustiveBounds } from './exhaustive.ts'
import { areaTree, flatTree, madeUpInner, openRules, readFigures, systemOf } from './made-up-system.ts'

let solver: Solver
beforeAll(async () => {
  solver = await loadSolver()
})

const minimum = 10

/** Two in three of what is not small is printed, so that much is bounded in a part and less so in the whole. */
function attackOn(system: System): AuditProblem {
  const atoms = cellAtoms(system)
  const cells = [...system.counts.keys()]
  const printed = cells.filter((cell) => (system.counts[cell] ?? 0) >= minimum && (cell * 7919) % 3 > 0)
  return {
    cellsOfAtoms: transposed(atoms),
    atomsOfCells: atoms,
    counts: system.counts,
    truth: system.inner,
    rows: printed.map((cell) => ({ cell, lower: system.counts[cell] ?? 0, upper: system.counts[cell] ?? 0 })),
    targets: Int32Array.from(cells.filter((cell) => (system.counts[cell] ?? 0) < minimum)),
    minimum,
  }
}

const untouched = (system: System): Bounds => ({ lower: system.counts.slice(), upper: system.counts.slice() })

describe('what is found in a part of the system', () => {
  const system = systemOf([areaTree([3, 3, 4]), flatTree(2), flatTree(3)], madeUpInner(36, 1, 2, 3, 5))
  const problem = attackOn(system)

  it('is proved to fail only where the whole system fails too', () => {
    const whole = untouched(system)
    const failing = new Set(audit(solver, problem, whole, null).failures.map(({ cell, side }) => `${cell} ${side}`))
    const areas = (size: number) =>
      Array.from({ length: 36 / size }, (_, group) => Int32Array.from({ length: 6 * size }, (_, at) => group * 6 * size + at))
    const parts = [...areas(1), ...areas(4)]
    const proven = parts.flatMap((part) => audit(solver, problem, untouched(system), part).failures).filter(({ isProven }) => isProven)
    expect(proven.length).toBeGreaterThan(20)
    expect(proven.filter(({ cell, side }) => !failing.has(`${cell} ${side}`))).toEqual([])
  })

  it('leaves no small cell out: the last step looks at everything that is still open', () => {
    const steps = auditRegions(systemOf([areaTree([3, 3, 60]), flatTree(4)], new Float64Array(540 * 4)), 0)
    expect(steps.at(-1)).toEqual({ regions: [null], tries: Number.POSITIVE_INFINITY, finalUpTo: Number.POSITIVE_INFINITY })
  })
})

describe('bounds found by adding and subtracting', () => {
  it('are never narrower than the bounds over all tables of whole counts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 6, maxLength: 6 }),
        fc.integer({ min: 0, max: 1e9 }),
        (inner, pattern) => {
          const table = systemOf([flatTree(2), flatTree(3)], inner)
          const published = Uint8Array.from(table.counts, (_, cell) => (cell === 0 || (pattern >> (cell % 30)) & 1 ? 1 : 0))
          const rows = readFigures(table, published, openRules(table, 3))
          const needs = { lower: new Float64Array(table.counts.length), upper: new Float64Array(table.counts.length).fill(3) }
          const found = new Propagation(relationsOf(table), table.counts.length, rows).failures(Int32Array.from(table.counts.keys()), needs)
          const whole = exhaustiveBounds(table, rows)
          for (const { cell, side, bound, pinnedBy } of found) {
            if (side === 'upper') expect(bound).toBeGreaterThanOrEqual((whole.upper[cell] ?? 0) - 1e-6)
            else expect(bound).toBeLessThanOrEqual((whole.lower[cell] ?? 0) + 1e-6)
            expect(pinnedBy.every((each) => published[each])).toBe(true)
          }
        },
      ),
      { numRuns: 300, seed: 3 },
    )
  })
})
