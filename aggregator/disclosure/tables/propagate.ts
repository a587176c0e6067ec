import type { Failure, PublishedRow } from './audit-problem.ts'
import { cellIndex } from './primary.ts'
import { cellCount, type System } from './system.ts'

/** All sums the plan prints: a cell and, along one axis, all its children. One after the other: the parent, then the children. */
export interface Relations {
  readonly starts: Int32Array
  readonly members: Int32Array
}

export function relationsOf(system: System): Relations {
  const index = cellIndex(system)
  const width = system.axes.length
  const members: number[] = []
  const starts = [0]
  for (let cell = 0; cell < cellCount(system); cell++)
    for (let axis = 0; axis < width; axis++) {
      const node = system.nodes[cell * width + axis] as number
      const children = system.axes[axis]?.children[node] ?? []
      const found = children.flatMap((child) => index.get(index.key(cell) + (child - node) * (index.strides[axis] as number)) ?? [])
      if (children.length === 0 || found.length < children.length) continue
      members.push(cell, ...found)
      starts.push(members.length)
    }
  return { starts: Int32Array.from(starts), members: Int32Array.from(members) }
}

const passes = 12
const none = -1
const slack = 1e-6
const endless = Number.POSITIVE_INFINITY

type Side = Failure['side']

/**
 * What anybody finds with pencil and paper: a child is at most its parent less the least of its siblings, and so on, over and over.
 * Every bound found is a bound of the whole system, so what fails here need not wait for a linear program.
 */
export class Propagation {
  readonly #relations: Relations
  readonly #bounds: Readonly<Record<Side, Float64Array>>
  readonly #reasons: Readonly<Record<Side, Int32Array>>
  readonly #printed: Uint8Array

  constructor(relations: Relations, cells: number, rows: readonly PublishedRow[]) {
    this.#relations = relations
    this.#bounds = { lower: new Float64Array(cells), upper: new Float64Array(cells).fill(endless) }
    this.#reasons = { lower: new Int32Array(cells).fill(none), upper: new Int32Array(cells).fill(none) }
    this.#printed = new Uint8Array(cells)
    for (const { cell, lower, upper } of rows) {
      this.#bounds.lower[cell] = lower
      this.#bounds.upper[cell] = upper
      this.#printed[cell] = 1
    }
    for (let pass = 0; pass < passes && this.#pass(); pass++);
  }

  /** @param needs how low and how high the interval of each cell must reach. */
  failures(targets: Int32Array, needs: Readonly<Record<Side, Float64Array>>): readonly Failure[] {
    return Array.from(targets).flatMap((cell): readonly Failure[] => {
      const isAbove = this.#at('lower', cell) > (needs.lower[cell] as number) + slack
      const isBelow = this.#at('upper', cell) < (needs.upper[cell] as number) - slack
      if (!isAbove && !isBelow) return []
      const side = isBelow ? 'upper' : 'lower'
      return [{ cell, side, bound: this.#at(side, cell), pinnedBy: this.#explain(cell, side), isProven: true }]
    })
  }

  #at(side: Side, cell: number): number {
    return this.#bounds[side][cell] as number
  }

  #pass(): boolean {
    let isChanged = false
    for (let relation = 0; relation + 1 < this.#relations.starts.length; relation++) if (this.#narrow(relation)) isChanged = true
    return isChanged
  }

  /** Parent and children bound each other. */
  #narrow(relation: number): boolean {
    const { starts, members } = this.#relations
    const [from, to] = [starts[relation] as number, starts[relation + 1] as number]
    const parent = members[from] as number
    let [least, most, open, isChanged] = [0, 0, 0, false]
    for (let at = from + 1; at < to; at++) {
      const upper = this.#at('upper', members[at] as number)
      least += this.#at('lower', members[at] as number)
      if (upper === endless) open++
      else most += upper
    }
    if (this.#set('lower', parent, least, relation)) isChanged = true
    if (open === 0 && this.#set('upper', parent, most, relation)) isChanged = true
    for (let at = from + 1; at < to; at++) {
      const child = members[at] as number
      const upper = this.#at('upper', child)
      if (this.#set('upper', child, this.#at('upper', parent) - least + this.#at('lower', child), relation)) isChanged = true
      const othersOpen = open - (upper === endless ? 1 : 0)
      if (othersOpen > 0) continue
      if (this.#set('lower', child, this.#at('lower', parent) - most + (upper === endless ? 0 : upper), relation)) isChanged = true
    }
    return isChanged
  }

  #set(side: Side, cell: number, value: number, relation: number): boolean {
    const old = this.#at(side, cell)
    if (side === 'lower' ? value <= old + slack : value >= old - slack) return false
    this.#bounds[side][cell] = value
    this.#reasons[side][cell] = relation
    return true
  }

  /** The printed cells that a bound goes back to. */
  #explain(cell: number, side: Side): readonly number[] {
    const found = new Set<number>()
    const seen = new Set<string>()
    const visit = (each: number, which: Side) => {
      if (seen.has(`${each} ${which}`)) return
      seen.add(`${each} ${which}`)
      if (this.#printed[each]) {
        found.add(each)
        return
      }
      const relation = this.#reasons[which][each] as number
      if (relation === none) return
      const [parent, ...children] = this.#relations.members.subarray(this.#relations.starts[relation], this.#relations.starts[relation + 1])
      if (each !== parent) visit(parent as number, which)
      const opposite = which === 'lower' ? 'upper' : 'lower'
      for (const child of children) if (child !== each) visit(child, each === parent ? which : opposite)
    }
    visit(cell, side)
    return [...found]
  }
}
