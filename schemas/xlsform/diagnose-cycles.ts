import type { Node } from '../interview/nodes.ts'
import { referencesOf } from '../interview/references.ts'
import { type Compilation, spotOf } from './compilation.ts'

/** Reports every circle: a question whose condition or calculation waits, through others, for itself. */
export function diagnoseCycles(nodes: readonly Node[], byName: ReadonlyMap<string, Node>, compilation: Compilation): void {
  const reads = new Map(nodes.map((node) => [node.item.name, dependenciesOf(node)]))
  const done = new Set<string>()
  for (const { item } of nodes) {
    const circle = done.has(item.name) ? undefined : circleFrom(item.name, reads, done)
    if (circle === undefined) continue
    const first = byName.get(circle[0] ?? item.name)?.item ?? item
    const column = first.kind === 'question' && first.calculation !== undefined && first.relevant === undefined ? 'calculation' : 'relevant'
    compilation.findings.error(
      spotOf(compilation, first, column),
      `These wait for each other in a circle: ${[...circle, circle[0]].join(' → ')}. Take one of the conditions out.`,
    )
  }
}

function dependenciesOf({ item, groups }: Node): readonly string[] {
  const expressions = [item.relevant]
  if (item.kind === 'question' && item.calculation !== undefined) expressions.push(item.calculation)
  if (item.kind === 'repeat') expressions.push(item.count)
  const read = expressions.flatMap((expression) => (expression === undefined ? [] : referencesOf(expression).map(({ name }) => name)))
  // once(…) reads its own kept value.
  return [...read.filter((name) => name !== item.name || item.relevant !== undefined), ...groups.map(({ name }) => name)]
}

// Depth first without recursion: a form may have thousands of rows that each wait for the one before.
function circleFrom(start: string, reads: ReadonlyMap<string, readonly string[]>, done: Set<string>): readonly string[] | undefined {
  const path: { name: string; next: number }[] = [{ name: start, next: 0 }]
  const onPath = new Set([start])
  while (path.length > 0) {
    const step = path.at(-1)
    if (step === undefined) break
    const following = reads.get(step.name)?.[step.next]
    step.next += 1
    if (following === undefined) {
      path.pop()
      onPath.delete(step.name)
      done.add(step.name)
    } else if (onPath.has(following)) {
      const names = path.map(({ name }) => name)
      for (const name of names) done.add(name)
      return names.slice(names.indexOf(following))
    } else if (!done.has(following) && reads.has(following)) {
      path.push({ name: following, next: 0 })
      onPath.add(following)
    }
  }
  return undefined
}
