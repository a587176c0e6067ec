import { parse } from 'csv-parse/sync'
import { ProblemError } from '../problem.ts'
import { total } from './dimensions.ts'
import type { DimensionNode, WorkingCell, WorkingTable } from './working-table.ts'

/** An area of the earlier register went, whole or in part, into one of the later. Several lines of one `from` are a split, of one `to` a merge. */
export interface BridgeLine {
  readonly from: string
  readonly to: string
  /** Law or list that says so. */
  readonly source: string
}

/** Reads a bridge: CSV with the columns from, to and source. @throws ProblemError `invalid-request` naming the line. */
export function readBridge(csv: string): readonly BridgeLine[] {
  const rows: Record<string, string>[] = parse(csv, { columns: true, trim: true, skip_empty_lines: true, bom: true })
  return rows.map(({ from = '', to = '', source = '' }, index) => {
    if (from === '' || to === '' || source === '')
      throw new ProblemError('invalid-request', `Line ${index + 2} of the bridge needs from, to and source.`)
    return { from, to, source }
  })
}

/**
 * The smallest areas that are the same land in both registers: whatever a split or merge ties together becomes one, named after its later
 * codes. Nothing is shared out by guess.
 * @returns the comparable area of each code of either register that the bridge names; other codes are the same in both.
 */
export function comparableAreas(bridge: readonly BridgeLine[]): ReadonlyMap<string, string> {
  const group = new Map<string, Set<string>>()
  const sideOf = (side: 'earlier' | 'later', code: string) => `${side} ${code}`
  for (const { from, to } of bridge) {
    const joined = new Set([
      ...(group.get(sideOf('earlier', from)) ?? [sideOf('earlier', from)]),
      ...(group.get(sideOf('later', to)) ?? [sideOf('later', to)]),
    ])
    for (const each of joined) group.set(each, joined)
  }
  return new Map(
    [...group].map(([code, joined]) => {
      const later = [...joined].flatMap((each) => (each.startsWith('later ') ? [each.slice('later '.length)] : []))
      return [code, later.sort().join('+')]
    }),
  )
}

/**
 * A table by area on comparable areas, so that two rounds with different registers stand side by side. Areas above the leaves are left out.
 * @param per what a share of the indicator is multiplied with.
 * @throws RangeError for a quantile: its values cannot be added up.
 */
export function onComparableAreas(
  table: WorkingTable,
  side: 'earlier' | 'later',
  groups: ReadonlyMap<string, string>,
  per: number,
): WorkingTable {
  if (table.type === 'quantile') throw new RangeError('Quantiles of areas do not add up to that of a larger one.')
  const axis = table.dimensions.findIndex(({ id }) => id === 'REF_AREA')
  const areas = table.dimensions[axis]?.nodes ?? []
  const parents = new Set(areas.map(({ parent }) => parent))
  const codeOf = (node: number): string | undefined => {
    const code = areas[node]?.code ?? ''
    if (node === 0) return total
    return parents.has(node) ? undefined : (groups.get(`${side} ${code}`) ?? code)
  }
  const codes = [total, ...new Set([...areas.keys()].slice(1).flatMap((node) => codeOf(node) ?? []))]
  const nodes: DimensionNode[] = codes.map((code, index) => ({ code, parent: index === 0 ? null : 0 }))
  const cells = new Map<string, WorkingCell>()
  for (const { sampling: _, ...cell } of table.cells) {
    const code = codeOf(cell.nodes[axis] ?? 0)
    if (code === undefined) continue
    const place = cell.nodes.with(axis, codes.indexOf(code))
    cells.set(place.join(' '), together(cells.get(place.join(' ')), { ...cell, nodes: place }, per, table.type))
  }
  return { ...table, dimensions: table.dimensions.with(axis, { id: 'REF_AREA', nodes }), cells: [...cells.values()] }
}

function together(a: WorkingCell | undefined, b: WorkingCell, per: number, type: WorkingTable['type']): WorkingCell {
  if (!a) return b
  const [numerator, denominator] = [a.numerator + b.numerator, a.denominator + b.denominator]
  return {
    nodes: b.nodes,
    respondents: a.respondents + b.respondents,
    cases: a.cases + b.cases,
    withoutAnswer: a.withoutAnswer + b.withoutAnswer,
    numerator,
    denominator,
    value: type === 'count' ? numerator : denominator === 0 ? null : (per * numerator) / denominator,
  }
}
