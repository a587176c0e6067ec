import { cellCount, type System } from './system.ts'

/**
 * Cells that must not be published because too few people stand behind them, zeros included: an attacker who learns that
 * nobody is there has learned something about everybody else.
 * @param structural 1 for cells that cannot hold anybody by definition; they are printed as such, never as withheld.
 */
export function primaryCells(system: System, minimum: number, structural: Uint8Array): Uint8Array {
  return Uint8Array.from(system.counts, (count, cell) => (count < minimum && !structural[cell] ? 1 : 0))
}

/**
 * Virtual primaries: the small children of one parent, when together they still stay below the minimum.
 * Their sum must not become derivable either; guarding it early removes most failures of the interval audit.
 * @returns the cells of each sum.
 */
export function virtualSums(system: System, primary: Uint8Array, minimum: number): readonly (readonly number[])[] {
  const index = cellIndex(system)
  const width = system.axes.length
  const sums: number[][] = []
  for (let cell = 0; cell < cellCount(system); cell++)
    for (let axis = 0; axis < width; axis++) {
      const node = system.nodes[cell * width + axis] as number
      const children = system.axes[axis]?.children[node] ?? []
      if (children.length < 3) continue
      const small: number[] = []
      let total = 0
      for (const child of children) {
        const found = index.get(index.key(cell) + (child - node) * (index.strides[axis] as number))
        if (found === undefined || !primary[found]) continue
        small.push(found)
        total += system.counts[found] as number
      }
      if (small.length >= 2 && small.length < children.length && total < minimum) sums.push(small)
    }
  return sums
}

export interface CellIndex {
  get(key: number): number | undefined
  key(cell: number): number
  readonly strides: readonly number[]
}

/** Finds a cell by its nodes; a key is the mixed-radix number of the node indices. */
export function cellIndex(system: System): CellIndex {
  const sizes = system.axes.map((axis) => axis.forms.length)
  const strides = sizes.map((_, axis) => sizes.slice(axis + 1).reduce((product, each) => product * each, 1))
  const width = sizes.length
  const key = (cell: number) => {
    let sum = 0
    for (let axis = 0; axis < width; axis++) sum += (system.nodes[cell * width + axis] as number) * (strides[axis] as number)
    return sum
  }
  const cells = new Map<number, number>()
  for (let cell = 0; cell < cellCount(system); cell++) cells.set(key(cell), cell)
  return { get: (each) => cells.get(each), key, strides }
}
