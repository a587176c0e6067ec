import { readdirSync, readFileSync } from 'node:fs'
import type { Solver } from './attackers.ts'
import type { Attack } from './outcome.ts'
import { printedCounts, type Published, roundingOf, type Target } from './published.ts'

/** A count somebody could know: of one set of people, at one combination of codes. */
interface Unknown {
  lower: number
  upper: number
  readonly truth: number
}

interface Row {
  readonly plus: number
  readonly minus: readonly number[]
  readonly isAtLeast: boolean
}

/** A small count that is not printed, or what is left of a set without one inside it. */
interface Aim {
  readonly all: number
  readonly part: number | null
}

interface Definition {
  readonly id: string
  readonly universe?: string
  readonly numerator?: string
}

const folder = new URL('../../schemas/indicators/', import.meta.url)

/** The definitions are public: whoever reads them knows which set lies in which. */
function definitions(): ReadonlyMap<string, Definition> {
  const all = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Definition)
  return new Map(all.map((each) => [each.id, each]))
}

/** What follows from a condition: part of the public policy. */
const implied = new Map(
  (
    JSON.parse(readFileSync(new URL('../disclosure.json', folder), 'utf8')) as { implications: { when: string; implies?: string[] }[] }
  ).implications.map(({ when, implies = [] }) => [when, implies] as const),
)

/** `a and (b or c)` as a and (b or c): split where no parenthesis is open. */
function parts(expression: string): readonly string[] {
  const found = ['']
  let open = 0
  for (const word of expression.split(/( and )/)) {
    if (word === ' and ' && open === 0) found.push('')
    else {
      found[found.length - 1] = `${found.at(-1) ?? ''}${word}`
      open += (word.match(/\(/g)?.length ?? 0) - (word.match(/\)/g)?.length ?? 0)
    }
  }
  return found.map((each) => each.trim()).flatMap((each) => (each === '' ? [] : [each, ...(implied.get(each) ?? [])]))
}

class Combination {
  readonly unknowns: Unknown[] = []
  readonly rows: Row[] = []
  readonly aims: Aim[] = []
  /** Counts that are withheld and not small: printed by the mutant. */
  readonly others = new Set<number>()
  readonly #places = new Map<string, { readonly conditions: ReadonlySet<string> | null; readonly byCodes: Map<string, number> }>()
  readonly #definitions = definitions()

  constructor(target: Target) {
    for (const table of target.tables) this.#read(table, target)
    this.#nest()
  }

