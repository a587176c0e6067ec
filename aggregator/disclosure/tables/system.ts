import type { Axis, Form } from './axis.ts'

/** All cells that are planned for publication over one population, as one system of equations. */
export interface System {
  readonly axes: readonly Axis[]
  /** `axes.length` node indices per cell, one cell after the other. */
  readonly nodes: Int32Array
  /** True count of each cell. */
  readonly counts: Float64Array
  /** True count of each inner cell (one atom per axis), last axis fastest. */
  readonly inner: Float64Array
}

export function cellCount(system: System): number {
  return system.counts.length
}

/** Linear forms of many columns in one block of memory. */
export interface Columns {
  readonly starts: Int32Array
  readonly indices: Int32Array
  readonly values: Int32Array
  readonly coordinates: number
}

/** What each cell is in terms of the coordinates: the Kronecker product of its nodes' forms; indices ascend. */
export function cellColumns(system: System): Columns {
  return productColumns(
    system,
    system.axes.map((axis) => axis.forms),
    system.axes.map((axis) => axis.coordinates),
  )
}

/** What each cell is in terms of the inner cells (products of atoms), which cannot be negative. */
export function cellAtoms(system: System): Columns {
  return productColumns(
    system,
    system.axes.map((axis) => axis.atomForms),
    system.axes.map((axis) => axis.atoms),
  )
}

function productColumns(system: System, forms: readonly (readonly Form[])[], sizes: readonly number[]): Columns {
  const cells = cellCount(system)
  const width = system.axes.length
  const strides = sizes.map((_, axis) => sizes.slice(axis + 1).reduce((product, each) => product * each, 1))
  const starts = new Int32Array(cells + 1)
  const formAt = (cell: number, axis: number) => forms[axis]?.[system.nodes[cell * width + axis] ?? 0] as Form
  for (let cell = 0; cell < cells; cell++) {
    let entries = 1
    for (let axis = 0; axis < width; axis++) entries *= formAt(cell, axis).indices.length
    starts[cell + 1] = (starts[cell] ?? 0) + entries
  }
  const indices = new Int32Array(starts[cells] ?? 0)
  const values = new Int32Array(starts[cells] ?? 0)
  for (let cell = 0; cell < cells; cell++) {
    const start = starts[cell] ?? 0
    indices[start] = 0
    values[start] = 1
    let length = 1
    for (let axis = 0; axis < width; axis++) {
      const form = formAt(cell, axis)
      const factor = form.indices.length
      const stride = strides[axis] ?? 1
      // Written from the back, so that the shorter product is read before it is overwritten and indices stay sorted.
      for (let old = length - 1; old >= 0; old--) {
        const index = indices[start + old] as number
        const value = values[start + old] as number
        for (let each = factor - 1; each >= 0; each--) {
          indices[start + old * factor + each] = index + (form.indices[each] as number) * stride
          values[start + old * factor + each] = value * (form.values[each] as number)
        }
      }
      length *= factor
    }
  }
  return { starts, indices, values, coordinates: sizes.reduce((product, each) => product * each, 1) }
}

/** The same columns followed by sums of columns: `sums` lists the cells of each. */
export function appendSums(columns: Columns, sums: readonly (readonly number[])[]): Columns {
  const extra = sums.map((cells) => {
    const total = new Map<number, number>()
    for (const cell of cells)
      for (let at = columns.starts[cell] as number; at < (columns.starts[cell + 1] as number); at++)
        total.set(columns.indices[at] as number, (total.get(columns.indices[at] as number) ?? 0) + (columns.values[at] as number))
    return [...total].filter(([, value]) => value !== 0).sort(([a], [b]) => a - b)
  })
  const cells = columns.starts.length - 1
  const size = columns.indices.length + extra.reduce((sum, each) => sum + each.length, 0)
  const starts = new Int32Array(cells + 1 + extra.length)
  const indices = new Int32Array(size)
  const values = new Int32Array(size)
  starts.set(columns.starts)
  indices.set(columns.indices)
  values.set(columns.values)
  let end = columns.indices.length
  extra.forEach((entries, at) => {
    for (const [index, value] of entries) {
      indices[end] = index
      values[end++] = value
    }
    starts[cells + 1 + at] = end
  })
  return { starts, indices, values, coordinates: columns.coordinates }
}

/** The same entries by index instead of by column: which columns hold each index. */
export function transposed({ starts, indices, values, coordinates }: Columns): Columns {
  const columns = starts.length - 1
  const rowStarts = new Int32Array(coordinates + 1)
  for (const index of indices) rowStarts[index + 1] = (rowStarts[index + 1] as number) + 1
  for (let row = 0; row < coordinates; row++) rowStarts[row + 1] = (rowStarts[row + 1] as number) + (rowStarts[row] as number)
  const next = rowStarts.slice()
  const rowColumns = new Int32Array(indices.length)
  const rowValues = new Int32Array(indices.length)
  for (let column = 0; column < columns; column++)
    for (let at = starts[column] as number; at < (starts[column + 1] as number); at++) {
      const row = indices[at] as number
      const place = next[row] as number
      next[row] = place + 1
      rowColumns[place] = column
      rowValues[place] = values[at] as number
    }
  return { starts: rowStarts, indices: rowColumns, values: rowValues, coordinates: columns }
}
