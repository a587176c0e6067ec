import type { ModelData } from 'highs'
import { type AuditProblem, type Bounds, isOpenTarget, type PublishedRow } from './audit-problem.ts'

/** The problem seen from one region: inner cells that every cell treats alike are one variable. */
export interface RegionProgram {
  readonly model: ModelData
  readonly rowCells: readonly number[]
  /** Targets that are not certified yet. */
  readonly open: readonly number[]
  readonly forms: ReadonlyMap<number, LocalForm>
  /** Null when the region is everything. */
  readonly inside: ReadonlySet<number> | null
}

/** A cell over the variables of the region, plus what the rest of the world adds to it. */
export interface LocalForm {
  readonly variables: readonly number[]
  readonly values: readonly number[]
  readonly held: number
}

export function regionProgram(problem: AuditProblem, bounds: Bounds, region: Int32Array | null): RegionProgram {
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
