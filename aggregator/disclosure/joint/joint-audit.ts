import type { Model, ModelData } from 'highs'
import { seededRandom } from '../tables/modular.ts'
import { minimize, type Solver, withModel } from '../tables/solver.ts'
import type { JointCount, JointSystem, JointTarget } from './joint-system.ts'

export interface JointOutcome {
  /** Counts (by index) that were printed and must be withheld. */
  readonly withdrawn: readonly number[]
  /** Targets that stay bounded although everything printed around them was withdrawn. */
  readonly unsafe: readonly JointTarget[]
  readonly linearPrograms: number
}

export interface JointOptions {
  readonly minimum: number
  readonly seed: number
}

const tolerance = 1e-6
const nowhere = 1e30

/**
 * The attacker who has every indicator before him: for each small count the least and the greatest value that agree with all printed
 * figures, with sums along every dimension and with sets that lie inside each other. A printed figure that pins one is withdrawn.
 * Works on counts of the plan and not on inner cells: whether they come from one list of people is left to the audit of each indicator.
 */
export function auditJointly(highs: Solver, system: JointSystem, options: JointOptions): JointOutcome {
  return withModel(highs, (model) => new JointAttack(model, system, options).run())
}

class JointAttack {
  readonly #model: Model
  readonly #system: JointSystem
  readonly #options: JointOptions
  readonly #random: () => number
  readonly #printed: Uint8Array
  readonly #isSum: Uint8Array
  readonly #reach: Float64Array
  readonly #lower: Float64Array
  readonly #upper: Float64Array
  readonly #cost: Float64Array
  readonly #withdrawn: number[] = []
  #open: readonly number[]
  #linearPrograms = 0

