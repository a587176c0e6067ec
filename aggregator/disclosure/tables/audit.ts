import type { Model, ModelData } from 'highs'
import type { Solver } from './solver.ts'
import { seededRandom } from './modular.ts'
import type { Columns } from './system.ts'

/** What an attacker knows, and what he must not be able to conclude. */
export interface AuditProblem {
  /** For each inner cell, the cells that hold it: `transposed(cellAtoms(system))`. */
  readonly cellsOfAtoms: Columns
  /** For each cell, its inner cells: `cellAtoms(system)`. */
  readonly atomsOfCells: Columns
  /** True counts of the cells. */
  readonly counts: Float64Array
  /** True inner cells. Only a starting point: every alternative table is found from the published figures. */
  readonly truth: Float64Array
  /** Published cells, with what their printed figure says about the count. */
  readonly rows: readonly PublishedRow[]
  /** Cells whose interval must reach from 0 to the minimum. */
  readonly targets: Int32Array
  readonly minimum: number
  /** Per cell, how low and how high its interval must reach, where that is not 0 and the minimum. */
  readonly needs?: { readonly lower: Float64Array; readonly upper: Float64Array }
  /** 1 for inner cells that cannot hold anybody, which the attacker knows too. */
  readonly impossible?: Uint8Array
  /** 1 for targets that are known to fail and not tried again. */
  readonly excluded?: Uint8Array
  /**
   * Chooses which published cell to give up when one is pinned for good; its row is then dropped and the attack goes on.
   * Only when `rows` holds every published cell: otherwise another one could say the same and the alternatives would be false.
   */
  readonly giveUp?: (pinnedBy: readonly number[]) => number | null
  /** Does a failure of this cell count although a larger region might clear it? */
  readonly isFinal?: (cell: number) => boolean
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
  /** The same published cells bound it even when everything outside the region may vary: no larger region can clear it. */
  readonly isProven: boolean
}

export interface AuditOutcome {
  /** What stays bounded, as far as nothing could be given up for it. */
  readonly failures: readonly Failure[]
  /** Published cells whose rows were dropped. */
  readonly givenUp: readonly number[]
  readonly linearPrograms: number
}

export const tolerance = 1e-6
const optimal = 7

type Needs = Pick<AuditProblem, 'needs' | 'minimum'>

export function isLowerSafe({ needs }: Needs, bounds: Bounds, cell: number): boolean {
  return (bounds.lower[cell] as number) <= (needs?.lower[cell] ?? 0) + tolerance
}

export function isUpperSafe({ needs, minimum }: Needs, bounds: Bounds, cell: number): boolean {
  return (bounds.upper[cell] as number) >= (needs?.upper[cell] ?? minimum) - tolerance
}

/** Is it still to be shown that this target is not bounded? */
export function isOpenTarget(problem: Needs & Pick<AuditProblem, 'excluded'>, bounds: Bounds, cell: number): boolean {
  return !problem.excluded?.[cell] && !(isLowerSafe(problem, bounds, cell) && isUpperSafe(problem, bounds, cell))
}

/**
 * The attacker's linear programs: for every target the least and the greatest count that agree with everything published.
 * Inner cells outside `region` are held at their true value, which can only make the attacker stronger, so what is found
 * safe in a region is safe everywhere; what fails counts only when the region is everything.
 */
export function audit(highs: Solver, problem: AuditProblem, bounds: Bounds, region: Int32Array | null, seed = 1): AuditOutcome {
  const local = restrict(problem, bounds, region)
  if (local.open.length === 0) return { failures: [], givenUp: [], linearPrograms: 0 }
  const model = highs.createModel()
  try {
    model.options.set({ output_flag: false, simplex_strategy: 4 })
    model.passModel(local.model)
    return new Attack(model, problem, bounds, local, seed).run()
  } finally {
    model.dispose()
  }
}

/** The problem seen from one region: inner cells that every cell treats alike are one variable. */
interface Restricted {
  readonly model: ModelData
  readonly rowCells: readonly number[]
  /** Targets that are not certified yet. */
  readonly open: readonly number[]
  readonly forms: ReadonlyMap<number, LocalForm>
  /** Null when the region is everything. */
  readonly inside: ReadonlySet<number> | null
}

/** A cell over the variables of the region, plus what the rest of the world adds to it. */
interface LocalForm {
  readonly variables: readonly number[]
  readonly values: readonly number[]
  readonly held: number
}

function restrict(problem: AuditProblem, bounds: Bounds, region: Int32Array | null): Restricted {
  const { minimum, counts } = problem
  const isRow = new Uint8Array(counts.length)
  const isOpen = new Uint8Array(counts.length)
  for (const { cell } of problem.rows) isRow[cell] = 1
  for (const cell of problem.targets) if (isOpenTarget(problem, bounds, cell)) isOpen[cell] = 1
  const { forms, truth } = localForms(problem, region, (cell) => isRow[cell] === 1 || isOpen[cell] === 1)
  const rows = problem.rows.flatMap((row) => {
    const form = forms.get(row.cell)
    return form ? [{ ...row, form }] : []
  })
  const open = [...forms.keys()].filter((cell) => isOpen[cell]).sort((a, b) => a - b)
  return { model: modelOf(rows, truth, minimum), rowCells: rows.map(({ cell }) => cell), open, forms, inside: region && new Set(region) }
}

