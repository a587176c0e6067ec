import * as highs from 'highs'
import type { Model } from 'highs'

// The package's declarations are read as CommonJS, where the function hides one level deeper than it is at run time.
const load = highs.default as unknown as typeof highs.default.default

export type Solver = Awaited<ReturnType<typeof load>>

/** A fresh linear programming runtime; its memory goes with it. */
export function loadSolver(): Promise<Solver> {
  return load()
}

const optimal = 7
const dualSimplex = 1
/** Several times quicker than dual where only the objective changes from one program to the next. */
const primalSimplex = 4

/** Lends a model whose objective changes again and again. */
export function withModel<Result>(solver: Solver, work: (model: Model) => Result): Result {
  const model = solver.createModel()
  try {
    model.options.set({ output_flag: false, simplex_strategy: primalSimplex })
    return work(model)
  } finally {
    model.dispose()
  }
}

/**
 * The solution that makes the cost least.
 * @param cost one per column
 * @throws RangeError when there is no optimum. An attacker's program always has one: the truth is a solution, and every column has an end.
 */
export function minimize(model: Model, cost: Float64Array): ReturnType<Model['getSolution']> {
  model.changeColsCost({ kind: 'range', from: 0, to: cost.length - 1 }, cost)
  model.run()
  if (model.getModelStatus() === optimal) return model.getSolution()
  // The primal simplex now and then calls a worn basis infeasible, or ends without a verdict: the dual then starts afresh.
  model.clearSolver()
  model.options.set({ simplex_strategy: dualSimplex })
  model.run()
  model.options.set({ simplex_strategy: primalSimplex })
  const status = model.getModelStatus()
  if (status !== optimal) throw new RangeError(`A linear program of the audit ended with status ${status} instead of an optimum.`)
  return model.getSolution()
}
