import type { Model } from 'highs'
import { type AuditOutcome, type AuditProblem, type Bounds, type Failure, isLowerSafe, isUpperSafe, tolerance } from './audit-problem.ts'
import { seededRandom } from './modular.ts'
import { type RegionProgram, regionProgram } from './region-program.ts'
import { minimize, type Solver, withModel } from './solver.ts'

/**
 * The attacker's linear programs: for every target the least and the greatest count that agree with everything published.
 * Inner cells outside `region` are held at their true value, which can only make the attacker stronger, so what is found
 * safe in a region is safe everywhere; what fails counts only when the region is everything.
 */
export function audit(highs: Solver, problem: AuditProblem, bounds: Bounds, region: Int32Array | null, seed = 1): AuditOutcome {
  const local = regionProgram(problem, bounds, region)
  if (local.open.length === 0) return { failures: [], givenUp: [], linearPrograms: 0 }
  return withModel(highs, (model) => {
    model.passModel(local.model)
    return new Attack(model, problem, bounds, local, seed).run()
  })
}

class Attack {
  readonly #model: Model
  readonly #problem: AuditProblem
  readonly #bounds: Bounds
  readonly #local: RegionProgram
  readonly #random: () => number
  #open: readonly number[]
  #linearPrograms = 0
  readonly #givenUp: number[] = []
  #isWide = false
  readonly #cost: Float64Array

  constructor(model: Model, problem: AuditProblem, bounds: Bounds, local: RegionProgram, seed: number) {
    this.#model = model
    this.#problem = problem
    this.#bounds = bounds
    this.#local = local
    this.#open = local.open
    this.#random = seededRandom(seed)
    this.#cost = new Float64Array(local.model.numCols)
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
    return { failures, givenUp: this.#givenUp, linearPrograms: this.#linearPrograms }
  }

  #isSafe(cell: number, side: 'lower' | 'upper'): boolean {
    return side === 'lower' ? isLowerSafe(this.#problem, this.#bounds, cell) : isUpperSafe(this.#problem, this.#bounds, cell)
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
    let solution = this.#solve()
    if (this.#isSafe(cell, side)) return null
    if (!this.#isWide) {
      this.#widen()
      solution = this.#solve()
    }
    while (!this.#isSafe(cell, side)) {
      const { rowDual } = solution
      const pinnedBy = this.#local.rowCells.filter((_, row) => Math.abs(rowDual[row] ?? 0) > 1e-7)
      const isProven = this.#holdsEverywhere(cell, side, solution)
      const dropped = isProven || this.#problem.isFinal?.(cell) ? (this.#problem.giveUp?.(pinnedBy) ?? null) : null
      if (dropped === null) return { cell, side, bound: this.#bounds[side][cell] as number, pinnedBy, isProven }
      this.#givenUp.push(dropped)
      this.#model.changeRowBounds(this.#local.rowCells.indexOf(dropped), -1e30, 1e30)
      solution = this.#solve()
    }
    return null
  }

  /**
   * Is the bound just found a bound of the whole system? By duality it is when the multipliers of the published cells price no inner
   * cell outside the region below nothing, and none inside at its artificial ceiling.
   */
  #holdsEverywhere(cell: number, side: 'lower' | 'upper', { rowDual, colDual, colValue }: ReturnType<typeof minimize>): boolean {
    const { inside, rowCells } = this.#local
    if (!inside) return true
    if (colDual.some((price) => price < -tolerance)) return false
    const { atomsOfCells, truth, impossible, minimum, needs } = this.#problem
    const prices = new Map<number, number>()
    const charge = (each: number, weight: number) => {
      for (let at = atomsOfCells.starts[each] as number; at < (atomsOfCells.starts[each + 1] as number); at++) {
        const atom = atomsOfCells.indices[at] as number
        if (!inside.has(atom) && !impossible?.[atom])
          prices.set(atom, (prices.get(atom) ?? 0) + weight * (atomsOfCells.values[at] as number))
      }
    }
    const sign = side === 'lower' ? 1 : -1
    charge(cell, sign)
    rowCells.forEach((each, row) => {
      if (Math.abs(rowDual[row] ?? 0) > 1e-9) charge(each, -(rowDual[row] as number))
    })
    let outside = 0
    for (const [atom, price] of prices) {
      if (price < -tolerance) return false
      outside += price * (truth[atom] as number)
    }
    const inRegion = this.#cost.reduce((sum, each, at) => sum + each * (colValue[at] ?? 0), 0)
    const bound = sign * (inRegion - outside) + (this.#local.forms.get(cell)?.held ?? 0)
    return side === 'lower' ? bound > (needs?.lower[cell] ?? 0) + tolerance : bound < (needs?.upper[cell] ?? minimum) - tolerance
  }

  #widen(): void {
    this.#isWide = true
    const upper = this.#local.model.colUpper
    const wide = Float64Array.from(upper, (each) => each + 20 * this.#problem.minimum)
    this.#model.changeColsBounds({ kind: 'range', from: 0, to: upper.length - 1 }, new Float64Array(upper.length), wide)
  }

  #add(cell: number, weight: number): void {
    const form = this.#local.forms.get(cell)
    form?.variables.forEach((variable, at) => {
      this.#cost[variable] = (this.#cost[variable] as number) + weight * (form.values[at] as number)
    })
  }

  /** @returns the alternative table found, with the price of each printed figure and of each variable. */
  #solve(): ReturnType<typeof minimize> {
    this.#linearPrograms++
    const solution = minimize(this.#model, this.#cost)
    this.#learn(solution.colValue)
    return solution
  }

  #learn(solution: Float64Array): void {
    const { lower, upper } = this.#bounds
    for (const cell of this.#open) {
      const form = this.#local.forms.get(cell)
      let sum = form?.held ?? 0
      form?.variables.forEach((variable, at) => {
        sum += (solution[variable] as number) * (form.values[at] as number)
      })
      if (sum < (lower[cell] as number)) lower[cell] = sum
      if (sum > (upper[cell] as number)) upper[cell] = sum
    }
    this.#open = this.#open.filter((cell) => !this.#isSafe(cell, 'lower') || !this.#isSafe(cell, 'upper'))
  }
}