  #set(table: Published, isPart: boolean) {
    const { universe, numerator } = this.#definitions.get(table.indicator) ?? {}
    const isKnown = table.type !== 'ratio' && universe !== undefined && (!isPart || numerator !== undefined)
    const conditions = isKnown ? new Set([...parts(universe), ...(isPart ? parts(numerator ?? '') : [])]) : null
    const key = `${table.level} ${conditions ? [...conditions].toSorted().join(' & ') : `${table.indicator} ${isPart}`}`
    const found = this.#places.get(key) ?? { conditions, byCodes: new Map<string, number>() }
    this.#places.set(key, found)
    return found
  }

  #count(set: { readonly byCodes: Map<string, number> }, codes: string, truth: number): number {
    const known = set.byCodes.get(codes)
    if (known !== undefined && this.unknowns[known]?.truth === truth) return known
    this.unknowns.push({ lower: 0, upper: Number.POSITIVE_INFINITY, truth })
    if (known === undefined) set.byCodes.set(codes, this.unknowns.length - 1)
    return this.unknowns.length - 1
  }

  #read(table: Published, target: Target): void {
    const [all, part] = [this.#set(table, false), this.#set(table, true)]
    const truth = target.truth.get(table.id) ?? []
    const at = new Map<string, readonly [number, number | null]>()
    table.cells.forEach((cell, index) => {
      const codes = cell.nodes.flatMap((node, axis) =>
        node === 0 ? [] : [`${table.dimensions[axis]?.id}=${table.dimensions[axis]?.nodes[node]?.code}`],
      )
      const [trueAll = 0, truePart = null] = truth[index] ?? []
      const name = codes.toSorted().join(' ')
      const whole = this.#count(all, name, trueAll)
      const inside = truePart === null ? null : this.#count(part, name, truePart)
      at.set(cell.nodes.join(), [whole, inside])
      const { denominator, numerator } = printedCounts(table, cell)
      const base = roundingOf(table, cell)
      for (const [unknown, printed] of [
        [whole, denominator],
        [inside, numerator],
      ] as const) {
        if (unknown === null) continue
        if (cell.status === 'M') this.#learn(unknown, 0, 0)
        else if (printed !== null)
          this.#learn(unknown, base === 0 ? printed : Math.max(printed - 2, target.minimum), base === 0 ? printed : printed + 2)
      }
      if (cell.status === 'M') return
      if (trueAll < target.minimum) this.aims.push({ all: whole, part: null })
      else if (denominator === null) this.others.add(whole)
      if (inside === null || truePart === null || table.type === 'ratio') return
      if (truePart < target.minimum) this.aims.push({ all: inside, part: null })
      else if (numerator === null) this.others.add(inside)
      if (whole === inside || truePart > trueAll) return
      this.rows.push({ plus: whole, minus: [inside], isAtLeast: true })
      if (trueAll - truePart < target.minimum && (denominator === null || numerator === null)) this.aims.push({ all: whole, part: inside })
    })
    this.#add(table, at)
  }

  #learn(unknown: number, lower: number, upper: number): void {
    const each = this.unknowns[unknown] as Unknown
    each.lower = Math.max(each.lower, lower)
    each.upper = Math.min(each.upper, upper)
  }

  /** Every parent is the sum of its children, along each dimension of the table. */
  #add(table: Published, at: ReadonlyMap<string, readonly [number, number | null]>): void {
    for (const { nodes } of table.cells)
      table.dimensions.forEach((dimension, axis) => {
        const children = [...dimension.nodes.keys()].filter((node) => dimension.nodes[node]?.parent === nodes[axis])
        const found = children.map((child) => at.get(nodes.with(axis, child).join()))
        if (found.length === 0) return
        for (const side of [0, 1] as const) {
          const parent = at.get(nodes.join())?.[side] ?? null
          const below = found.flatMap((each) => each?.[side] ?? [])
          const sum = below.reduce((total, each) => total + (this.unknowns[each]?.truth ?? 0), 0)
          // A table that leaves nodes out (a short tree) does not add up, and its reader sees that.
          if (parent !== null && below.length === children.length && sum === this.unknowns[parent]?.truth)
            this.rows.push({ plus: parent, minus: below, isAtLeast: false })
        }
      })
  }

  /** Who meets more conditions is among those who meet some of them. */
  #nest(): void {
    const sets = [...this.#places].map(([key, each]) => ({ level: key.split(' ')[0], ...each }))
    for (const inner of sets)
      for (const outer of sets) {
        if (
          inner === outer ||
          inner.level !== outer.level ||
          !inner.conditions ||
          !outer.conditions ||
          outer.conditions.size >= inner.conditions.size
        )
          continue
        if (![...outer.conditions].every((each) => inner.conditions?.has(each))) continue
        for (const [codes, part] of inner.byCodes) {
          const all = outer.byCodes.get(codes)
          if (all !== undefined && (this.unknowns[all]?.truth ?? 0) >= (this.unknowns[part]?.truth ?? 0))
            this.rows.push({ plus: all, minus: [part], isAtLeast: true })
        }
      }
  }
}

