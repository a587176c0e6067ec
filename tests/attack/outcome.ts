import type { Solver } from './attackers.ts'
import type { Target } from './published.ts'

export interface Outcome {
  readonly id: string
  readonly title: string
  readonly pass: boolean
  /** The release with this protection taken away was found out. */
  readonly mutant_caught: boolean
  readonly note: string
}

export interface Field {
  readonly target: Target
  readonly solver: Solver
  /** Time for one attack, ms. */
  readonly milliseconds: number
}

export type Attack = (field: Field) => Promise<Outcome> | Outcome
