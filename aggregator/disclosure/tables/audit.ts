import type { Model } from 'highs'
import type { Solver } from './solver.ts'
import { seededRandom } from './modular.ts'
import type { Columns } from './system.ts'

/** What an attacker knows, and what he must not be able to conclude. */
export interface AuditProblem {
  /** Each cell as a sum of inner cells. */
  readonly atoms: Columns
  /** True inner cells. Only a starting point: every alternative table is found from the published figures. */
  readonly truth: Float64Array
  /** Published cells, with what their printed figure says about the count. */
  readonly rows: readonly PublishedRow[]
  /** Cells whose interval must reach from 0 to the minimum. */
  readonly targets: Int32Array
  readonly minimum: number
  /** 1 for inner cells that cannot hold anybody, which the attacker knows too. */
  readonly impossible?: Uint8Array
}

export interface PublishedRow {
  readonly cell: number
  readonly lower: number
  readonly upper: number
}

/** Widest interval of each cell over all alternative tables seen so far; starts at the truth. */
export interface Bounds {
  readonly lower: Float64Array
  readonly upper: Float64Array
}

export interface Failure {
  readonly cell: number
  readonly side: 'lower' | 'upper'
  readonly bound: number
  /** Published cells that pin this one: rows of the linear program with a dual value. */
  readonly pinnedBy: readonly number[]
}

export interface AuditOutcome {
  readonly failures: readonly Failure[]
  readonly linearPrograms: number
}

export const tolerance = 1e-6

export function isLowerSafe(bounds: Bounds, cell: number): boolean {
  return (bounds.lower[cell] as number) <= tolerance
}

export function isUpperSafe(bounds: Bounds, cell: number, minimum: number): boolean {
  return (bounds.upper[cell] as number) >= minimum - tolerance
}

/**
 * The attacker's linear programs: for every target the least and the greatest count that agree with everything published.
 * Inner cells outside `region` are held at their true value, which can only make the attacker stronger, so what is found
 * safe in a region is safe everywhere; what fails counts only when the region is everything.
 */
export function audit(highs: Solver, problem: AuditProblem, bounds: Bounds, region: Int32Array | null, seed = 1): AuditOutcome {
  const local = restrict(problem, region)
  if (local.variables.length === 0) return { failures: [], linearPrograms: 0 }
  const open = openTargets(problem, bounds, local.place)
  if (open.length === 0) return { failures: [], linearPrograms: 0 }
  const model = highs.createModel()
  try {
    model.options.set({ output_flag: false, simplex_strategy: 4 })
    model.passModel({ ...local.model, matrix: { format: 'csr', ...local.matrix } })
    return new Attack(model, problem, bounds, local, open, seed).run()
  } finally {
    model.dispose()
  }
}

interface Restricted {
  /** Place of each inner cell among the variables, -1 when it is held. */
  readonly place: Int32Array
  readonly variables: Int32Array
  readonly rowCells: readonly number[]
  readonly model: {
    readonly numCols: number
    readonly numRows: number
    readonly colCost: Float64Array
    readonly colLower: Float64Array
    readonly colUpper: Float64Array
    readonly rowLower: Float64Array
    readonly rowUpper: Float64Array
  }
  readonly matrix: { numRows: number; numCols: number; starts: Int32Array; indices: Int32Array; values: Float64Array }
}

function restrict(problem: AuditProblem, region: Int32Array | null): Restricted {
  const { atoms, truth, impossible } = problem
  const wanted = region ?? Int32Array.from(truth.keys())
  const variables = impossible ? wanted.filter((atom) => !impossible[atom]) : wanted
  const place = new Int32Array(truth.length).fill(-1)
  variables.forEach((atom, at) => (place[atom] = at))
  const [rowCells, rowLower, rowUpper, starts, indices, values] = [[], [], [], [0], [], []] as number[][] as [
    number[],
    number[],
    number[],
    number[],
    number[],
    number[],
  ]
  for (const row of problem.rows) {
    let held = 0
    let used = 0
    for (let at = atoms.starts[row.cell] as number; at < (atoms.starts[row.cell + 1] as number); at++) {
      const atom = atoms.indices[at] as number
      if ((place[atom] as number) >= 0) {
        indices.push(place[atom] as number)
        values.push(atoms.values[at] as number)
        used++
      } else held += (truth[atom] as number) * (atoms.values[at] as number)
    }
    if (used === 0) continue
    rowCells.push(row.cell)
    rowLower.push(row.lower - held)
    rowUpper.push(row.upper - held)
    starts.push(indices.length)
  }
  const numCols = variables.length
  const numRows = rowCells.length
  return {
    place,
    variables,
    rowCells,
    model: {
      numCols,
      numRows,
      colCost: new Float64Array(numCols),
      colLower: new Float64Array(numCols),
      colUpper: tightUpper(problem, variables),
      rowLower: Float64Array.from(rowLower),
      rowUpper: Float64Array.from(rowUpper),
    },
    matrix: { numRows, numCols, starts: Int32Array.from(starts), indices: Int32Array.from(indices), values: Float64Array.from(values) },
  }
}

/** One inner cell may grow by the minimum only: then one solution lifts many cells at once instead of a single one far. */
function tightUpper(problem: AuditProblem, variables: Int32Array): Float64Array {
  return Float64Array.from(variables, (atom) => (problem.truth[atom] as number) + problem.minimum)
}

