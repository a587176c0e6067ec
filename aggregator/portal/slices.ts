import type { ProtectedCell, ProtectedTable } from '../disclosure/protected.ts'
import type { PublishedRelease } from './published.ts'

/** One figure of a table cut down to some dimensions. */
export interface SliceCell {
  readonly codes: Readonly<Record<string, string>>
  readonly cell: ProtectedCell
}

/** A figure and the table that publishes it. */
export interface FoundCell {
  readonly table: ProtectedTable
  readonly cell: ProtectedCell
}

/** The code every dimension has at its total. */
export const everything = '_T'

export function tablesOf(release: PublishedRelease, indicator: string): readonly ProtectedTable[] {
  return release.tables.filter((table) => table.indicator === indicator)
}

/** The smallest table of the indicator that has all of these dimensions. */
export function findTable(release: PublishedRelease, indicator: string, dimensions: readonly string[]): ProtectedTable | undefined {
  return tablesOf(release, indicator)
    .filter((table) => dimensions.every((id) => table.dimensions.some((each) => each.id === id)))
    .toSorted((a, b) => a.dimensions.length - b.dimensions.length)[0]
}

/**
 * The cells of some dimensions; the others stand where `at` says, else at their total (node 0).
 * Empty when `at` names a code that the table does not have.
 */
export function sliceOf(table: ProtectedTable, kept: readonly string[], at: Readonly<Record<string, string>> = {}): readonly SliceCell[] {
  const wanted = table.dimensions.map(({ id, nodes }) => {
    if (kept.includes(id)) return null
    const code = at[id]
    return code === undefined || code === everything ? 0 : nodes.findIndex((node) => node.code === code)
  })
  return table.cells
    .filter(({ nodes }) => nodes.every((node, index) => wanted[index] === null || node === wanted[index]))
    .map((cell) => ({
      cell,
      codes: Object.fromEntries(
        table.dimensions.flatMap(({ id, nodes }, index) =>
          wanted[index] === null ? [[id, nodes[cell.nodes[index] ?? 0]?.code ?? '']] : [],
        ),
      ),
    }))
}

/** The indicator's figure for one area, all else at its total; a published one is preferred to the same one withheld elsewhere. */
export function figureAt(release: PublishedRelease, indicator: string, area: string = everything): FoundCell | undefined {
  let withheld: FoundCell | undefined
  for (const table of tablesOf(release, indicator)) {
    // All answers to a question together are a hundred percent: no figure that says something.
    if (table.type === 'distribution') continue
    if (area !== everything && !table.dimensions.some(({ id }) => id === 'REF_AREA')) continue
    const cell = sliceOf(table, [], { REF_AREA: area })[0]?.cell
    if (cell && cell.value !== null) return { table, cell }
    if (cell?.status === 'Q') withheld ??= { table, cell }
  }
  return withheld
}

/** Codes of a dimension that have no children: the finest ones. */
export function leavesOf(table: ProtectedTable, id: string): readonly string[] {
  const nodes = table.dimensions.find((each) => each.id === id)?.nodes ?? []
  const parents = new Set(nodes.map(({ parent }) => parent))
  return nodes.filter((_, index) => !parents.has(index)).map(({ code }) => code)
}

/** How many figures of these tables were published, out of those that can exist; low: those with few people behind. */
export function countFigures(tables: readonly ProtectedTable[]): {
  readonly all: number
  readonly published: number
  readonly low: number
} {
  const cells = tables.flatMap((table) => table.cells).filter(({ status }) => status !== 'M')
  return {
    all: cells.length,
    published: cells.filter(({ value }) => value !== null).length,
    low: cells.filter(({ status }) => status === 'U').length,
  }
}
