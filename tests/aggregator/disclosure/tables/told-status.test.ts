import { beforeAll, describe, expect, it } from 'vitest'
import { protectSystem } from '../../../../aggregator/disclosure/tables/protect-system.ts'
import { loadSolver, type Solver } from '../../../../aggregator/disclosure/tables/solver.ts'
import { intervals } from '../../../attack/attackers.ts'
import { flatTree, leavesOfTree, openRules, systemOf } from './made-up-system.ts'

let solver: Solver
beforeAll(async () => {
  solver = await loadSolver()
})

const trees = [flatTree(4), flatTree(4)]
/** Nobody beside eleven: what hides the nobody can give up one person only, if it is known not to be small itself. */
const narrow = systemOf(trees, [0, 11, 40, 50, 12, 13, 70, 80, 30, 40, 20, 60, 50, 40, 30, 20])
/** One small cell among large ones. */
const wide = systemOf(trees, [5, 30, 40, 50, 20, 60, 70, 30, 40, 30, 20, 60, 50, 40, 30, 20])

/** The same attacker, written by the attacks: he is told of each withheld figure whether it is small. */
function widths(system: typeof wide): readonly number[] {
  const made = protectSystem(solver, system, openRules(system, 10))
  const leaves = trees.map(leavesOfTree)
  const inside = (cell: number) =>
    (leaves[0] ?? []).flatMap((row, r) =>
      (leaves[1] ?? []).flatMap((column, c) => {
        const [y, x] = [system.nodes[cell * 2], system.nodes[cell * 2 + 1]]
        return (y === 0 || y === row) && (x === 0 || x === column) ? [r * 4 + c] : []
      }),
    )
  const fact = (cell: number, lower: number, upper: number) => ({ key: String(cell), members: inside(cell), lower, upper, exact: false })
  const count = (cell: number) => system.counts[cell] ?? 0
  const cells = [...system.counts.keys()]
  const small = cells.filter((cell) => made.primary[cell])
  const printed = cells.filter((cell) => made.published[cell]).map((cell) => fact(cell, count(cell), count(cell)))
  const told = cells.filter((cell) => !made.published[cell]).map((cell) => (made.primary[cell] ? fact(cell, 0, 9) : fact(cell, 10, 1e6)))
  const wanted = small.map((cell) => fact(cell, count(cell), count(cell)))
  const isNarrow = ({ lower, upper }: { lower: number; upper: number }) => upper - lower < 3 - 1e-6
  const knowledge = { indicator: '', unknowns: 16, printed, wanted, others: [] }
  return intervals(solver, knowledge, { minimum: 10, extra: told, isNarrow })
    .filter(isNarrow)
    .map(({ key }) => Number(key))
}

describe('somebody who is told which withheld figures are small', () => {
  it.each([
    ['a', narrow],
    ['no', wide],
  ] as const)('knows %s small figure to less than three people, and strict protection says exactly that', (_, system) => {
    const strict = protectSystem(solver, system, openRules(system, 10, { isStrict: true }))
    expect(strict.unsafe.map(({ cell }) => cell)).toEqual(widths(system))
    expect(strict.unsafe.length > 0).toBe(system === narrow)
    expect(protectSystem(solver, system, openRules(system, 10)).unsafe).toEqual([])
  })
})