/** How many aims are bounded: not possibly nobody, or certainly fewer than the minimum. */
function bounded(
  solver: Solver,
  { unknowns, rows, aims }: Combination,
  minimum: number,
  until: number,
  printed: ReadonlySet<number> = new Set(),
): { readonly bad: number; readonly asked: number } {
  const model = solver.createModel()
  const low = aims.map(({ all, part }) => (unknowns[all]?.truth ?? 0) - (part === null ? 0 : (unknowns[part]?.truth ?? 0)))
  const high = [...low]
  const starts = rows.reduce<number[]>((all, { minus }) => (all.push((all.at(-1) ?? 0) + 1 + minus.length), all), [0])
  try {
    model.options.set({ output_flag: false, simplex_strategy: 4 })
    model.passModel({
      numCols: unknowns.length,
      numRows: rows.length,
      colCost: new Float64Array(unknowns.length),
      colLower: Float64Array.from(unknowns, ({ lower, truth }, at) => (printed.has(at) ? truth : lower)),
      colUpper: Float64Array.from(unknowns, ({ upper, truth }, at) => (printed.has(at) ? truth : Math.min(upper, truth + 500))),
      rowLower: new Float64Array(rows.length),
      rowUpper: Float64Array.from(rows, ({ isAtLeast }) => (isAtLeast ? 1e30 : 0)),
      matrix: {
        format: 'csr',
        numRows: rows.length,
        numCols: unknowns.length,
        starts: Int32Array.from(starts),
        indices: Int32Array.from(rows.flatMap(({ plus, minus }) => [plus, ...minus])),
        values: Float64Array.from(rows.flatMap(({ minus }) => [1, ...minus.map(() => -1)])),
      },
    })
    const cost = new Float64Array(unknowns.length)
    const want = ({ all, part }: Aim, weight: number) => {
      cost[all] = (cost[all] as number) + weight
      if (part !== null) cost[part] = (cost[part] as number) - weight
    }
    const solve = () => {
      model.changeColsCost({ kind: 'range', from: 0, to: unknowns.length - 1 }, cost)
      model.run()
      if (model.getModelStatus() !== 7) {
        model.clearSolver()
        model.options.set({ simplex_strategy: 1 })
        model.run()
        model.options.set({ simplex_strategy: 4 })
      }
      if (model.getModelStatus() !== 7) throw new RangeError('The truth agrees with what is printed, and no solution was found.')
      const { colValue } = model.getSolution()
      aims.forEach(({ all, part }, at) => {
        const value = (colValue[all] as number) - (part === null ? 0 : (colValue[part] as number))
        low[at] = Math.min(low[at] as number, value)
        high[at] = Math.max(high[at] as number, value)
      })
      cost.fill(0)
    }
    const isOpen = (at: number) => (low[at] as number) > 1e-5 || (high[at] as number) < minimum - 1e-5
    let seed = 4_321
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
    for (let round = 0; round < 30 && aims.some((_, at) => isOpen(at)); round++) {
      for (const [at, aim] of aims.entries()) if (isOpen(at)) want(aim, (round % 2 === 0 ? 1 : -1) * (0.1 + random()))
      solve()
    }
    let asked = 0
    for (const [at, aim] of aims.entries()) {
      if (performance.now() > until) break
      asked++
      if ((low[at] as number) > 1e-5) solveFor(aim, 1)
      if ((high[at] as number) < minimum - 1e-5) solveFor(aim, -1)
      if (printed.size > 0 && isOpen(at)) break
    }
    return { bad: aims.slice(0, asked).filter((_, at) => isOpen(at)).length, asked }
    function solveFor(aim: Aim, weight: number) {
      want(aim, weight)
      solve()
    }
  } finally {
    model.dispose()
  }
}

/** T20: all indicators at once, with what their definitions say of each other. */
export const combination: Attack = ({ target, solver, milliseconds }) => {
  const all = new Combination(target)
  const { bad, asked } = bounded(solver, all, target.minimum, performance.now() + milliseconds)
  const mutant = bounded(solver, all, target.minimum, performance.now() + milliseconds, all.others)
  return {
    id: 'T20',
    title: 'no small figure is bounded by all indicators together',
    pass: bad === 0 && asked === all.aims.length,
    mutant_caught: mutant.bad > 0,
    note: `${all.unknowns.length} counts, ${all.rows.length} relations; ${asked} of ${all.aims.length} attacked, ${bad} bounded`,
  }
}