  constructor(model: Model, system: JointSystem, options: JointOptions) {
    this.#model = model
    this.#system = system
    this.#options = options
    this.#random = seededRandom(options.seed)
    const { counts, targets } = system
    this.#printed = Uint8Array.from(counts, ({ upper }) => (Number.isFinite(upper) ? 1 : 0))
    this.#isSum = sumsOf(system)
    this.#reach = Float64Array.from(counts, ({ upper }, at) => Math.min(upper, this.#end(at)))
    this.#lower = Float64Array.from(targets, (target) => this.#value(target, ({ count }) => count))
    this.#upper = this.#lower.slice()
    this.#cost = new Float64Array(counts.length)
    this.#open = [...targets.keys()]
    model.passModel(modelOf(system, this.#reach))
  }

  run(): JointOutcome {
    this.#sample()
    const unsafe = new Set<JointTarget>()
    for (const side of ['lower', 'upper'] as const)
      for (const target of this.#open) if (!this.#isSafe(target, side) && !this.#attack(target, side)) unsafe.add(this.#target(target))
    return { withdrawn: this.#withdrawn, unsafe: [...unsafe], linearPrograms: this.#linearPrograms }
  }

  #target(at: number): JointTarget {
    return this.#system.targets[at] as JointTarget
  }

  #value({ plus, minus }: JointTarget, of: (count: JointCount, at: number) => number): number {
    const at = (index: number) => of(this.#system.counts[index] as JointCount, index)
    return at(plus) - (minus === null ? 0 : at(minus))
  }

  #isSafe(at: number, side: 'lower' | 'upper'): boolean {
    const target = this.#target(at)
    return side === 'lower'
      ? (this.#lower[at] as number) <= target.lower + tolerance
      : (this.#upper[at] as number) >= target.upper - tolerance
  }

  #sample(): void {
    for (let round = 0, idle = 0; round < 40 && idle < 4 && this.#open.length > 0; round++) {
      const before = this.#open.length
      this.#cost.fill(0)
      for (const target of this.#open) {
        const wantsDown = !this.#isSafe(target, 'lower') && (round % 2 === 0 || this.#isSafe(target, 'upper'))
        this.#add(target, (wantsDown ? 1 : -1) * (0.2 + this.#random()))
      }
      this.#solve()
      idle = before - this.#open.length < Math.max(1, before * 0.02) ? idle + 1 : 0
    }
  }

  /** @returns false when it stays bounded and nothing is left to withdraw. */
  #attack(target: number, side: 'lower' | 'upper'): boolean {
    this.#cost.fill(0)
    this.#add(target, side === 'lower' ? 1 : -1)
    for (;;) {
      const colDual = this.#solve()
      if (this.#isSafe(target, side)) return true
      const pinned = this.#system.counts.flatMap((_, at) => (Math.abs(colDual[at] ?? 0) > 1e-7 ? [at] : []))
      const printed = pinned.filter((at) => this.#printed[at] && !this.#system.counts[at]?.isForced)
      const ended = pinned.filter((at) => !this.#printed[at] && (colDual[at] ?? 0) < 0)
      // First the ends we set ourselves give way: only what stays pinned then is pinned by what is printed.
      if (ended.some((at) => (this.#reach[at] as number) < this.#farthest(at)))
        for (const at of ended) this.#bound(at, 0, this.#farthest(at))
      else if (printed.length > 0)
        this.#withdraw(printed.reduce((least, at) => (this.#usefulness(at) < this.#usefulness(least) ? at : least)))
      else return false
    }
  }

  #countAt(at: number): number {
    return this.#system.counts[at]?.count ?? 0
  }

  #usefulness(at: number): number {
    return this.#system.counts[at]?.usefulness ?? 0
  }

  /**
   * So much may a withheld count grow: without an end, one count would run away and show nothing of the others. A sum has none, or only a
   * few of its parts could grow at a time.
   */
  #end(at: number): number {
    return this.#isSum[at] ? nowhere : this.#countAt(at) + 3 * this.#options.minimum
  }

  #farthest(at: number): number {
    return this.#countAt(at) + 100 * this.#options.minimum
  }

  #withdraw(at: number): void {
    this.#withdrawn.push(at)
    this.#printed[at] = 0
    this.#bound(at, 0, this.#end(at))
  }

  #bound(at: number, lower: number, upper: number): void {
    this.#reach[at] = upper
    this.#model.changeColBounds(at, lower, upper)
  }

  #add(target: number, weight: number): void {
    const { plus, minus } = this.#target(target)
    this.#cost[plus] = (this.#cost[plus] as number) + weight
    if (minus !== null) this.#cost[minus] = (this.#cost[minus] as number) - weight
  }

  /** @returns what each count's limits are worth to the attacker. */
  #solve(): Float64Array {
    this.#linearPrograms++
    const { colValue, colDual } = minimize(this.#model, this.#cost)
    for (const at of this.#open) {
      const value = this.#value(this.#target(at), (_, index) => colValue[index] as number)
      this.#lower[at] = Math.min(this.#lower[at] as number, value)
      this.#upper[at] = Math.max(this.#upper[at] as number, value)
    }
    this.#open = this.#open.filter((at) => !this.#isSafe(at, 'lower') || !this.#isSafe(at, 'upper'))
    return colDual
  }
}

/** 1 for counts that are the sum of others. */
function sumsOf({ counts, relations }: JointSystem): Uint8Array {
  const isSum = new Uint8Array(counts.length)
  for (const { plus, isInclusion } of relations) if (!isInclusion) for (const at of plus) isSum[at] = 1
  return isSum
}

function modelOf({ counts, relations }: JointSystem, reach: Float64Array): ModelData {
  const starts = [0]
  for (const { plus, minus } of relations) starts.push((starts.at(-1) ?? 0) + plus.length + minus.length)
  return {
    numCols: counts.length,
    numRows: relations.length,
    colCost: new Float64Array(counts.length),
    colLower: Float64Array.from(counts, ({ lower }) => lower),
    colUpper: reach.slice(),
    rowLower: new Float64Array(relations.length),
    rowUpper: Float64Array.from(relations, ({ isInclusion }) => (isInclusion ? nowhere : 0)),
    matrix: {
      format: 'csr',
      numRows: relations.length,
      numCols: counts.length,
      starts: Int32Array.from(starts),
      indices: Int32Array.from(relations.flatMap(({ plus, minus }) => [...plus, ...minus])),
      values: Float64Array.from(relations.flatMap(({ plus, minus }) => [...plus.map(() => 1), ...minus.map(() => -1)])),
    },
  }
}