interface GrowingForm {
  readonly variables: number[]
  readonly values: number[]
  held: number
}

/**
 * The cells that a region touches, over its variables. Inner cells that lie in the same cells cannot be told apart: one variable
 * stands for all of them. What lies outside the region is held at the truth, so each cell keeps the rest of its count.
 */
function localForms(
  { cellsOfAtoms, truth, counts, impossible }: AuditProblem,
  region: Int32Array | null,
  matters: (cell: number) => boolean,
): { readonly forms: Map<number, GrowingForm>; readonly truth: number[] } {
  const forms = new Map<number, GrowingForm>()
  const known = new Map<string, number>()
  const sums: number[] = []
  for (const atom of region ?? truth.keys()) {
    if (impossible?.[atom]) continue
    const [from, to] = [cellsOfAtoms.starts[atom] as number, cellsOfAtoms.starts[atom + 1] as number]
    let key = ''
    for (let at = from; at < to; at++) {
      const cell = cellsOfAtoms.indices[at] as number
      if (matters(cell)) key += `${cell} ${cellsOfAtoms.values[at] as number},`
    }
    const variable = known.get(key) ?? sums.length
    const isFirst = variable === sums.length
    if (isFirst) {
      known.set(key, variable)
      sums.push(0)
    }
    sums[variable] = (sums[variable] as number) + (truth[atom] as number)
    for (let at = from; at < to; at++) {
      const cell = cellsOfAtoms.indices[at] as number
      if (!matters(cell)) continue
      const value = cellsOfAtoms.values[at] as number
      const form = forms.get(cell) ?? { variables: [], values: [], held: counts[cell] as number }
      forms.set(cell, form)
      form.held -= value * (truth[atom] as number)
      if (isFirst) {
        form.variables.push(variable)
        form.values.push(value)
      }
    }
  }
  return { forms, truth: sums }
}

function modelOf(rows: readonly (PublishedRow & { readonly form: LocalForm })[], truth: readonly number[], minimum: number): ModelData {
  const starts = [0]
  for (const { form } of rows) starts.push((starts.at(-1) ?? 0) + form.variables.length)
  const numCols = truth.length
  const numRows = rows.length
  return {
    numCols,
    numRows,
    colCost: new Float64Array(numCols),
    colLower: new Float64Array(numCols),
    // One variable may grow by the minimum only: then one solution lifts many cells at once instead of a single one far.
    colUpper: Float64Array.from(truth, (each) => each + minimum),
    rowLower: Float64Array.from(rows, ({ lower, form }) => lower - form.held),
    rowUpper: Float64Array.from(rows, ({ upper, form }) => upper - form.held),
    matrix: {
      format: 'csr',
      numRows,
      numCols,
      starts: Int32Array.from(starts),
      indices: Int32Array.from(rows.flatMap(({ form }) => form.variables)),
      values: Float64Array.from(rows.flatMap(({ form }) => form.values)),
    },
  }
}

class Attack {
  readonly #model: Model
  readonly #problem: AuditProblem
  readonly #bounds: Bounds
  readonly #local: Restricted
  readonly #random: () => number
  #open: readonly number[]
  #linearPrograms = 0
  readonly #givenUp: number[] = []
  #isWide = false
  readonly #cost: Float64Array

  constructor(model: Model, problem: AuditProblem, bounds: Bounds, local: Restricted, seed: number) {
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
    this.#solve()
    if (this.#isSafe(cell, side)) return null
    if (!this.#isWide) {
      this.#widen()
      this.#solve()
    }
    while (!this.#isSafe(cell, side)) {
      const duals = this.#model.getSolution().rowDual
      const pinnedBy = this.#local.rowCells.filter((_, row) => Math.abs(duals[row] ?? 0) > 1e-7)
      const isProven = this.#holdsEverywhere(cell, side)
      const dropped = isProven || this.#problem.isFinal?.(cell) ? (this.#problem.giveUp?.(pinnedBy) ?? null) : null
      if (dropped === null) return { cell, side, bound: this.#bounds[side][cell] as number, pinnedBy, isProven }
      this.#givenUp.push(dropped)
      this.#model.changeRowBounds(this.#local.rowCells.indexOf(dropped), -1e30, 1e30)
      this.#solve()
    }
    return null
  }

  /**
   * Is the bound just found a bound of the whole system? By duality it is when the multipliers of the published cells price no inner
   * cell outside the region below nothing, and none inside at its artificial ceiling.
   */
  #holdsEverywhere(cell: number, side: 'lower' | 'upper'): boolean {
    const { inside, rowCells } = this.#local
    if (!inside) return true
    const { rowDual, colDual, colValue } = this.#model.getSolution()
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

  #solve(): void {
    this.#linearPrograms++
    this.#model.changeColsCost({ kind: 'range', from: 0, to: this.#cost.length - 1 }, this.#cost)
    this.#model.run()
    // The truth is always a solution: a verdict of "infeasible" comes from a worn basis, so it is thrown away and tried afresh.
    if (this.#model.getModelStatus() !== optimal) {
      this.#model.clearSolver()
      this.#model.run()
    }
    const status = this.#model.getModelStatus()
    if (status !== optimal) throw new RangeError(`The audit's linear program ended with status ${status} instead of an optimum.`)
    this.#learn(this.#model.getSolution().colValue)
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
