import type { ProtectedTable } from '../disclosure/protected.ts'
import type { Labels } from './labels.ts'
import type { Selection } from './observations.ts'

/**
 * JSON-stat 2.0: all cells in row-major order, the last dimension fastest; withheld figures are null with status Q.
 * @source https://json-stat.org/full/
 */
export function toJsonStat(
  table: ProtectedTable,
  labels: Labels,
  facts: { readonly label: string; readonly updated: string },
  selection: Selection = {},
): Readonly<Record<string, unknown>> {
  const dimensions = table.dimensions.map(({ id, nodes }) => {
    const wanted = selection[id]
    const kept = nodes.flatMap((node, index) => (wanted === undefined || wanted.includes(node.code) ? [{ code: node.code, index }] : []))
    return { id, kept, places: new Map(kept.map(({ index }, place) => [index, place])) }
  })
  const size = dimensions.map(({ kept }) => kept.length)
  const length = size.reduce((product, each) => product * each, 1)
  const value: (number | null)[] = Array.from({ length }, () => null)
  const status: Record<string, string> = {}
  for (const cell of table.cells) {
    const places = cell.nodes.map((node, index) => dimensions[index]?.places.get(node))
    if (places.includes(undefined)) continue
    const position = places.reduce<number>((offset, place, index) => offset * (size[index] ?? 1) + (place ?? 0), 0)
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
      dimensions.map(({ id, kept }) => [
        id,
        {
          label: labels.dimension(id),
          category: {
            index: Object.fromEntries(kept.map(({ code }, place) => [code, place])),
            label: Object.fromEntries(kept.map(({ code }) => [code, labels.code(id, code)])),
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
