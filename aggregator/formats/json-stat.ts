import type { ProtectedTable } from '../disclosure/protected.ts'
import type { Labels } from './labels.ts'

/**
 * JSON-stat 2.0: all cells in row-major order, the last dimension fastest; withheld figures are null with status Q.
 * @source https://json-stat.org/full/
 */
export function toJsonStat(
  table: ProtectedTable,
  labels: Labels,
  facts: { readonly label: string; readonly updated: string },
): Readonly<Record<string, unknown>> {
  const size = table.dimensions.map(({ nodes }) => nodes.length)
  const length = size.reduce((product, each) => product * each, 1)
  const value: (number | null)[] = Array.from({ length }, () => null)
  const status: Record<string, string> = {}
  for (const cell of table.cells) {
    const position = cell.nodes.reduce((offset, node, index) => offset * (size[index] ?? 1) + node, 0)
    value[position] = cell.value
    if (cell.status !== 'A') status[String(position)] = cell.status
  }
  return {
    version: '2.0',
    class: 'dataset',
    label: facts.label,
    source: `Tala, release ${table.release}`,
    updated: facts.updated,
    id: table.dimensions.map(({ id }) => id),
    size,
    role: table.dimensions.some(({ id }) => id === 'REF_AREA') ? { geo: ['REF_AREA'] } : {},
    dimension: Object.fromEntries(
      table.dimensions.map(({ id, nodes }) => [
        id,
        {
          label: labels.dimension(id),
          category: {
            index: Object.fromEntries(nodes.map(({ code }, index) => [code, index])),
            label: Object.fromEntries(nodes.map(({ code }) => [code, labels.code(id, code)])),
          },
        },
      ]),
    ),
    value,
    status,
    extension: {
      indicator: table.indicator,
      indicatorVersion: table.indicatorVersion,
      round: table.round,
      unit: table.unit,
      rule: table.rule,
    },
  }
}
