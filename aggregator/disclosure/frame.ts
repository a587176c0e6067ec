import type { WorkingTable } from '../indicators/working-table.ts'

/** People in the frame by area: the count of the population, or else the largest group any indicator asked. */
export function frameOf(tables: readonly WorkingTable[]): ReadonlyMap<string, number> {
  const frame = new Map<string, number>()
  const persons = tables.filter(({ level }) => level === 'person')
  for (const table of persons) {
    const axis = table.dimensions.findIndex(({ id }) => id === 'REF_AREA')
    if (axis < 0) continue
    for (const cell of table.cells) {
      if (cell.nodes.some((node, at) => at !== axis && node !== 0)) continue
      const code = table.dimensions[axis]?.nodes[cell.nodes[axis] ?? 0]?.code ?? ''
      frame.set(code, Math.max(frame.get(code) ?? 0, cell.respondents))
    }
  }
  return frame
}
