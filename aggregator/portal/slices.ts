import type { ProtectedCell, ProtectedTable } from '../disclosure/protected.ts'
import type { PublishedRelease } from './published.ts'

/** One figure of a table cut down to some dimensions, all others at their total. */
export interface SliceCell {
  readonly codes: Readonly<Record<string, string>>
  readonly cell: ProtectedCell
}

/** The smallest table of the indicator that has all of these dimensions. */
export function findTable(release: PublishedRelease, indicator: string, dimensions: readonly string[]): ProtectedTable | undefined {
  return release.tables
    .filter((table) => table.indicator === indicator && dimensions.every((id) => table.dimensions.some((each) => each.id === id)))
    .toSorted((a, b) => a.dimensions.length - b.dimensions.length)[0]
}

/** The cells in which every dimension that is not kept stands at its total (node 0). */
export function sliceOf(table: ProtectedTable, kept: readonly string[]): readonly SliceCell[] {
  const keeps = table.dimensions.map(({ id }) => kept.includes(id))
  return table.cells
    .filter(({ nodes }) => nodes.every((node, index) => keeps[index] || node === 0))
    .map((cell) => ({
      cell,
      codes: Object.fromEntries(
        table.dimensions.flatMap(({ id, nodes }, index) => (keeps[index] ? [[id, nodes[cell.nodes[index] ?? 0]?.code ?? '']] : [])),
      ),
    }))
}

/** The figure with every dimension at its total, from whichever table publishes it. */
export function overall(
  release: PublishedRelease,
  indicator: string,
): { readonly table: ProtectedTable; readonly cell: ProtectedCell } | undefined {
  for (const table of release.tables) {
    if (table.indicator !== indicator) continue
    const cell = table.cells.find(({ nodes, status }) => status !== 'Q' && nodes.every((node) => node === 0))
    if (cell) return { table, cell }
  }
  return undefined
}

/** Codes of a dimension that have no children: the finest ones. */
export function leavesOf(table: ProtectedTable, id: string): readonly string[] {
  const nodes = table.dimensions.find((each) => each.id === id)?.nodes ?? []
  const parents = new Set(nodes.map(({ parent }) => parent))
  return nodes.filter((_, index) => !parents.has(index)).map(({ code }) => code)
}
