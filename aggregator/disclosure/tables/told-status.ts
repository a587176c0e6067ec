import type { AuditProblem, PublishedRow } from './audit-problem.ts'
import { regionProgram } from './region-program.ts'
import { minimize, type Solver, withModel } from './solver.ts'

/** Fewest people by which the interval of a small count stays open for somebody who is told which withheld figures are small. */
const leastWidth = 3

/**
 * The attacker who guesses right for every withheld figure whether it is small: small ones are then under the minimum, the others not.
 * @param publishable 1 for cells that would have been printed if they did not give away others.
 * @returns small cells that he knows to less than `leastWidth`.
 */
export function narrowWhenTold(
  highs: Solver,
  problem: AuditProblem,
  { printed, publishable }: { readonly printed: Uint8Array; readonly publishable: Uint8Array },
): readonly number[] {
  const { counts, minimum } = problem
  const small = [...problem.targets].filter((cell) => (counts[cell] as number) < minimum)
  const isSmall = new Set(small)
  const told = Array.from(counts.keys()).flatMap((cell): readonly PublishedRow[] => {
    if (isSmall.has(cell)) return [{ cell, lower: 0, upper: minimum - 1 }]
    return printed[cell] || !publishable[cell] || (counts[cell] as number) < minimum ? [] : [{ cell, lower: minimum, upper: 1e30 }]
  })
  const seen = { ...problem, rows: [...problem.rows, ...told], targets: Int32Array.from(small) }
  const program = regionProgram(seen, { lower: counts.slice(), upper: counts.slice() }, null)
  if (program.open.length === 0) return []
  return withModel(highs, (model) => {
    model.passModel(program.model)
    return program.open.filter((cell) => {
      const { variables = [], values = [] } = program.forms.get(cell) ?? {}
      const cost = new Float64Array(program.model.numCols)
      const value = (sign: number) => {
        variables.forEach((variable, at) => (cost[variable] = sign * (values[at] as number)))
        const { colValue } = minimize(model, cost)
        return variables.reduce((sum, variable, at) => sum + (colValue[variable] as number) * (values[at] as number), 0)
      }
      const least = value(1)
      return value(-1) - least < leastWidth - 1e-6
    })
  })
}
