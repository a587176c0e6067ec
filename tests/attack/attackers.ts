import * as highs from 'highs'
import type { Fact, Knowledge } from './knowledge.ts'

const load = highs.default as unknown as typeof highs.default.default
export type Solver = Awaited<ReturnType<typeof load>>
export const loadAttacker = (): Promise<Solver> => load()

/** Small figures that are sums and differences of exact printed ones: Gaussian elimination modulo a prime of its own. */
export function determined(knowledge: Knowledge, prime: number): readonly string[] {
  const rows: { pivot: number; values: Float64Array }[] = []
  const multiply = (a: number, b: number) => {
    const high = Math.floor(a / 4096)
    return (((((high * b) % prime) * 4096 + (a % 4096) * b) % prime) + prime) % prime
  }
  const power = (base: number, exponent: number): number => {
    let [result, square, left] = [1, base, exponent]
    for (; left > 0; left = Math.floor(left / 2)) {
      if (left % 2 === 1) result = multiply(result, square)
      square = multiply(square, square)
    }
    return result
  }
  const reduce = (values: Float64Array) => {
    for (const { pivot, values: row } of rows) {
      const factor = values[pivot] as number
      if (factor === 0) continue
      for (let at = 0; at < values.length; at++)
        if (row[at] !== 0) values[at] = ((values[at] as number) + prime - multiply(factor, row[at] as number)) % prime
    }
  }
  const vector = ({ members }: Fact) => {
    const values = new Float64Array(knowledge.unknowns)
    for (const member of members) values[member] = 1
    return values
  }
  for (const fact of knowledge.printed) {
    if (!fact.exact) continue
    const values = vector(fact)
    reduce(values)
    const pivot = values.findIndex((each) => each !== 0)
    if (pivot < 0) continue
    const inverse = power(values[pivot] as number, prime - 2)
    for (let at = 0; at < values.length; at++) values[at] = multiply(values[at] as number, inverse)
    rows.push({ pivot, values })
  }
  return knowledge.wanted
    .filter((fact) => {
      const values = vector(fact)
      reduce(values)
      return values.every((each) => each === 0)
    })
    .map(({ key }) => key)
}

export interface Interval {
  readonly key: string
  lower: number
  upper: number
}

export interface BoundOptions {
  readonly integer?: boolean
  readonly extra?: readonly Fact[]
  /** Stop asking at this clock time, in ms of performance.now(); figures not asked yet are left out. */
  readonly until?: number
  readonly wanted?: readonly Fact[]
  /** Stop at the first figure that is bounded. */
  readonly stopAtFirst?: boolean
  readonly minimum: number
  /** Is this interval too narrow? Default: it does not reach from nobody to the minimum. */
  readonly isNarrow?: (interval: Interval) => boolean
}

/**
 * Least and greatest value of each wanted figure over everything that agrees with what was printed. Every solution is a possible
 * world and widens all intervals; a figure is asked for only while no world has shown it at 0 and at the minimum.
 */
export function intervals(solver: Solver, knowledge: Knowledge, options: BoundOptions): readonly Interval[] {
  const rows = [...knowledge.printed, ...(options.extra ?? [])]
  const wanted = options.wanted ?? knowledge.wanted
  const found = wanted.map(({ key, lower, upper }): Interval => ({ key, lower, upper }))
  if (wanted.length === 0 || knowledge.unknowns === 0) return found
  const cap = Math.max(1000, ...rows.map(({ upper }) => (Number.isFinite(upper) ? upper : 0))) * 2
  const starts = rows.reduce<number[]>((all, { members }) => [...all, (all.at(-1) ?? 0) + members.length], [0])
  const model = solver.createModel()
  const asked: boolean[] = wanted.map(() => false)
  try {
    model.options.set({ output_flag: false, simplex_strategy: 4 })
    model.passModel({
      numCols: knowledge.unknowns,
      numRows: rows.length,
      colCost: new Float64Array(knowledge.unknowns),
      colLower: new Float64Array(knowledge.unknowns),
      colUpper: new Float64Array(knowledge.unknowns).fill(cap),
      rowLower: Float64Array.from(rows, ({ lower }) => lower),
      rowUpper: Float64Array.from(rows, ({ upper }) => Math.min(upper, 1e9)),
      matrix: {
        format: 'csr',
        numRows: rows.length,
        numCols: knowledge.unknowns,
        starts: Int32Array.from(starts),
        indices: Int32Array.from(rows.flatMap(({ members }) => members)),
        values: new Float64Array(starts.at(-1) ?? 0).fill(1),
      },
      ...(options.integer ? { integrality: new Int32Array(knowledge.unknowns).fill(1) } : {}),
    })
    const solve = (cost: Float64Array): boolean => {
      model.changeColsCost({ kind: 'range', from: 0, to: knowledge.unknowns - 1 }, cost)
      model.run()
      // The primal simplex now and then ends without a verdict: the dual then starts afresh. A program with whole numbers may have none in time.
      if (model.getModelStatus() !== 7) {
        model.clearSolver()
        model.options.set({ simplex_strategy: 1 })
        model.run()
        model.options.set({ simplex_strategy: 4 })
      }
      if (model.getModelStatus() !== 7) return false
      const solution = model.getSolution().colValue
      const total = (members: readonly number[]) => members.reduce((sum, member) => sum + (solution[member] as number), 0)
      wanted.forEach(({ members, less = [] }, at) => {
        const value = total(members) - total(less)
        const each = found[at] as Interval
        each.lower = Math.min(each.lower, value)
        each.upper = Math.max(each.upper, value)
      })
      return true
    }
    const costOf = (facts: readonly (readonly [Fact, number])[]) => {
      const cost = new Float64Array(knowledge.unknowns)
      for (const [{ members, less = [] }, weight] of facts) {
        for (const member of members) cost[member] = (cost[member] as number) + weight
        for (const member of less) cost[member] = (cost[member] as number) - weight
      }
      return cost
    }
    let seed = 12_345
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
    const { isNarrow } = options
    const isHigh = (each: Interval) => (isNarrow ? isNarrow(each) : each.lower > 1e-6)
    const isLow = (each: Interval) => (isNarrow ? isNarrow(each) : each.upper < options.minimum - 1e-6)
    const isOpen = (at: number) => isHigh(found[at] as Interval) || isLow(found[at] as Interval)
    for (let round = 0; round < 24 && wanted.some((_, at) => isOpen(at)); round++)
      solve(costOf(wanted.flatMap((fact, at) => (isOpen(at) ? [[fact, (round % 2 === 0 ? 1 : -1) * (0.1 + random())] as const] : []))))
    for (const [at, fact] of wanted.entries()) {
      if (options.until !== undefined && performance.now() > options.until) break
      asked[at] = true
      const each = found[at] as Interval
      if (isHigh(each)) solve(costOf([[fact, 1]]))
      if (isLow(each)) solve(costOf([[fact, -1]]))
      if (options.stopAtFirst && isOpen(at)) return [each]
    }
    return found.filter((_, at) => asked[at] || !isOpen(at))
  } finally {
    model.dispose()
  }
}

export function isBounded({ lower, upper }: Interval, minimum: number): boolean {
  return lower > 1e-5 || upper < minimum - 1e-5
}
