import type { Group, Item, Repeat } from '../questionnaire.ts'

/** An item at its place in the form. */
export interface Node {
  readonly item: Item
  /** The repeat it stands in; for a repeat itself undefined. */
  readonly repeat?: Repeat
  /** The sections it stands in, outermost first. */
  readonly groups: readonly (Group | Repeat)[]
}

/** Every group, repeat and question of a form in order, each after the sections it stands in. */
export function nodesOf(items: readonly Item[]): readonly Node[] {
  const nodes: Node[] = []
  walk(items, [], undefined, nodes)
  return nodes
}

function walk(items: readonly Item[], groups: readonly (Group | Repeat)[], repeat: Repeat | undefined, nodes: Node[]): void {
  for (const item of items) {
    nodes.push({ item, groups, ...(repeat && { repeat }) })
    if (item.kind !== 'question') walk(item.items, [...groups, item], item.kind === 'repeat' ? item : repeat, nodes)
  }
}