function openTargets(problem: AuditProblem, bounds: Bounds, place: Int32Array): number[] {
  const { atoms, minimum } = problem
  return [...problem.targets].filter((cell) => {
    if (isLowerSafe(bounds, cell) && isUpperSafe(bounds, cell, minimum)) return false
    for (let at = atoms.starts[cell] as number; at < (atoms.starts[cell + 1] as number); at++)
      if ((place[atoms.indices[at] as number] as number) >= 0) return true
    return false
  })
}

class Attack {
  readonly #model: Model
  readonly #problem: AuditProblem
  readonly #bounds: Bounds
  readonly #local: Restricted
  readonly #random: () => number
  #open: number[]
  #linearPrograms = 0
  #isWide = false
  readonly #cost: Float64Array

  constructor(model: Model, problem: AuditProblem, bounds: Bounds, local: Restricted, open: number[], seed: number) {
    this.#model = model
    this.#problem = problem
    this.#bounds = bounds
    this.#local = local
    this.#open = open
    this.#random = seededRandom(seed)
    this.#cost = new Float64Array(local.variables.length)
  }

  run(): AuditOutcome {
    this.#sample()
    const failures: Failure[] = []
    for (const side of ['lower', 'upper'] as const)
      for (const cell of this.#open) {
        if (this.#isSafe(cell, side)) continue
        const failure = this.#attack(cell, side)
        if (failure) failures.push(failure)
      }
    return { failures, linearPrograms: this.#linearPrograms }
  }

  #isSafe(cell: number, side: 'lower' | 'upper'): boolean {
    return side === 'lower' ? isLowerSafe(this.#bounds, cell) : isUpperSafe(this.#bounds, cell, this.#problem.minimum)
  }

  /** Alternative tables under random objectives; each one widens the interval of many cells at once. */
  #sample(): void {
    let idle = 0
    for (let round = 0; round < 60 && idle < 3 && this.#open.length > 4; round++) {
      const before = this.#missing()
      this.#cost.fill(0)
      const towards = round % 3
      for (const cell of this.#open) {
        const wantsLower = !this.#isSafe(cell, 'lower')
        const wantsUpper = !this.#isSafe(cell, 'upper')
        const weight = 0.2 + this.#random()
        const isDown = wantsLower && (!wantsUpper || (towards === 2 ? this.#random() < 0.5 : towards === 0))
        if (isDown) this.#add(cell, weight)
        else if (wantsUpper && (towards !== 0 || !wantsLower)) this.#add(cell, -weight)
      }
      this.#solve()
      idle = before - this.#missing() < Math.max(2, before * 0.02) ? idle + 1 : 0
    }
  }

  #missing(): number {
    let sum = 0
    for (const cell of this.#open) sum += (this.#isSafe(cell, 'lower') ? 0 : 1) + (this.#isSafe(cell, 'upper') ? 0 : 1)
    return sum
  }

  #attack(cell: number, side: 'lower' | 'upper'): Failure | null {
    this.#cost.fill(0)
    this.#add(cell, side === 'lower' ? 1 : -1)
    this.#solve()
    if (this.#isSafe(cell, side)) return null
    if (!this.#isWide) {
      this.#widen()
      this.#solve()
      if (this.#isSafe(cell, side)) return null
    }
    const duals = this.#model.getSolution().rowDual
    const pinnedBy = this.#local.rowCells.filter((_, row) => Math.abs(duals[row] ?? 0) > 1e-7)
    return { cell, side, bound: this.#bounds[side][cell] as number, pinnedBy }
  }

  #widen(): void {
    this.#isWide = true
    const count = this.#local.variables.length
    const cap = this.#problem.truth.reduce((sum, each) => sum + each, 0) + 10 * this.#problem.minimum
    this.#model.changeColsBounds({ kind: 'range', from: 0, to: count - 1 }, new Float64Array(count), new Float64Array(count).fill(cap))
  }

  #add(cell: number, weight: number): void {
    const { atoms } = this.#problem
    for (let at = atoms.starts[cell] as number; at < (atoms.starts[cell + 1] as number); at++) {
      const place = this.#local.place[atoms.indices[at] as number] as number
      if (place >= 0) this.#cost[place] = (this.#cost[place] as number) + weight * (atoms.values[at] as number)
    }
  }

  #solve(): void {
    this.#linearPrograms++
    this.#model.changeColsCost({ kind: 'range', from: 0, to: this.#cost.length - 1 }, this.#cost)
    this.#model.run()
    const status = this.#model.getModelStatus()
    if (status !== 7) throw new RangeError(`The audit's linear program ended with status ${status} instead of an optimum.`)
    this.#learn(this.#model.getSolution().colValue)
  }

  #learn(solution: Float64Array): void {
    const { atoms, truth } = this.#problem
    const { lower, upper } = this.#bounds
    const still: number[] = []
    for (const cell of this.#open) {
      let sum = 0
      for (let at = atoms.starts[cell] as number; at < (atoms.starts[cell + 1] as number); at++) {
        const atom = atoms.indices[at] as number
        const place = this.#local.place[atom] as number
        sum += (place >= 0 ? (solution[place] as number) : (truth[atom] as number)) * (atoms.values[at] as number)
      }
      if (sum < (lower[cell] as number)) lower[cell] = sum
      if (sum > (upper[cell] as number)) upper[cell] = sum
      if (!this.#isSafe(cell, 'lower') || !this.#isSafe(cell, 'upper')) still.push(cell)
    }
    this.#open = still
  }
}
