import * as highs from 'highs'

// The package's declarations are read as CommonJS, where the function hides one level deeper than it is at run time.
const load = highs.default as unknown as typeof highs.default.default

export type Solver = Awaited<ReturnType<typeof load>>

/** A fresh linear programming runtime; its memory goes with it. */
export function loadSolver(): Promise<Solver> {
  return load()
}
